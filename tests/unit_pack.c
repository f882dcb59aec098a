/* unit_pack.c: own data packed: sizes by hand, order of classes, split, files compressed on any number of threads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/idx_file.h"
#include "pack/class_order.h"
#include "pack/gzip_blocks.h"
#include "pack/idx_content.h"
#include "pack/look.h"
#include "pack/picture_shrink.h"
#include "pack/pack_split.h"
#include "pack/statistics.h"
#include "pack/wanted_size.h"
#include "unit.h"

/* ---- sizes -------------------------------------------------------------------------------------------- */

static void expect_size(struct picture_size size, size_t channels, size_t height, size_t width,
                        const uint8_t *pixels, const uint8_t *wanted)
{
    const struct picture picture = {
        .channels = channels, .height = height, .width = width, .pixels = (uint8_t *)(uintptr_t)pixels};
    const size_t count = size.channels * size.height * size.width;
    struct error error UNIT_CLEARED = {0};
    uint8_t *got = memory_array(count, 1);

    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    CU_ASSERT_EQUAL(picture_size_take(&size, &picture, got, &error), 0);
    CU_ASSERT_EQUAL(memcmp(got, wanted, count), 0);
    if (memcmp(got, wanted, count) != 0)
        for (size_t i = 0; i < count; i++)
            printf("%s%d", i ? " " : "\n    got: ", got[i]);
    free(got);
}

static const uint8_t steps[] = {0, 10, 20, 30, 40, 50, 60, 70}; /* 2 x 4 */

static void smaller_is_mean(void)
{
    const struct picture_size half = {.channels = 1, .height = 1, .width = 2};
    const struct picture_size third = {.channels = 1, .height = 1, .width = 1};
    const uint8_t row[] = {0, 0, 1}; /* a third, rounded */

    expect_size(half, 1, 2, 4, steps, (const uint8_t[]){25, 45});
    expect_size(third, 1, 1, 3, row, (const uint8_t[]){0});
    expect_size(third, 1, 1, 3, (const uint8_t[]){0, 1, 1}, (const uint8_t[]){1});
}

static void larger_is_between(void)
{
    const struct picture_size twice = {.channels = 1, .height = 1, .width = 4};

    /* in the middles of halves: 1/4 and 3/4 between, the ends go on */
    expect_size(twice, 1, 1, 2, (const uint8_t[]){0, 100}, (const uint8_t[]){0, 25, 75, 100});
}

static void fit_adds_border(void)
{
    /* 2 x 4 into 4 x 4: rows 1 and 2; the border is the mean of all eight, as all are on it: 35 */
    const struct picture_size size = {.channels = 1, .height = 4, .width = 4, .fitting = PICTURE_FIT};
    const uint8_t wide[] = {35, 35, 35, 35, 0, 10, 20, 30, 40, 50, 60, 70, 35, 35, 35, 35};
    /* 4 x 1 into 2 x 2: 2 x 1, on the left, as there is no middle */
    const struct picture_size small = {.channels = 1, .height = 2, .width = 2, .fitting = PICTURE_FIT};

    expect_size(size, 1, 2, 4, steps, wide);
    expect_size(small, 1, 4, 1, (const uint8_t[]){10, 20, 30, 40}, (const uint8_t[]){15, 25, 35, 25});
}

static void crop_cuts_ends(void)
{
    const struct picture_size size = {.channels = 1, .height = 2, .width = 2, .fitting = PICTURE_CROP};

    expect_size(size, 1, 2, 4, steps, (const uint8_t[]){10, 20, 50, 60});
    expect_size(size, 1, 4, 2, steps, (const uint8_t[]){20, 30, 40, 50});
}

static void same_ratio_is_whole(void)
{
    const struct picture_size crop = {.channels = 1, .height = 1, .width = 2, .fitting = PICTURE_CROP};
    const struct picture_size fit = {.channels = 1, .height = 1, .width = 2, .fitting = PICTURE_FIT};

    expect_size(crop, 1, 2, 4, steps, (const uint8_t[]){25, 45});
    expect_size(fit, 1, 2, 4, steps, (const uint8_t[]){25, 45});
}

