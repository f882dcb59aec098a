/* unit_csv.c: tables as a source of samples: what is read, with which values, and what is refused with which words. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "idx_maker.h"
#include "data/csv_number.h"
#include "data/csv_reader.h"
#include "pack/part_name.h"
#include "pack_collector.h"
#include "unit.h"

static const char *table(const char *name, const char *text)
{
    return unit_file(name, text, strlen(text));
}

/* Reads it with these options into a collector. */
static int collect(struct pack_collector *got, const char *text, const struct pack_options *options,
                   char *names, struct error *error)
{
    const char *path = table("t.csv", text);

    return pack_collect(got, &pack_csv, &path, 1, options, names, error);
}

/* Rows of numbers as a text: "1.5 2 | 3 4 | ". */
static const char *values_text(const struct pack_collector *got, char text[1024])
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < got->count * got->values && used < 1000; i++) {
        float value;
        memcpy(&value, got->bytes + 4 * i, got->form.kind == PACK_FLOATS ? 4 : 0);
        if (got->form.kind == PACK_BYTES)
            value = got->bytes[i];
        used += (size_t)snprintf(text + used, 1024 - used, "%.9g%s", (double)value,
                                 (i + 1) % got->values ? " " : " | ");
    }
    return text;
}

/* What a table becomes. */
static void becomes(const char *text, const struct pack_options *options, const char *values,
                    const char *classes)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024], all[1024];

    CU_ASSERT_EQUAL(collect(&got, text, options, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_STRING_EQUAL(values_text(&got, all), values);
    CU_ASSERT_STRING_EQUAL(names, classes);
    if (strcmp(all, values) != 0 || strcmp(names, classes) != 0 || error.code)
        printf("\n    %s\n    wanted: %s; %s\n    got:    %s; %s %s\n", text, values, classes, all, names,
               error_text(&error));
    pack_collector_finish(&got);
}

/* With one line that holds `words` behind "PATH:LINE: ". */
static void refuses(const char *text, const struct pack_options *options, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];
    const char *path = unit_path("t.csv");

    CU_ASSERT_EQUAL(collect(&got, text, options, names, &error), -1);
    CU_ASSERT_EQUAL(strncmp(error_text(&error), path, strlen(path)), 0);
    CU_ASSERT_PTR_NULL(strchr(error_text(&error), '\n'));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    %s\n    wanted: %s\n    got:    %s\n", text, words, error_text(&error));
    pack_collector_finish(&got);
}

static const struct pack_options first = {.label = "first"}, last = {.label = "last"},
                                 none = {.label = "none"}, speed = {.label = "speed"},
                                 two_by_two = {.height = 2, .width = 2};

/* ---- what is read -------------------------------------------------------------------------------------- */

static void separators(void)
{
    becomes("a,b,label\n1,2,x\n3,4,y\n", NULL, "1 2 | 3 4 | ", "x y ");
    becomes("a\tb\tlabel\n1\t2\tx, y\n3\t4\tz\n", NULL, "1 2 | 3 4 | ", "x, y z ");
    becomes("a;b;label\n1;2;x\n3;4;y,z\n", NULL, "1 2 | 3 4 | ", "x y,z ");
    becomes("\"a,b\";c;label\n1;2;x\n", NULL, "1 2 | ", "x ");
    becomes("a;b,c\n1,2\n3,4\n", &last, "1 | 3 | ", "2 4 ");
    becomes("a,b,label\n1,2,x\n3,4,y;z\n", NULL, "1 2 | 3 4 | ", "x y;z ");
    becomes("a,\"b\n;\t;\",label\n1,2,x\n3,4,y\n", NULL, "1 2 | 3 4 | ", "x y ");
    becomes("\r\n\na;b;label\n1;2;x\n", NULL, "1 2 | ", "x ");
}

static void line_ends(void)
{
    becomes("a,b,label\r\n1,2,x\r\n3,4,y\r\n", NULL, "1 2 | 3 4 | ", "x y ");
    becomes("a,b,label\n1,2,x\n\n\r\n3,4,y", NULL, "1 2 | 3 4 | ", "x y ");
    becomes("\xef\xbb\xbflabel,b\nx,2\n", NULL, "2 | ", "x ");
    becomes("\xef\xbb\xbf\"label\",b\nx,2\n", NULL, "2 | ", "x ");
}

