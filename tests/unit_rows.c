/* unit_rows.c: rows of numbers as samples: what is a header, which values are read, and what is refused with which words. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "data/row_file.h"
#include "idx_maker.h"
#include "unit.h"

enum { VALUES = 3, MOST = 16 };

static const struct row_spec numbers = {.values = VALUES}, pixels = {.values = VALUES, .pixels = true};

/* All rows of a text, one after the other: "1 2 3; 4 5 6; ", or the error. */
static const char *rows_of(const char *text, size_t size, const struct row_spec *spec)
{
    static char result[1024];
    struct error error UNIT_CLEARED = {0};
    struct row_file *file = row_file_open_memory("t.csv", text, size, spec, &error);
    float values[VALUES];
    size_t used = 0;
    bool there = file != NULL;

    result[0] = '\0';
    while (there && row_file_next(file, values, &there, &error) == 0 && there)
        used += (size_t)snprintf(result + used, sizeof result - used, "%g %g %g; ", (double)values[0],
                                 (double)values[1], (double)values[2]);
    row_file_close(file);
    if (error_text(&error)[0])
        snprintf(result, sizeof result, "%s", error_text(&error));
    return result;
}

static void gives(const char *text, const char *wanted)
{
    const char *got = rows_of(text, strlen(text), &numbers);

    if (strcmp(got, wanted) != 0)
        printf("\n    of \"%s\": \"%s\", wanted \"%s\"\n", text, got, wanted);
    CU_ASSERT_STRING_EQUAL(got, wanted);
}

static void with_and_without_header(void)
{
    gives("1,2,3\n4,5,6\n", "1 2 3; 4 5 6; ");
    gives("1,2,3\n4,5,6", "1 2 3; 4 5 6; ");
    gives("x,y,z\n4,5,6\n", "4 5 6; ");
    gives("x,,z\n4,5,6\n", "4 5 6; ");
    gives("\"a b\",\"c,d\",e\r\n4,5,6\r\n", "4 5 6; ");
    gives("0,1,2\n4,5,6\n", "4 5 6; ");
    gives("1,2,3\n0,1,2\n", "1 2 3; 0 1 2; ");
    gives("0,1,3\n", "0 1 3; ");
    gives("\xef\xbb\xbfx,y,z\n4,5,6\n", "4 5 6; ");
    gives("x,y,z\n", "t.csv has a header, but no rows below it");
    gives("0,1,2\n\n", "t.csv has a header, but no rows below it");
    gives("", "t.csv is empty");
}

/* The first row of a table by what is said of it, and whether it is a header because it counts. */
static void first_row_is(const char *text, enum row_header header, float first, bool counts)
{
    struct error error UNIT_CLEARED = {0};
    struct row_file *file = row_file_open_memory("t.csv", text, strlen(text), &numbers, &error);
    float values[VALUES] = {-1};
    bool there = false;

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    row_file_set_header(file, header);
    CU_ASSERT_EQUAL(row_file_header_counts(file), false);
    CU_ASSERT_EQUAL(row_file_next(file, values, &there, &error), first < 0 ? -1 : 0);
    CU_ASSERT_EQUAL(values[0], first);
    CU_ASSERT_EQUAL(row_file_header_counts(file), counts);
    row_file_close(file);
}

static void a_header_that_is_told(void)
{
    first_row_is("0,1,2\n4,5,6\n", ROW_HEADER_LOOK, 4, true);
    first_row_is("0,1,2\n4,5,6\n", ROW_HEADER_YES, 4, false);
    first_row_is("0,1,2\n4,5,6\n", ROW_HEADER_NO, 0, false);
    first_row_is("7,8,9\n4,5,6\n", ROW_HEADER_LOOK, 7, false);
    first_row_is("7,8,9\n4,5,6\n", ROW_HEADER_YES, 4, false);
    first_row_is("x,y,z\n4,5,6\n", ROW_HEADER_LOOK, 4, false);
    first_row_is("x,y,z\n4,5,6\n", ROW_HEADER_NO, -1, false);
}

static void every_separator(void)
{
    gives("1;2.5;-3e2\n", "1 2.5 -300; ");
    gives("1\t2.5\t+3\n", "1 2.5 3; ");
    gives("sep=;\n1;2.5;3\n", "1 2.5 3; ");
    gives("sep=,\r\nx,y,z\r\n4,5,6\r\n", "4 5 6; ");
    gives(" 1 , .5 ,\"3\"\n\n\n7,8,9\n", "1 0.5 3; 7 8 9; ");
}

static void wrong_rows(void)
{
    const struct row_spec one = {.values = 1};

    CU_ASSERT_STRING_EQUAL(rows_of("1,2\n", 4, &one),
                           "t.csv:1: has 2 columns; the network takes 1 number, without a label");
    gives("1,2,3\n4,5\n", "t.csv:2: has 2 columns; the network takes 3 numbers");
    gives("1,2,3\n7\n", "t.csv:2: has 1 column; the network takes 3 numbers");
    gives("1,2,3,4\n", "t.csv:1: has 4 columns; the network takes 3 numbers, without a label");
    gives("1,2,3\n4,five,6\n", "t.csv:2: column 2: \"five\" is not a number");
    gives("1,two,3\n", "t.csv:1: column 2: \"two\" is not a number");
    gives("1,2,3,\n", "t.csv:1: ends with a separator; remove it from the end of each row");
    gives("1,2,3\n4,,6\n", "t.csv:2: column 2 is empty; expected a number");
    gives("1,nan,3\n", "t.csv:1: column 2: \"nan\" is not a finite number");
    gives("nan,nan,nan\n", "t.csv:1: column 1: \"nan\" is not a finite number");
    gives("1,2,-inf\n", "t.csv:1: column 3: \"-inf\" is not a finite number");
    gives("1,2,1e39\n", "t.csv:1: column 3: \"1e39\" is more than a 32-bit float holds");
    gives("1;2,5;3\n", "t.csv:1: column 2: \"2,5\" has a decimal comma; expected a decimal point");
}