static void colours_and_grey(void)
{
    const struct picture_size grey = {.channels = 1, .height = 1, .width = 2};
    const struct picture_size rgb = {.channels = 3, .height = 1, .width = 2};

    /* red and blue; 299 and 114 of 1000 of 255 */
    expect_size(grey, 3, 1, 2, (const uint8_t[]){255, 0, 0, 0, 0, 255}, (const uint8_t[]){76, 29});
    expect_size(rgb, 1, 1, 2, (const uint8_t[]){7, 9}, (const uint8_t[]){7, 9, 7, 9, 7, 9});
}

static void transposed(void)
{
    const struct picture_size size = {.channels = 1, .height = 4, .width = 2, .transpose = true};

    expect_size(size, 1, 2, 4, steps, (const uint8_t[]){0, 40, 10, 50, 20, 60, 30, 70});
}

static void sizes_asked_for(void)
{
    struct pack_options options = {.colours = PACK_GREY, .transpose = true};
    struct picture_size size = wanted_size(&options, 3, 5, 7);

    CU_ASSERT(size.channels == 1 && size.height == 7 && size.width == 5);
    options = (struct pack_options){.height = 28, .width = 30, .colours = PACK_RGB};
    size = wanted_size(&options, 4, 5, 7);
    CU_ASSERT(size.channels == 4 && size.height == 28 && size.width == 30);
}

/* Rows of a picture with the channels of a pixel together, as JPEG has them. Returns as picture_shrink_begin does. */
static int shrink(const struct picture_size *size, const struct picture *picture, uint8_t *to)
{
    const size_t area = picture->height * picture->width;
    struct error error UNIT_CLEARED = {0};
    struct picture_shrink rows;
    uint8_t row[3 * 64];
    const int taken =
        picture_shrink_begin(&rows, size, picture->channels, picture->height, picture->width, &error);

    for (size_t y = 0; taken > 0 && y < picture->height; y++) {
        for (size_t i = 0; i < picture->channels * picture->width; i++)
            row[i] =
                picture->pixels[i % picture->channels * area + y * picture->width + i / picture->channels];
        picture_shrink_take(&rows, row);
    }
    if (taken > 0)
        picture_shrink_end(&rows, to);
    picture_shrink_finish(&rows);
    return taken;
}

static void rows_are_as_the_whole(void)
{
    uint8_t pixels[3 * 64 * 64], whole[3 * 64 * 64], by_rows[3 * 64 * 64];
    size_t taken = 0;

    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * i % 251 + i % 5);
    for (uint32_t i = 0; i < 20000; i++) {
        const struct picture picture = {
            .channels = i % 2 ? 3 : 1, .height = 1 + i / 2 % 47, .width = 1 + i / 3 % 53, .pixels = pixels};
        const struct picture_size size = {.channels = i / 7 % 2 ? 3 : 1,
                                          .height = 1 + i / 11 % 31,
                                          .width = 1 + i / 13 % 61,
                                          .fitting = (enum picture_fitting)(i % 3),
                                          .transpose = i % 50 == 0};
        const size_t bytes = size.channels * size.height * size.width;
        struct error error UNIT_CLEARED = {0};

        memset(by_rows, 0, bytes);
        if (shrink(&size, &picture, by_rows) == 0)
            continue;
        taken++;
        CU_ASSERT_EQUAL(picture_size_take(&size, &picture, whole, &error), 0);
        CU_ASSERT_EQUAL_FATAL(memcmp(whole, by_rows, bytes), 0);
    }
    CU_ASSERT(taken > 8000);
}

/* ---- classes ------------------------------------------------------------------------------------------ */