static void quotes(void)
{
    becomes("\"a\",\"b\",\"label\"\n\"1\",\"2\",\"x \"\"y\"\"\"\n", NULL, "1 2 | ", "x \"y\" ");
    becomes("a,b,label\n1, 2 , \"x,y\" \n3,4,5\" pipe\n", NULL, "1 2 | 3 4 | ", "x,y 5\" pipe ");
    becomes("a,\"b,\nc\",label\n1,\"2\",x\n", NULL, "1 2 | ", "x ");
    becomes("a,label\n1,\"\"\"\"\n", NULL, "1 | ", "\" ");
    refuses("a,label\n1,\"x\n2,y\n", NULL, ":2: a quote is not closed");
    refuses("\"a,label\n1,x\n", NULL, ":1: a quote is not closed");
    refuses("\"a,label\n\"1,x\n", NULL, ":1: something follows the closing quote of a cell");
    refuses("a,label\n1,\"x\"y\n", NULL, ":2: something follows the closing quote of a cell");
}

static void headers(void)
{
    becomes("sep=;\na;label\n1;x,y\n", NULL, "1 | ", "x,y ");
    becomes("\xef\xbb\xbfsep=,\r\na,label\r\n1,x\r\n", NULL, "1 | ", "x ");
    becomes("sep=|\na|label\n1|x\n", NULL, "1 | ", "x ");
    refuses("sep=,\na,label\n1,x\n2\n", NULL, ":4: has 1 column, expected 2");
    refuses("# a, b\n1,2,3\n", NULL,
            "has 3 columns, but the first line has 2; remove comments, which begin with #");
    becomes("5.1,3.5,setosa\n4.9,3,setosa\n6,2,virginica\n", NULL, "5.0999999 3.5 | 4.9000001 3 | 6 2 | ",
            "setosa virginica ");
    becomes("setosa,5,3\nvirginica,6,2\n", NULL, "5 3 | 6 2 | ", "setosa virginica ");
    becomes("0,1,2,class\n5,6,7,x\n", NULL, "5 6 7 | ", "x ");
    becomes("0,1,2,3\n5,6,7,x\n", NULL, "5 6 7 | ", "x ");
    becomes("label,b\n1,2\n", NULL, "2 | ", "1 ");
    becomes("1,2\n3,4\n", &last, "1 | 3 | ", "2 4 ");
    becomes("1,2\n", &none, "1 2 | ", "");
    refuses("a,label\n", NULL, "has a header, but no rows below it");
    refuses("a,label\n1\n", NULL, ":2: has 1 column, but the first line has 2");
}

static void labels(void)
{
    static const struct pack_options second = {.label = "2"}, wrong = {.label = "sped"},
                                     beyond = {.label = "4"};

    becomes("a,speed,c\n1,2,3\n", &speed, "1 3 | ", "2 ");
    becomes("a,speed,c\n1,2,3\n", &second, "1 3 | ", "2 ");
    becomes("a,speed,c\n1,2,3\n", &first, "2 3 | ", "1 ");
    becomes("a,speed,c\n1,2,3\n", &last, "1 2 | ", "3 ");
    becomes("a,speed,c\n1,2,3\n", &none, "1 2 3 | ", "");
    becomes("A,Label,c\n1,2,3\n", NULL, "1 3 | ", "2 ");
    becomes("a,label\n1,7.0\n2,07\n3,+7\n4,-1\n", NULL, "1 | 2 | 3 | 4 | ", "7 -1 ");
    refuses("a,speed,c\n1,2,3\n", &wrong, "has no column \"sped\"; its columns are \"a\", \"speed\", \"c\"");
    refuses("a,speed,c\n1,2,3\n", &beyond, "has no column \"4\"");
    refuses("1,2,3\n4,5,6\n", &speed, "has no column \"speed\": it has no header, and 3 columns; expected");
    refuses("a,speed,c\n1,2,3\n", NULL,
            "which column holds the label is not clear from their names, \"a\", \"speed\"");
    refuses("1,2,3\n4,5,6\n", NULL,
            "which of its 3 columns holds the label is not clear: there is no header");
    refuses("label,a,Label\n1,2,3\n", NULL, "which column holds the label is not clear from their names");
    refuses("speed,a,speed\n1,2,3\n", &speed, "columns 1 and 3 are both \"speed\"; leave one of them out");
    refuses("a,label\n1,7.5\n", NULL,
            ":2: column 2 (\"label\"): \"7.5\" is neither a whole number nor a word");
    refuses("a,label\n1,\n", NULL, ":2: column 2 (\"label\") is empty");
    refuses("a,label\n1,caf\351\n", NULL,
            ":2: column 2 (\"label\"): \"caf?\" is not a label, which is UTF-8 text");
    refuses("a,label\n1,\"x\ny\"\n", NULL, ":2: column 2 (\"label\"): \"x?y\" is not a label");
    refuses("a,label\n1,nan\n", NULL, ":2: column 2 (\"label\"): \"nan\" is not a label");
}

