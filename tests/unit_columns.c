/* unit_columns.c: what the columns of a table are taken for: a header or a sample, the label, pixels, numbers of rows. */
#include <stdio.h>
#include <string.h>

#include "pack_collector.h"
#include "unit.h"

/* ---- what tests share ---------------------------------------------------------------------------------- */

/* The values as they are in the first sample: "1 2.5 "; the remarks are in `got`, which the caller finishes. */
static void read_table(struct pack_collector *got, const char *text, const struct pack_options *options,
                       char values[1024], char names[1024])
{
    struct error error UNIT_CLEARED = {0};
    const char *path = unit_file("t.csv", text, strlen(text));
    size_t used = 0;

    *got = (struct pack_collector){0};
    CU_ASSERT_EQUAL(pack_collect(got, &pack_csv, &path, 1, options, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    values[0] = '\0';
    for (size_t i = 0; got->count > 0 && i < got->values && used < 1000; i++) {
        float value = got->bytes[i];
        if (got->form.kind == PACK_FLOATS)
            memcpy(&value, got->bytes + 4 * i, 4);
        used += (size_t)snprintf(values + used, 1024 - used, "%g ", (double)value);
    }
}

/* Its first sample, its classes, and the beginning of what is said of it. */
static void becomes(const char *text, const struct pack_options *options, const char *values,
                    const char *classes, const char *remarks)
{
    struct pack_collector got;
    char first[1024], names[1024];

    read_table(&got, text, options, first, names);
    CU_ASSERT_STRING_EQUAL(first, values);
    CU_ASSERT_STRING_EQUAL(names, classes);
    CU_ASSERT_EQUAL(strncmp(got.remarks, remarks, strlen(remarks)), 0);
    CU_ASSERT_EQUAL(*remarks == '\0', got.remarks[0] == '\0');
    if (strcmp(first, values) != 0 || strncmp(got.remarks, remarks, strlen(remarks)) != 0)
        printf("\n    %s    got: %s; %s; %s\n", text, first, names, got.remarks);
    pack_collector_finish(&got);
}

static void refuses(const char *text, const struct pack_options *options, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {.skip_broken = true};
    const char *path = unit_file("t.csv", text, strlen(text));
    char names[1024];

    CU_ASSERT_EQUAL(pack_collect(&got, &pack_csv, &path, 1, options, names, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
    pack_collector_finish(&got);
}

static const struct pack_options last = {.label = "last"}, none = {.label = "none"},
                                 with_header = {.label = "last", .header = PACK_HEADER_YES},
                                 without_header = {.label = "last", .header = PACK_HEADER_NO};

/* ---- the label ----------------------------------------------------------------------------------------- */

static void a_coordinate(void)
{
    becomes("x,y,z,activity\n1,2,3,walk\n", NULL, "1 2 3 ", "walk ", "");
    becomes("x,y,class\n1,2,3\n", NULL, "1 2 ", "3 ", "");
    becomes("a,y,species\n1,2,3\n", NULL, "1 2 ", "3 ", "");
    becomes("x1,x2,y\n1,2,3\n", NULL, "1 2 ", "3 ", "");
    refuses("x,y,z,activity\n1,2,3,4\n", NULL, "which column holds the label is not clear from their names");
    refuses("X,Y\n1,2\n", NULL, "which column holds the label is not clear from their names");
    refuses("a,label,class\n1,2,3\n", NULL, "which column holds the label is not clear from their names");
}

static void columns_are(const char *text, const struct pack_options *options, size_t label, const char *name,
                        const char *names)
{
    struct error error UNIT_CLEARED = {0};
    const char *path = unit_file("t.csv", text, strlen(text));
    struct pack_source *source = pack_source_open(&path, 1, options, &error);
    struct pack_columns columns;
    char all[256] = "";

    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    pack_source_columns(source, &columns);
    CU_ASSERT_EQUAL(columns.label, label);
    CU_ASSERT_STRING_EQUAL(columns.label_name ? columns.label_name : "", name);
    for (size_t i = 0; i < columns.count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", columns.names[i]);
    CU_ASSERT_STRING_EQUAL(all, names);
    pack_source_close(source);
}

static void names_told(void)
{
    columns_are("temp,kind,flow\n1,a,2\n", &(struct pack_options){0}, 2, "kind", "temp flow ");
    columns_are(",temp,flow,kind\n0,1,2,a\n", &(struct pack_options){0}, 4, "kind", "temp flow ");
    columns_are("1,2,a\n3,4,b\n", &(struct pack_options){0}, 3, "", "");
    columns_are("temp,flow\n1,2\n", &none, 0, "", "temp flow ");
    columns_are("pixel0,pixel1,pixel2,pixel3,label\n1,2,3,4,5\n", &(struct pack_options){0}, 5, "label", "");
}

static void a_column_of_words(void)
{
    refuses("a,name,label\n1,foo,1\n2,bar,0\n", NULL,
            "column 2 (\"name\") has words where numbers are expected, as the label is column 3 (\"label\")");
    refuses("1,foo,1\n2,bar,0\n", &last,
            "column 2 has words where numbers are expected, as the label is column 3;");
    refuses("a,name\n1,foo\n", &none,
            "column 2 (\"name\") has words where numbers are expected; leave it out");
}

/* ---- the first row ------------------------------------------------------------------------------------- */

static void a_row_that_counts(void)
{
    static const char taken[] =
        "header_counts(no-header to take it as a sample): the first row counts 0, 1, 2";

    becomes("0,1,2\n5,6,1\n", &last, "5 6 ", "1 ", taken);
    becomes("0,1,2\n5,6,1\n", &with_header, "5 6 ", "1 ", "");
    becomes("0,1,2\n5,6,1\n", &without_header, "0 1 ", "2 1 ", "");
    becomes("1990,2000,2010\n5,6,1\n", &last, "1990 2000 ", "2010 1 ", "");
    becomes("1990,2000,2010\n5,6,1\n", &with_header, "5 6 ", "1 ", "");
    becomes(",0,1\n7,5,1\n", &last, "5 ", "1 ", "index_column(): column 1 has no name");
    refuses("0,1,2\n", &last, "has a header, but no rows below it");
}

/* ---- pixels -------------------------------------------------------------------------------------------- */

static void places_of_pixels(void)
{
    const struct pack_options wide = {.label = "last", .height = 1, .width = 4};

    becomes("pixel3,pixel1,pixel2,pixel0,label\n3,1,2,0,9\n", NULL, "0 1 2 3 ", "9 ", "");
    becomes("pixel4,pixel3,label,pixel2,pixel1\n4,3,9,2,1\n", NULL, "1 2 3 4 ", "9 ", "");
    becomes("pixel3,pixel1,pixel2,pixel0,label\n3,1.5,2,0,9\n", NULL, "0 1.5 2 3 ", "9 ", "");
    becomes("2x2,1x1,2x1,1x2,label\n22,11,21,12,9\n", NULL, "11 12 21 22 ", "9 ", "");
    becomes("pixel1x0,pixel0x0,pixel0x1,pixel1x1,label\n10,0,1,11,9\n", NULL, "0 1 10 11 ", "9 ", "");
    becomes("pixel3,pixel1,pixel2,pixel0,label\n3,1,2,0,9\n", &wide, "0 1 2 3 ", "9 ", "");
    becomes("d,c,b,a,label\n3,1,2,0,9\n", &wide, "3 1 2 0 ", "9 ", "");
    becomes("pixel4,pixel1,pixel2,pixel0,label\n3,1,2,0,9\n", NULL, "3 1 2 0 ", "9 ",
            "pixel_numbers(): the numbers in the names of the 4 columns called pixels have gaps or repeat");
    becomes("pixel1,pixel1,pixel2,pixel3,label\n3,1,2,0,9\n", NULL, "3 1 2 0 ", "9 ", "pixel_numbers(): ");
    becomes("1x1,1x2,1x3,2x1,label\n3,1,2,0,9\n", NULL, "3 1 2 0 ", "9 ", "pixel_numbers(): ");
}

static void other_columns(void)
{
    becomes("id,pixel0,pixel1,pixel2,pixel3,label\n7,0,1,2,3,9\n", NULL, "0 1 2 3 ", "9 ",
            "index_column(): column 1 (\"id\") numbers the rows, by its name: it was left out");
    becomes("pixel0,pixel1,pixel2,pixel3,Image_ID\n0,1,2,3,7\n", NULL, "0 1 2 3 ", "",
            "index_column(): column 5 (\"Image_ID\") numbers");
    becomes("Unnamed: 0,a,label\n7,0,9\n", NULL, "0 ", "9 ",
            "index_column(): column 1 (\"Unnamed: 0\") numbers the rows");
    becomes("a,id,label\n1,7,9\n", NULL, "1 7 ", "9 ",
            "index_feature(): column 2 (\"id\") was packed as a value of the samples");
    becomes("a,id\n1,7\n", &last, "1 ", "7 ", "");
    becomes("pixel0,pixel1,pixel2,pixel3,size,label\n0,1,2,3,7,9\n", NULL, "0 1 2 3 7 ", "9 ",
            "perhaps_pictures(): column 5 (\"size\") is not a pixel, so the 4 columns called pixels");
    becomes("pixel0,pixel1,pixel2,label\n0,1,2,9\n", NULL, "0 1 2 ", "9 ",
            "perhaps_pictures(size): the 3 columns called pixels do not make a square picture");
}

static const struct unit_test tests[] = {
    {"a column y is the label unless x or z is beside it, or another is called label", a_coordinate},
    {"the label's column and the names of the others are told", names_told},
    {"a column of words beside the label is refused, also if broken rows may be passed over",
     a_column_of_words},
    {"a first row that counts is a header, which is told, and may be said to be a sample", a_row_that_counts},
    {"pixels are where the numbers in their names say", places_of_pixels},
    {"what is no pixel is left out or told", other_columns},
};

UNIT_MAIN("columns", tests)