/* The names in their order, with a blank between. */
static void expect_order(const char *const *names, size_t count, const struct pack_options *options,
                         const char *wanted, const char *kind)
{
    struct error error UNIT_CLEARED = {0};
    struct remarks remarks = {0};
    struct class_order order;
    char text[256] = "";

    CU_ASSERT_EQUAL(class_order_make(&order, names, count, options, &remarks, &error), 0);
    for (size_t i = 0; i < order.count; i++) {
        strncat(text, i ? " " : "", sizeof text - strlen(text) - 1);
        strncat(text, order.names[i], sizeof text - strlen(text) - 1);
    }
    CU_ASSERT_STRING_EQUAL(text, wanted);
    for (size_t i = 0; i < count; i++)
        CU_ASSERT_STRING_EQUAL(order.names[order.of[i]], names[i]);
    CU_ASSERT_EQUAL(remarks.count, kind ? 1 : 0);
    if (kind && remarks.count == 1)
        CU_ASSERT_STRING_EQUAL(remarks.list[0].kind, kind);
    class_order_finish(&order);
    remarks_finish(&remarks);
}

static void classes_in_order(void)
{
    static const char *const names[] = {"b10", "b2", "B", "\xc3\xa9", "a"};
    static const char *const numbers[] = {"10", "0", "1", "2", "9", "8", "7", "6", "5", "4", "3"};
    const struct pack_options plain = {.test = -1}, natural = {.natural = true};

    expect_order(names, 5, &plain, "B a b10 b2 \xc3\xa9", NULL);
    expect_order(names, 5, &natural, "B a b2 b10 \xc3\xa9", NULL);
    expect_order(numbers, 11, &plain, "0 1 2 3 4 5 6 7 8 9 10", NULL);
}

static void numbers_that_lack(void)
{
    static const char *const from_1[] = {"3", "1", "2"}, *const gaps[] = {"0", "4", "1"};
    static const char *const below[] = {"-2", "1", "-10", "0"};
    const struct pack_options plain = {.test = -1}, zero = {.numbered = true},
                              one = {.numbered = true, .first_label = 1};

    expect_order(from_1, 3, &plain, "1 2 3", "label_start");
    expect_order(below, 4, &plain, "-10 -2 0 1", "label_start");
    expect_order(from_1, 3, &one, "1 2 3", NULL);
    expect_order(from_1, 3, &zero, "0 1 2 3", NULL);
    expect_order(gaps, 3, &plain, "0 1 4", "label_gaps");
    expect_order(gaps, 3, &zero, "0 1 2 3 4", NULL);
}