static void wrong_numbers(void)
{
    refuses("a;speed;label\n1,5;2;x\n", NULL,
            ":2: column 1 (\"a\"): \"1,5\" has a decimal comma; write numbers with");
    refuses("1;x\n1,5;x\n", NULL, ":2: column 1: \"1,5\" has a decimal comma");
    refuses("a,b,label\n1,\"-2,5e3\",x\n", NULL, ":2: column 2 (\"b\"): \"-2,5e3\" has a decimal comma");
    refuses("a,b,label\n1,2,x\n3,,y\n", NULL, ":3: column 2 (\"b\") is empty");
    refuses("a,b,label\n1,2,x\n3,NaN,y\n", NULL, ":3: column 2 (\"b\"): \"NaN\" is not a finite number");
    refuses("a,b,label\n1,2,x\n3,-inf,y\n", NULL, "\"-inf\" is not a finite number");
    refuses("a,b,label\n1,2,x\n3,NA,y\n", NULL, "\"NA\" is not a finite number");
    refuses("a,b,label\n1,2,x\n3,1e999,y\n", NULL, "\"1e999\" is not a finite number");
    refuses("a,b,label\n1,2,x\n3,1e39,y\n", NULL, "\"1e39\" is too large for a 32-bit number");
    refuses("a,b,label\n1,2,x\n3,0x10,y\n", NULL, "\"0x10\" is not a number");
    refuses("a,b,label\n1,2,x\n3,4\n", NULL, ":3: has 2 columns, expected 3 as in the first line");
    refuses("a,b,label\n1,2,x\n3,4,5,y\n", NULL, ":3: has 4 columns, expected 3 as in the first line");
}

static void broken_rows(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {.skip_broken = true};
    char names[1024], all[1024];

    CU_ASSERT_EQUAL(collect(&got, "a,b,label\n1,2,x\n3,,y\n3,4\n5,6,x\n7,8,z\n", NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.broken, 2);
    CU_ASSERT_STRING_EQUAL(values_text(&got, all), "1 2 | 5 6 | 7 8 | ");
    CU_ASSERT_STRING_EQUAL(got.places, "t.csv:2 t.csv:5 t.csv:6 ");
    CU_ASSERT_STRING_EQUAL(names, "x z ");
    CU_ASSERT_EQUAL(got.labels[1], 0);
    CU_ASSERT_EQUAL(got.labels[2], 1);
    CU_ASSERT_EQUAL(got.done, got.all);
    pack_collector_finish(&got);
}

/* ---- pictures ------------------------------------------------------------------------------------------ */

static void has_form(const char *text, const struct pack_options *options, enum pack_kind kind, int32_t rank,
                     int32_t height, size_t label_width, const char *remarks)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];

    CU_ASSERT_EQUAL(collect(&got, text, options, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL(got.form.kind, kind);
    CU_ASSERT_EQUAL(got.form.shape.rank, rank);
    CU_ASSERT_EQUAL(got.form.shape.dim[0], height);
    CU_ASSERT_EQUAL(got.form.label_width, label_width);
    CU_ASSERT_EQUAL(strncmp(got.remarks, remarks, strlen(remarks)), 0);
    CU_ASSERT_EQUAL(strlen(remarks) == 0, strlen(got.remarks) == 0);
    pack_collector_finish(&got);
}

/* Kaggle's header and a row of n pixels. */
static const char *kaggle(size_t n, bool label, bool header, char text[16384])
{
    size_t used = 0;

    text[0] = '\0';
    if (header) {
        used = (size_t)snprintf(text, 16384, "%s", label ? "label," : "");
        for (size_t i = 0; i < n; i++)
            used += (size_t)snprintf(text + used, 16384 - used, "pixel%zu%s", i, i + 1 < n ? "," : "\n");
    }
    used += (size_t)snprintf(text + used, 16384 - used, "%s", label ? "5," : "");
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, 16384 - used, "%zu%s", i % 256, i + 1 < n ? "," : "\n");
    return text;
}