static void pixels_are_0_to_255(void)
{
    CU_ASSERT_STRING_EQUAL(rows_of("0,255,7.5\n", 10, &pixels), "0 255 7.5; ");
    CU_ASSERT_STRING_EQUAL(rows_of("0,256,7\n", 8, &pixels),
                           "t.csv:1: column 2: \"256\" is not a pixel's value from 0 to 255");
    CU_ASSERT_STRING_EQUAL(rows_of("0,1,-1\n", 7, &pixels),
                           "t.csv:1: column 3: \"-1\" is not a pixel's value from 0 to 255");
}

/* ---- files ---------------------------------------------------------------------------------------------- */

static const char shorts[] = "\0\0\x0b\x02\0\0\0\x02\0\0\0\x03\0\1\xff\xfe\0\3\0\4\0\5\0\6";

static void an_idx_file(void)
{
    const char *path = unit_file("shorts", shorts, sizeof shorts - 1);
    const struct row_spec other = {.values = 4};
    struct error error UNIT_CLEARED = {0};
    struct row_file *file = row_file_open(path, &numbers, &error);
    float values[VALUES];
    bool there;

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(row_file_next(file, values, &there, &error), 0);
    CU_ASSERT(there && values[0] == 1 && values[1] == -2 && values[2] == 3);
    CU_ASSERT_EQUAL(row_file_next(file, values, &there, &error), 0);
    CU_ASSERT(there && values[2] == 6);
    CU_ASSERT_EQUAL(row_file_next(file, values, &there, &error), 0);
    CU_ASSERT(!there);
    row_file_close(file);
    CU_ASSERT_PTR_NULL(row_file_open(path, &other, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "has samples of 3 numbers; the network takes 4"));
}

static void a_file_of_another_kind(void)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_PTR_NULL(row_file_open(unit_file("png", "\x89PNG\r\n\x1a\n", 8), &numbers, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "is a PNG picture; expected rows of 3 numbers"));
    error_clear(&error);
    CU_ASSERT_PTR_NULL(row_file_open(unit_file("empty", "", 0), &numbers, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "is empty"));
    error_clear(&error);
    CU_ASSERT_PTR_NULL(row_file_open(unit_path("missing.csv"), &numbers, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "missing.csv"));
}

static int looks(const char *text)
{
    struct error error UNIT_CLEARED = {0};

    return row_file_is_table(unit_file("look", text, strlen(text)), &error);
}

static void tables_are_known_by_their_beginning(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *pipe;

    CU_ASSERT_EQUAL(looks("1,2,3\n"), 1);
    CU_ASSERT_EQUAL(looks("-1.5\n"), 1);
    CU_ASSERT_EQUAL(looks("label,pixel0\n7,0\n"), 1);
    CU_ASSERT_EQUAL(looks("a;b\n\"7\";0\n"), 1);
    CU_ASSERT_EQUAL(looks("\xef\xbb\xbf"
                          "1,2,3\n"),
                    1);
    CU_ASSERT_EQUAL(looks("\r\n\na,b\n\n1,2\n"), 1);
    CU_ASSERT_EQUAL(looks("\"a\n;\",b\n1,2\n"), 1);
    CU_ASSERT_EQUAL(looks("label,pixel0\n"), 0);
    CU_ASSERT_EQUAL(looks("name = \"net\";\ninput = 784;\n"), 0);
    CU_ASSERT_EQUAL(looks("P2\n1 1\n255\n7\n"), 0);
    CU_ASSERT_EQUAL(looks(""), 0);
    CU_ASSERT_EQUAL(row_file_is_table(unit_file("bytes", shorts, sizeof shorts - 1), &error), 0);
    CU_ASSERT_EQUAL(row_file_is_table(unit_path("nowhere"), &error), 0);
    pipe = unit_path("pipe");
    CU_ASSERT_EQUAL(mkfifo(pipe, 0600), 0);
    CU_ASSERT_EQUAL(row_file_is_table(pipe, &error), 0);
    CU_ASSERT_EQUAL(row_file_is_table(bytes_gzip_file("packed", bytes_copy("1,2,3\n", 6)), &error), 1);
}

static const struct unit_test tests[] = {
    {"a first row of words, or that counts, is a header", with_and_without_header},
    {"the first row may be said to be a header or a row, and one that counts is told", a_header_that_is_told},
    {"commas, semicolons and tabs separate columns", every_separator},
    {"what is wrong with a row is said with its line and column", wrong_rows},
    {"rows of pixels are 0 to 255", pixels_are_0_to_255},
    {"an IDX file of any type has rows, too", an_idx_file},
    {"a file of another kind is called by its kind", a_file_of_another_kind},
    {"a table is known by its beginning, and no pipe is opened for it", tables_are_known_by_their_beginning},
};

UNIT_MAIN("rows", tests)