static void refused_order(const char *const *names, size_t count, const struct pack_options *options,
                          const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct remarks remarks = {0};
    struct class_order order;

    CU_ASSERT_EQUAL(class_order_make(&order, names, count, options, &remarks, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    class_order_finish(&order);
    remarks_finish(&remarks);
}

static void classes_refused(void)
{
    static const char *const names[] = {"1", "cat"}, *const low[] = {"0", "1"}, *const high[] = {"0", "256"};
    const char *many[CLASSES_MOST + 1];
    char text[CLASSES_MOST + 1][8];
    const struct pack_options one = {.numbered = true, .first_label = 1}, zero = {.numbered = true},
                              plain = {.test = -1};

    for (size_t i = 0; i <= CLASSES_MOST; i++) {
        snprintf(text[i], sizeof text[i], "c%zu", i);
        many[i] = text[i];
    }
    refused_order(names, 2, &one, "class \"cat\" is not a number");
    refused_order(low, 2, &one, "label 0 is below the first label, 1");
    refused_order(high, 2, &zero, "257 classes");
    refused_order(many, CLASSES_MOST + 1, &plain, "257 classes");
}

static void natural_order(void)
{
    CU_ASSERT(class_compare_natural("2", "10") < 0);
    CU_ASSERT(class_compare_natural("a2b", "a10") < 0);
    CU_ASSERT(class_compare_natural("a", "a1") < 0);
    CU_ASSERT(class_compare_natural("1", "01") != 0); /* but they stand together */
    CU_ASSERT(class_compare_natural("01", "2") < 0);
    CU_ASSERT(class_compare_natural("x007", "x7") < 0);
    CU_ASSERT(class_compare_natural("7", "x") < 0);
    CU_ASSERT(class_compare_natural("same", "same") == 0);
}

/* ---- spool, split, what is noticed -------------------------------------------------------------------- */

enum { PER_CLASS = 25, CLASSES = 3, VALUES = 4 };
static const struct pack_form form = {
    .kind = PACK_BYTES, .shape = {.rank = 2, .dim = {2, 2}}, .label_width = 1};
static const uint32_t as_they_are[] = {0, 1, 2};

/* PER_CLASS samples of each class, in turn: values are the number of the sample. */
static void fill_spool(struct spool *spool, enum pack_part part, struct error *error)
{
    CU_ASSERT_EQUAL_FATAL(spool_open(spool, unit_folder(), &form, error), 0);
    for (uint32_t i = 0; i < CLASSES * PER_CLASS; i++) {
        const uint8_t values[VALUES] = {(uint8_t)i, 1, 2, 3};
        const uint32_t label = i % CLASSES;
        char place[32];
        snprintf(place, sizeof place, "p%u", i);
        CU_ASSERT_EQUAL(spool_add(spool, part, values, &label, place, error), 0);
    }
    CU_ASSERT_EQUAL(spool_flush(spool, error), 0);
}

static void spool_gives_back(void)
{
    struct error error UNIT_CLEARED = {0};
    struct spool spool;
    char place[SPOOL_PLACE], longer[200];
    const uint32_t label = 1;
    uint8_t values[VALUES];

    fill_spool(&spool, PACK_UNSPLIT, &error);
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    memcpy(longer + sizeof longer - 6, "7.png", 5);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TEST, "\1\1\1\1", &label, longer, &error), 0);
    CU_ASSERT_EQUAL(spool_flush(&spool, &error), 0);
    CU_ASSERT_EQUAL(spool_values(&spool, 60, 0, VALUES, values, &error), 0);
    CU_ASSERT_EQUAL(values[0], 60);
    CU_ASSERT_EQUAL(spool_place(&spool, 60, place, &error), 0);
    CU_ASSERT_STRING_EQUAL(place, "p60");
    CU_ASSERT_EQUAL(spool_place(&spool, CLASSES * PER_CLASS, place, &error), 0);
    CU_ASSERT_EQUAL(strncmp(place, "...xx", 5), 0);
    CU_ASSERT_STRING_EQUAL(place + strlen(place) - 6, "x7.png");
    CU_ASSERT(spool.samples[CLASSES * PER_CLASS].constant);
    CU_ASSERT(!spool.samples[0].constant);
    spool_close(&spool);
}

static void floats_are_big_endian(void)
{
    const struct pack_form row = {.kind = PACK_FLOATS, .shape = {.rank = 1, .dim = {2}}, .label_width = 3};
    const float values[] = {1, -2};
    const uint32_t labels[] = {1, 0, 1};
    struct error error UNIT_CLEARED = {0};
    struct spool spool;
    uint8_t bytes[8];

    CU_ASSERT_EQUAL_FATAL(spool_open(&spool, unit_folder(), &row, &error), 0);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TRAIN, values, labels, "row", &error), 0);
    CU_ASSERT_EQUAL(spool_flush(&spool, &error), 0);
    CU_ASSERT_EQUAL(spool_values(&spool, 0, 0, 8, bytes, &error), 0);
    CU_ASSERT_EQUAL(memcmp(bytes, "\x3f\x80\0\0\xc0\0\0\0", 8), 0);
    CU_ASSERT_EQUAL(spool_labels(&spool, 0, 0, 3, bytes, &error), 0);
    CU_ASSERT_EQUAL(memcmp(bytes, "\1\0\1", 3), 0);
    spool_close(&spool);
}