static void pictures(void)
{
    char text[16384];

    has_form(kaggle(784, true, true, text), NULL, PACK_BYTES, 2, 28, 1, "");
    has_form(kaggle(784, false, true, text), NULL, PACK_BYTES, 2, 28, 0, "");
    has_form(kaggle(785, true, true, text), NULL, PACK_FLOATS, 1, 785, 1,
             "perhaps_pictures(size): the 785 columns called pixels do not make a square picture");
    has_form(kaggle(784, true, false, text), NULL, PACK_FLOATS, 1, 784, 1,
             "label_guessed(label): without a header");
    has_form(kaggle(784, true, false, text), &first, PACK_FLOATS, 1, 784, 1,
             "perhaps_pictures(size): the 784 numbers");
    has_form("a,b,c,d,label\n1,2,3,4,x\n", &two_by_two, PACK_BYTES, 2, 2, 1, "");
    has_form("a,b,c,d,label\n1,2,3,4.5,x\n", &two_by_two, PACK_FLOATS, 2, 2, 1, "");
    has_form("1x1,1x2,2x1,2x2,label\n1,2,3,4,x\n", NULL, PACK_BYTES, 2, 2, 1, "");
    becomes("label,pixel0,pixel1,pixel2,pixel3\n1,0,255,7.0,8\n", NULL, "0 255 7 8 | ", "1 ");
    refuses("a,b,c,label\n1,2,3,x\n", &two_by_two,
            "has 3 columns of numbers, which do not make pictures of 2x2");
    refuses("label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n1,2,3,256,5\n", NULL,
            ":3: column 4 (\"pixel2\"): \"256\" is not a whole number from 0 to 255");
    refuses("label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n1,2,3,.5,5\n", NULL,
            "\".5\" is not a whole number from");
    refuses("label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n1,2,3,,5\n", NULL,
            ":3: column 4 (\"pixel2\") is empty");
}

static void row_numbers(void)
{
    has_form(",a,label\n0,5,x\n1,6,y\n", NULL, PACK_FLOATS, 1, 1, 1, "index_column(): column 1 has no name");
    becomes(",a,label\n0,5,x\n1,6,y\n", NULL, "5 | 6 | ", "x y ");
    becomes(",a,b\n0,5,6\n", &first, "5 6 | ", "0 ");
}

/* ---- numbers ------------------------------------------------------------------------------------------- */

/* As printf writes doubles, and as nobody does. */
static void exact_doubles(void)
{
    static const char *const odd[] = {"0",
                                      "-0",
                                      ".5",
                                      "5.",
                                      "+1e2",
                                      "1E-3",
                                      "1e22",
                                      "1e23",
                                      "9007199254740993",
                                      "0.1",
                                      "123456789012345e-22",
                                      "4.9e-324",
                                      "1.7976931348623157e308",
                                      "2.2250738585072011e-308",
                                      "0.000000000000000000000000000000000001",
                                      "100000000000000000000000000000000000000000",
                                      "1e-400",
                                      "1e-99999999999",
                                      "0e99999999999",
                                      "179769313486231580793e288"};
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    uint64_t state = 1;
    char text[64];
    double value;

    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        CU_ASSERT_EQUAL(csv_number(odd[i], strlen(odd[i]), c, &value), CSV_NUMBER);
        CU_ASSERT_EQUAL(value, strtod(odd[i], NULL));
        CU_ASSERT_EQUAL(signbit(value), signbit(strtod(odd[i], NULL)));
    }
    for (int i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const double scale = ldexp(1, (int)(state >> 40) % 120 - 60);
        const double drawn = (double)(int64_t)state * scale;
        const int length = snprintf(text, sizeof text, "%.*g", 1 + i % 17, drawn);
        CU_ASSERT_EQUAL(csv_number(text, (size_t)length, c, &value), CSV_NUMBER);
        CU_ASSERT_EQUAL(value, strtod(text, NULL));
    }
    freelocale(c);
}