static void count_parts(const struct spool *spool, const struct split *split, enum pack_part part,
                        size_t count[CLASSES])
{
    memset(count, 0, CLASSES * sizeof *count);
    for (size_t i = 0; i < split->count[part]; i++)
        count[spool->samples[split->samples[part][i]].class]++;
}

static void split_is_by_class(void)
{
    const struct pack_options usual = {.test = -1, .seed = 1}, half = {.test = 0.5, .seed = 1},
                              most = {.test = 0.999, .seed = 1}, none = {.test = 0};
    const struct {
        const struct pack_options *options;
        size_t test;
    } cases[] = {{&usual, 5}, {&half, 13}, {&most, 24}, {&none, 0}};
    struct error error UNIT_CLEARED = {0};
    struct spool spool;
    size_t count[CLASSES];

    fill_spool(&spool, PACK_UNSPLIT, &error);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct split_spec spec = {cases[i].options, as_they_are, CLASSES, true};
        struct split split;
        CU_ASSERT_EQUAL(split_make(&split, &spec, &spool, &error), 0);
        CU_ASSERT_EQUAL(split.drawn, CLASSES * cases[i].test);
        count_parts(&spool, &split, PACK_TEST, count);
        for (size_t class = 0; class < CLASSES; class ++)
            CU_ASSERT_EQUAL(count[class], cases[i].test);
        count_parts(&spool, &split, PACK_TRAIN, count);
        for (size_t class = 0; class < CLASSES; class ++)
            CU_ASSERT_EQUAL(count[class], PER_CLASS - cases[i].test);
        split_finish(&split);
    }
    spool_close(&spool);
}

/* What was given as test keeps its order, and what was given as training is only shuffled. */
static void parts_are_kept(void)
{
    const struct pack_options usual = {.test = -1, .seed = 1}, asked = {.test = 0.2, .seed = 1};
    const struct split_spec spec = {&usual, as_they_are, CLASSES, true},
                            wrong = {&asked, as_they_are, CLASSES, true};
    struct error error UNIT_CLEARED = {0};
    struct spool spool;
    struct split split;
    const uint32_t label = 2;
    size_t moved = 0;

    fill_spool(&spool, PACK_TRAIN, &error);
    CU_ASSERT_EQUAL(split_make(&split, &spec, &spool, &error), 0);
    CU_ASSERT_EQUAL(split.count[PACK_TRAIN], CLASSES * PER_CLASS);
    CU_ASSERT_EQUAL(split.count[PACK_TEST], 0);
    for (size_t i = 0; i < split.count[PACK_TRAIN]; i++)
        moved += split.samples[PACK_TRAIN][i] != i;
    CU_ASSERT(moved > PER_CLASS);
    split_finish(&split);
    CU_ASSERT_EQUAL(split_make(&split, &wrong, &spool, &error), 0); /* of the training samples */
    CU_ASSERT_EQUAL(split.count[PACK_TEST], CLASSES * 5);
    split_finish(&split);
    for (uint32_t i = 0; i < 9; i++)
        CU_ASSERT_EQUAL(spool_add(&spool, PACK_TEST, "\0\1\2\3", &label, "t", &error), 0);
    CU_ASSERT_EQUAL(split_make(&split, &spec, &spool, &error), 0);
    for (size_t i = 0; i < 9; i++)
        CU_ASSERT_EQUAL(split.samples[PACK_TEST][i], CLASSES * PER_CLASS + i);
    split_finish(&split);
    CU_ASSERT_EQUAL(split_make(&split, &wrong, &spool, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "9 test samples of its own"));
    split_finish(&split);
    spool_close(&spool);
}

static void equal_ones_go(void)
{
    const uint8_t values[] = {7, 1, 2, 3}; /* sample 7's */
    const uint32_t label = 1;
    struct error error UNIT_CLEARED = {0};
    struct remarks remarks = {0};
    struct spool spool;
    struct look look = {&spool, NULL, true, &remarks};

    fill_spool(&spool, PACK_TRAIN, &error);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TEST, values, &label, "t", &error), 0);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TRAIN, values, &label, "again", &error), 0);
    CU_ASSERT_EQUAL(spool_flush(&spool, &error), 0);
    CU_ASSERT_EQUAL(look_drop_equal(&look, &error), 0);
    CU_ASSERT_EQUAL(spool.samples[7].part, SPOOL_DROPPED);
    CU_ASSERT_EQUAL(spool.samples[CLASSES * PER_CLASS].part, PACK_TEST);
    CU_ASSERT_EQUAL(spool.samples[CLASSES * PER_CLASS + 1].part, SPOOL_DROPPED);
    CU_ASSERT_EQUAL(remarks.count, 1);
    CU_ASSERT_EQUAL(remarks.list[0].count, 2);
    remarks_finish(&remarks);
    spool_close(&spool);
}

/* ---- files -------------------------------------------------------------------------------------------- */

enum { LONG = 1300000 };

static int fill_long(const void *context, uint64_t offset, size_t size, uint8_t *to, struct error *error)
{
    (void)error;
    memcpy(to, (const uint8_t *)context + offset, size);
    return 0;
}

static char *pack_long(const uint8_t *bytes, unsigned threads, size_t *size)
{
    const struct gzip_content content = {fill_long, bytes, LONG};
    const struct gzip_progress progress = {NULL, NULL};
    struct error error UNIT_CLEARED = {0};
    struct thread_pool *pool = thread_pool_create(threads, &error);
    struct file_replacement file;
    const char *path = unit_path("long");

    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_EQUAL(file_replace_begin(&file, path, &error), 0);
    CU_ASSERT_EQUAL(gzip_blocks_write(pool, &content, &progress, &file, &error), 0);
    CU_ASSERT_EQUAL(file_replace_commit(&file, &error), 0);
    thread_pool_destroy(pool);
    return file_load(path, LONG, size, &error);
}

/* An IDX file of that length, so that idx_file.h checks the member's checksum and length. */
static void one_member(void)
{
    uint8_t *bytes = malloc(LONG), *back = malloc(LONG);
    struct error error UNIT_CLEARED = {0};
    size_t size1, size3;
    struct idx_file *idx;
    char *one, *three;

    CU_ASSERT_FATAL(bytes && back);
    for (size_t i = 0; i < LONG; i++)
        bytes[i] = (uint8_t)(i * i >> 7 ^ i);
    memcpy(bytes, "\0\0\x08\1", 4);
    for (size_t i = 0; i < 4; i++)
        bytes[4 + i] = (uint8_t)((LONG - 8) >> (24 - 8 * i));
    one = pack_long(bytes, 1, &size1);
    three = pack_long(bytes, 3, &size3);
    CU_ASSERT_FATAL(one && three);
    CU_ASSERT_EQUAL(size1, size3);
    CU_ASSERT_EQUAL(memcmp(one, three, size1 < size3 ? size1 : size3), 0);
    idx = idx_file_open_memory("it", three, size3, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(idx);
    CU_ASSERT_EQUAL(idx_file_read(idx, LONG - 8, back, &error), 0);
    CU_ASSERT_EQUAL(memcmp(back, bytes + 8, LONG - 8), 0);
    idx_file_close(idx);
    free(one);
    free(three);
    free(bytes);
    free(back);
}

/* Any part of a file is the same as all of it. */
static void parts_of_content(void)
{
    struct error error UNIT_CLEARED = {0};
    const uint32_t samples[] = {5, 3, 74};
    struct spool spool;
    struct idx_content idx = {.spool = &spool, .samples = samples, .count = 3, .class_of = as_they_are};
    struct gzip_content content;
    static const uint8_t wanted[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0,  2, 0, 0,
                                     0, 2, 5, 1, 2, 3, 3, 1, 2, 3, 74, 1, 2, 3};
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 2};
    uint8_t got[sizeof wanted];

    fill_spool(&spool, PACK_TRAIN, &error);
    idx_content_images(&idx, &form, &content);
    CU_ASSERT_EQUAL(content.size, sizeof wanted);
    for (size_t begin = 0; begin < sizeof wanted; begin++)
        for (size_t end = begin + 1; end <= sizeof wanted; end++) {
            CU_ASSERT_EQUAL(content.fill(content.context, begin, end - begin, got, &error), 0);
            CU_ASSERT_EQUAL(memcmp(got, wanted + begin, end - begin), 0);
        }
    idx = (struct idx_content){.spool = &spool, .samples = samples, .count = 3, .class_of = as_they_are};
    idx_content_labels(&idx, &form, &content);
    CU_ASSERT_EQUAL(content.size, sizeof labels);
    CU_ASSERT_EQUAL(content.fill(content.context, 0, sizeof labels, got, &error), 0);
    CU_ASSERT_EQUAL(memcmp(got, labels, sizeof labels), 0);
    spool_close(&spool);
}