static void no_numbers(void)
{
    static const struct {
        const char *text;
        enum csv_number kind;
    } cases[] = {{"", CSV_EMPTY},
                 {"x", CSV_WORD},
                 {".", CSV_WORD},
                 {"-", CSV_WORD},
                 {"1e", CSV_WORD},
                 {"1e+", CSV_WORD},
                 {"1 2", CSV_WORD},
                 {"1.2.3", CSV_WORD},
                 {"1_000", CSV_WORD},
                 {"0x1p3", CSV_WORD},
                 {"1,5", CSV_DECIMAL_COMMA},
                 {"-,5", CSV_DECIMAL_COMMA},
                 {"1,000.5", CSV_WORD},
                 {"nan", CSV_NOT_FINITE},
                 {"-Infinity", CSV_NOT_FINITE},
                 {"nano", CSV_WORD},
                 {"1e309", CSV_NOT_FINITE},
                 {"NULL", CSV_NOT_FINITE},
                 {"++1", CSV_WORD},
                 {"1d5", CSV_WORD}};
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CU_ASSERT_EQUAL(csv_number(cases[i].text, strlen(cases[i].text), c, &value), cases[i].kind);
    freelocale(c);
}

static void other_locale(void)
{
    /* One with a decimal comma, if the machine has any. */
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !setlocale(LC_ALL, names[i]); i++)
        ;
    becomes("a,label\n1.5,x\n123456789.123456789123,y\n", NULL, "1.5 | 123456792 | ", "x y ");
    setlocale(LC_ALL, "C");
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void long_files(void)
{
    /* Rows over every border of the reader's buffer, of all lengths, with quotes and without. */
    struct error error UNIT_CLEARED = {0};
    const size_t size = 3000000;
    char *text = malloc(size + 2000);
    size_t used = 0, rows = 0, read = 0;
    struct csv_row row;

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (; used < size; rows++)
        used += (size_t)sprintf(text + used, rows % 3 ? "%zu,%0*d\n" : "\"%zu\",\"%0*d\"\n", rows,
                                1 + (int)(rows * 7 % 900), 7);
    struct csv_reader *reader = csv_reader_open_memory("long", text, used, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
    while (csv_reader_next(reader, &row, &error) > 0) {
        CU_ASSERT_EQUAL(row.count, 2);
        CU_ASSERT_EQUAL(strtoul(row.cells[0].text, NULL, 10), read);
        CU_ASSERT_EQUAL(row.cells[1].length, 1 + read * 7 % 900);
        CU_ASSERT_EQUAL(row.line, read + 1);
        read++;
    }
    CU_ASSERT_EQUAL(read, rows);
    CU_ASSERT_EQUAL(csv_reader_position(reader), used);
    csv_reader_close(reader);
    free(text);
}

static void one_column(void)
{
    static const char text[] = "\xef\xbb\xbf\"a \"\"b\"\"\"\r\n\n7\n 8 ";
    static const char *const cells[] = {"a \"b\"", "7", "8"};
    struct error error UNIT_CLEARED = {0};
    struct csv_reader *reader = csv_reader_open_memory("one", text, sizeof text - 1, &error);
    struct csv_row row;

    CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        CU_ASSERT_EQUAL_FATAL(csv_reader_next(reader, &row, &error), 1);
        CU_ASSERT_EQUAL(row.count, 1);
        CU_ASSERT_STRING_EQUAL(row.cells[0].text, cells[i]);
    }
    CU_ASSERT_EQUAL(csv_reader_next(reader, &row, &error), 0);
    csv_reader_close(reader);
}

static void refuses_memory(const char *text, size_t size, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct csv_reader *reader = csv_reader_open_memory("t", text, size, &error);
    struct csv_row row;
    int result = reader && csv_reader_need_columns(reader, &error) == 0 ? 1 : -1;

    while (result > 0)
        result = csv_reader_next(reader, &row, &error);
    CU_ASSERT_EQUAL(result, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
    csv_reader_close(reader);
}

static void hostile(void)
{
    const size_t much = (size_t)20 << 20;
    char *text = malloc(much);

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memset(text, 'x', much);
    memcpy(text, "a,b\n", 4);
    refuses_memory(text, much, "t:2: the row that begins here is longer than 16 MB");
    text[4] = '"';
    refuses_memory(text, much,
                   "t:2: the row that begins here is longer than 16 MB; a quote that is not closed");
    memset(text + 4, ',', much - 4);
    memcpy(text + 3000000, "\n1,2\n", 5);
    refuses_memory(text, 3000005, "t:2: has more than a million columns");
    refuses_memory("a,b\n1,\0\n", 8, "t:1: this line or a later one has a zero byte");
    refuses_memory("\xff\xfe"
                   "a\0,\0b\0",
                   8, "t:1: is text in UTF-16");
    refuses_memory("a,b\r1,2\r", 8, "its lines end with CR alone");
    refuses_memory("a\nb\n", 4, "has one column");
    refuses_memory("", 0, "is empty");
    free(text);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static void several_files(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char paths[3][600], names[1024], all[1024];
    const char *const list[3] = {paths[0], paths[1], paths[2]};

    snprintf(paths[0], 600, "%s", table("my_train.csv", "label,a\nx,1\n"));
    snprintf(paths[1], 600, "%s", table("my-test.csv", "label,a\ny,2.5\nx,3\n"));
    snprintf(paths[2], 600, "%s", table("other.csv", "label,b\ny,2\n"));
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_csv, list, 2, NULL, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(values_text(&got, all), "1 | 2.5 | 3 | ");
    CU_ASSERT_EQUAL(got.parts[0], PACK_TRAIN);
    CU_ASSERT_EQUAL(got.parts[2], PACK_TEST);
    CU_ASSERT_EQUAL(got.done, got.all);
    pack_collector_finish(&got);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_csv, list, 3, NULL, names, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "other.csv: column 2 is \"b\", but \"a\" in "));
    error_clear(&error);
    pack_collector_finish(&got);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_csv, list, 1, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.parts[0], PACK_UNSPLIT);
    pack_collector_finish(&got);
}