static void mean_and_deviation(void)
{
    const struct pack_form colour = {
        .kind = PACK_BYTES, .shape = {.rank = 3, .dim = {2, 1, 2}}, .label_width = 1};
    const uint32_t label = 0, samples[] = {0, 1};
    struct error error UNIT_CLEARED = {0};
    struct statistics statistics;
    struct spool spool;

    CU_ASSERT_EQUAL_FATAL(spool_open(&spool, unit_folder(), &colour, &error), 0);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TRAIN, "\0\0\12\12", &label, "a", &error), 0);
    CU_ASSERT_EQUAL(spool_add(&spool, PACK_TRAIN, "\377\377\12\12", &label, "b", &error), 0);
    CU_ASSERT_EQUAL(spool_flush(&spool, &error), 0);
    CU_ASSERT_EQUAL(statistics_make(&statistics, &spool, &colour, samples, 2, &error), 0);
    CU_ASSERT_EQUAL(statistics.channels, 2);
    CU_ASSERT_DOUBLE_EQUAL(statistics.mean[0], 0.5, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(statistics.deviation[0], 0.5, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(statistics.mean[1], 10.0 / 255, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(statistics.deviation[1], 0, 1e-15);
    statistics_finish(&statistics);
    spool_close(&spool);
}

static const struct unit_test tests[] = {
    {"a smaller picture has the means of areas", smaller_is_mean},
    {"a larger one lies between its neighbours", larger_is_between},
    {"fitting adds a border of the mean of the border", fit_adds_border},
    {"cropping cuts both ends", crop_cuts_ends},
    {"with the same ratio nothing is added or cut", same_ratio_is_whole},
    {"grey is 299, 587 and 114 of 1000; colours of grey are three times the same", colours_and_grey},
    {"transposed, rows are columns", transposed},
    {"options say what size a picture gets", sizes_asked_for},
    {"a picture taken row by row gives the same bytes as the whole one", rows_are_as_the_whole},
    {"classes are in the order of code points, numbers or nature", classes_in_order},
    {"numbers that begin with 1 or lack some are told, unless they are kept", numbers_that_lack},
    {"what cannot be a class is refused", classes_refused},
    {"natural order knows numbers", natural_order},
    {"a spool gives samples back, and where they came from", spool_gives_back},
    {"floats are kept big-endian, several labels as bytes", floats_are_big_endian},
    {"a split draws the same fraction of each class", split_is_by_class},
    {"parts of the source are kept", parts_are_kept},
    {"of equal samples the test's is kept, or the first", equal_ones_go},
    {"any number of threads gives the same gzip member, which is whole", one_member},
    {"any part of an IDX file is as in all of it", parts_of_content},
    {"mean and deviation are those of the channel", mean_and_deviation},
};
UNIT_MAIN("pack", tests)