static void packed_file(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    const char *text = "label,a\nx,1\n", *path = bytes_gzip_file("t.csv.gz", bytes_copy(text, strlen(text)));
    char names[1024];

    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 1);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_csv, &path, 1, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.count, 1);
    pack_collector_finish(&got);
}

static void told_by_content(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *path = table("a", "label,a\nx,1\n");

    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 1);
    path = table("a", "x\ty\n");
    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 1);
    path = table("a", "words alone\n");
    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 0);
    path = unit_file("a", "1,2\0", 4);
    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 0);
    path = unit_path("empty");
    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0777), 0);
    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), 0);
    path = unit_path("nothing");
    CU_ASSERT_EQUAL(pack_csv.is(&path, 1, &error), -1);
}

static void a_stop(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {.stop_after = 1};
    char names[1024];

    CU_ASSERT_EQUAL(collect(&got, "label,a\nx,1\nx,2\nx,3\n", NULL, names, &error), -1);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "stopped");
    CU_ASSERT_EQUAL(got.count, 1);
    pack_collector_finish(&got);
}

static void part_names(void)
{
    CU_ASSERT_EQUAL(part_of_name("train-images-idx3-ubyte.gz"), PACK_TRAIN);
    CU_ASSERT_EQUAL(part_of_name("emnist-letters-test-images-idx3-ubyte.gz"), PACK_TEST);
    CU_ASSERT_EQUAL(part_of_name("t10k-labels-idx1-ubyte"), PACK_TEST);
    CU_ASSERT_EQUAL(part_of_name("X_Val.csv"), PACK_VALIDATION);
    CU_ASSERT_EQUAL(part_of_name("contest.csv"), PACK_UNSPLIT);
    CU_ASSERT_EQUAL(part_of_name("values.csv"), PACK_UNSPLIT);
    CU_ASSERT_EQUAL(part_of_name(""), PACK_UNSPLIT);
}

static const struct unit_test tests[] = {
    {"commas, tabs and semicolons are told apart", separators},
    {"LF, CR LF, no end, empty lines and a byte order mark are read", line_ends},
    {"quoted cells hold separators, quotes and line feeds", quotes},
    {"a header is told from a row of samples, and a line that names the separator from both", headers},
    {"the label is in the column asked for, known by name, or the only one of words", labels},
    {"what is no finite number is refused with row and column", wrong_numbers},
    {"rows that cannot be read can be passed over", broken_rows},
    {"columns called pixels, or of a size asked for, become pictures", pictures},
    {"a first column without a name is left out with a remark", row_numbers},
    {"numbers are the nearest doubles", exact_doubles},
    {"what is no number is told apart", no_numbers},
    {"the locale does not matter", other_locale},
    {"rows lie anywhere in the reader's buffer", long_files},
    {"a table may have one column", one_column},
    {"endless rows, a million columns, zero bytes and UTF-16 are refused", hostile},
    {"several files are parts by their names, if these say so", several_files},
    {"a table may be packed with gzip", packed_file},
    {"a table is known by its content", told_by_content},
    {"a sink that stops ends the reading", a_stop},
    {"names of files say train, test or validation by whole words", part_names},
};

UNIT_MAIN("csv", tests)
