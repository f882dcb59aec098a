/* unit_evaluate.c: the interval of an accuracy, the figures of a class, and which mistakes are kept. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/sample_picture.h"
#include "train/evaluate.h"
#include "train/mcnemar.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Newcombe, Statistics in Medicine 17 (1998), tables I and II, the score method. */
static void newcombe(void)
{
    static const struct {
        uint64_t right, count;
        double low, high;
    } cases[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0.0000, 0.1611},
                 {1, 29, 0.0061, 0.1718}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct evaluation_interval got = evaluation_interval(cases[i].right, cases[i].count);
        const struct evaluation_interval other =
            evaluation_interval(cases[i].count - cases[i].right, cases[i].count);
        CU_ASSERT_DOUBLE_EQUAL(got.low, cases[i].low, 5e-5);
        CU_ASSERT_DOUBLE_EQUAL(got.high, cases[i].high, 5e-5);
        CU_ASSERT_DOUBLE_EQUAL(other.low, 1 - got.high, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(other.high, 1 - got.low, 1e-12);
    }
}

static void ends(void)
{
    for (uint64_t count = 1; count < 3000; count += 7) {
        const struct evaluation_interval none = evaluation_interval(0, count),
                                         all = evaluation_interval(count, count);
        CU_ASSERT_EQUAL(none.low, 0);
        CU_ASSERT(none.high > 0 && none.high < 1);
        CU_ASSERT(all.low > 0 && all.low < 1);
        CU_ASSERT_EQUAL(all.high, 1);
    }
    CU_ASSERT_EQUAL(evaluation_interval(0, 0).low, 0);
    CU_ASSERT_EQUAL(evaluation_interval(0, 0).high, 1);
}

static void classes(void)
{
    uint64_t confusion[] = {3, 1, 0, /**/ 2, 5, 0, /**/ 0, 0, 0};
    const struct evaluation result = {.classes = 3, .confusion = confusion};
    const struct class_figures one = evaluation_class(&result, 1), two = evaluation_class(&result, 2);

    uint64_t silent[] = {0, 7, 0};
    const struct evaluation mute = {.classes = 3, .confusion = confusion, .silent = silent};

    CU_ASSERT_EQUAL(evaluation_class(&mute, 1).samples, 14);
    CU_ASSERT_DOUBLE_EQUAL(evaluation_class(&mute, 1).recall, 5.0 / 14, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(evaluation_class(&mute, 1).precision, 5.0 / 6, 1e-15);
    CU_ASSERT_EQUAL(one.samples, 7);
    CU_ASSERT_EQUAL(one.predicted, 6);
    CU_ASSERT_EQUAL(one.right, 5);
    CU_ASSERT_DOUBLE_EQUAL(one.recall, 5.0 / 7, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(one.precision, 5.0 / 6, 1e-15);
    CU_ASSERT_EQUAL(two.samples, 0);
    CU_ASSERT(isnan(two.recall));
    CU_ASSERT_EQUAL(two.precision, 0);
}

static void balanced(void)
{
    uint64_t confusion[] = {3, 1, 0, /**/ 2, 5, 0, /**/ 0, 0, 0}, silent[] = {0, 7, 0};
    const struct evaluation result = {.classes = 3, .confusion = confusion};
    const struct evaluation mute = {.classes = 3, .confusion = confusion, .silent = silent};

    CU_ASSERT_DOUBLE_EQUAL(evaluation_balanced_accuracy(&result), (3.0 / 4 + 5.0 / 7) / 2, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(evaluation_balanced_accuracy(&mute), (3.0 / 4 + 5.0 / 14) / 2, 1e-15);
    CU_ASSERT(isnan(evaluation_balanced_accuracy(&(struct evaluation){0})));
}

/* All pairs of a sample with the label and one without, equal ones half. */
static double pairs(const float *outputs, const bool *has, size_t count)
{
    double won = 0, all = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (has[i] && !has[k]) {
                won += outputs[i] > outputs[k] ? 1 : outputs[i] < outputs[k] ? 0 : 0.5;
                all++;
            }
    return won / all;
}

static void areas_of(void)
{
    enum { SAMPLES = 500 };
    static const unsigned steps[] = {1, 2, 3, 10, 1000};
    struct error error UNIT_CLEARED = {0};
    float outputs[SAMPLES];
    bool has[SAMPLES];

    for (size_t s = 0; s < COUNT(steps); s++) {
        struct areas areas;
        unsigned word = 12345;
        CU_ASSERT_EQUAL_FATAL(areas_init(&areas, 3, SAMPLES, &error), 0);
        for (size_t i = 0; i < SAMPLES; i++) {
            word = word * 1103515245 + 12345;
            outputs[i] = (float)(word >> 16 & 1023) / 1023 * (float)steps[s];
            outputs[i] = floorf(outputs[i]) - (float)steps[s] / 2;
            has[i] = (word >> 8) % 3 == 0;
            areas_add(&areas, 0, outputs[i], has[i]);
            areas_add(&areas, 1, has[i] ? 0.25f : -0.0f, has[i]);
            areas_add(&areas, 2, outputs[i], true);
            areas_next(&areas);
        }
        areas_compute(&areas);
        CU_ASSERT_DOUBLE_EQUAL(areas.area[0], pairs(outputs, has, SAMPLES), 1e-12);
        CU_ASSERT_EQUAL(areas.area[1], 1);
        CU_ASSERT(isnan(areas.area[2]));
        CU_ASSERT_DOUBLE_EQUAL(areas.mean, (areas.area[0] + 1) / 2, 1e-15);
        areas_finish(&areas);
    }
}

/* Hanley and McNeil, Radiology 143 (1982), table I: 58 normal and 51 abnormal pictures in five ratings. */
static void hanley_mcneil(void)
{
    static const int normal[] = {33, 6, 6, 11, 2}, abnormal[] = {3, 2, 2, 11, 33};
    struct error error UNIT_CLEARED = {0};
    struct areas areas;

    CU_ASSERT_EQUAL_FATAL(areas_init(&areas, 1, 109, &error), 0);
    for (int rating = 0; rating < 5; rating++)
        for (int i = 0; i < normal[rating] + abnormal[rating]; i++) {
            areas_add(&areas, 0, (float)rating, i >= normal[rating]);
            areas_next(&areas);
        }
    areas_compute(&areas);
    CU_ASSERT_EQUAL(areas.samples, 109);
    CU_ASSERT_DOUBLE_EQUAL(areas.area[0], 0.893, 5e-4);
    areas_finish(&areas);
    CU_ASSERT_EQUAL(areas_init(&areas, 2, AREAS_MOST / 2 + 1, &error), 0);
    CU_ASSERT(areas.count == 0 && isnan(areas.mean));
    areas_finish(&areas);
}

/* Adds samples 0, 1, ... of those confidences; the pixels of each are its number. */
static void add(struct mistakes *mistakes, const float *confidences, size_t count)
{
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < count; i++) {
        const uint8_t pixels[2] = {(uint8_t)i, (uint8_t)(i + 100)};
        const struct mistake mistake = {.sample = (uint32_t)i,
                                        .label = 1,
                                        .predicted = 2,
                                        .confidence = confidences[i],
                                        .pixels = pixels};
        CU_ASSERT_EQUAL(mistakes_add(mistakes, &mistake, &error), 0);
    }
}

static void surest(void)
{
    const float confidences[] = {0.5f, 0.9f, NAN, 0.2f, 0.9f, 0.7f, -INFINITY, 0.9f, 0.5f};
    static const uint32_t order[] = {1, 4, 7, 5, 0, 8, 3, 2, 6};
    struct error error UNIT_CLEARED = {0};

    for (size_t most = 0; most <= COUNT(order) + 1; most++) {
        struct mistakes mistakes;
        CU_ASSERT_EQUAL_FATAL(mistakes_init(&mistakes, most, 2, &error), 0);
        add(&mistakes, confidences, COUNT(confidences));
        CU_ASSERT_EQUAL(mistakes.count, most < COUNT(order) ? most : COUNT(order));
        for (size_t i = 0; i < mistakes.count; i++) {
            CU_ASSERT_EQUAL(mistakes.list[i].sample, order[i]);
            CU_ASSERT_EQUAL(mistakes.list[i].pixels[0], order[i]);
            CU_ASSERT_EQUAL(mistakes.list[i].pixels[1], order[i] + 100);
        }
        mistakes_finish(&mistakes);
    }
}

static void pictures(void)
{
    static const struct {
        struct nnrun_shape shape;
        size_t height, width, channels;
        uint8_t pixels[6];
    } cases[] = {{{2, {2, 3}}, 2, 3, 1, {0, 1, 2, 3, 4, 5}},
                 {{3, {1, 3, 2}}, 3, 2, 1, {0, 1, 2, 3, 4, 5}},
                 {{3, {3, 1, 2}}, 1, 2, 3, {0, 2, 4, 1, 3, 5}},
                 {{3, {2, 1, 3}}, 1, 3, 1, {2, 3, 4}}, /* the means 1.5, 2.5, 3.5, rounded up */
                 {{1, {6}}, 1, 6, 1, {0, 1, 2, 3, 4, 5}}};
    static const uint8_t sample[] = {0, 1, 2, 3, 4, 5};

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct sample_picture picture = sample_picture_of(&cases[i].shape);
        uint8_t pixels[6] = {0};
        CU_ASSERT_EQUAL(picture.height, cases[i].height);
        CU_ASSERT_EQUAL(picture.width, cases[i].width);
        CU_ASSERT_EQUAL(picture.channels, cases[i].channels);
        sample_picture_fill(&picture, sample, pixels);
        CU_ASSERT_EQUAL(memcmp(pixels, cases[i].pixels, sizeof pixels), 0);
    }
}

static void smaller(void)
{
    uint8_t grey[] = {0, 2, 10, /**/ 4, 6, 20, /**/ 8, 9, 7},
            colour[] = {0, 10, 255, /**/ 2, 20, 255, /**/ 9, 9, 9};
    struct sample_picture picture = {.height = 3, .width = 3, .channels = 1};

    sample_picture_shrink(&picture, grey, 3);
    CU_ASSERT_EQUAL(picture.width, 3);
    CU_ASSERT_EQUAL(grey[8], 7);
    sample_picture_shrink(&picture, grey, 2);
    CU_ASSERT(picture.height == 2 && picture.width == 2);
    CU_ASSERT(grey[0] == 3 && grey[1] == 15 && grey[2] == 9 && grey[3] == 7);
    picture = (struct sample_picture){.height = 1, .width = 3, .channels = 3};
    sample_picture_shrink(&picture, colour, 2);
    CU_ASSERT(picture.height == 1 && picture.width == 2);
    CU_ASSERT(colour[0] == 1 && colour[1] == 15 && colour[2] == 255 && colour[3] == 9 && colour[5] == 9);
}

/* Sums of binomial coefficients, in whole numbers. */
static void mcnemar(void)
{
    static const struct {
        uint64_t first, second;
        double p;
    } cases[] = {{0, 0, 1},
                 {0, 1, 1},
                 {0, 5, 0.0625},
                 {1, 9, 0.021484375},
                 {10, 10, 1},
                 {30, 50, 0.03299261842647618},
                 {23, 440, 3.999064201743859e-101},
                 {500, 560, 0.06990955946026933},
                 {0, 5000, 0},
                 {100000, 100000, 1}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        const double p = mcnemar_p(cases[i].first, cases[i].second);
        CU_ASSERT_DOUBLE_EQUAL(p, cases[i].p, 1e-13 * cases[i].p);
        CU_ASSERT_EQUAL(p, mcnemar_p(cases[i].second, cases[i].first));
    }
}

static void paired(void)
{
    uint8_t a[] = {1, 1, 1, 0, 0, 1}, b[] = {1, 0, 0, 1, 0, 0};
    struct evaluation first = {.count = 6, .checksum = 7, .verdicts = a},
                      second = {.count = 6, .checksum = 7, .verdicts = b};
    struct error error = {0};
    struct mcnemar result;

    CU_ASSERT_EQUAL(mcnemar_compare(&result, &first, &second, &error), 0);
    CU_ASSERT(result.both == 1 && result.only_first == 3 && result.only_second == 1 && result.neither == 1);
    CU_ASSERT_EQUAL(result.p, 0.625);
    second.checksum = 8;
    CU_ASSERT_EQUAL(mcnemar_compare(&result, &first, &second, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    error_clear(&error);
    second.count = 5;
    CU_ASSERT_EQUAL(mcnemar_compare(&result, &first, &second, &error), -1);
    error_clear(&error);
}

static const struct unit_test tests[] = {
    {"the 95 % interval is Wilson's", newcombe},
    {"it ends at 0 and 1 where all or none are right", ends},
    {"two networks differ by McNemar's exact test", mcnemar},
    {"networks are compared on the same samples only", paired},
    {"recall and precision of a class; NaN and 0 where there is nothing to divide by", classes},
    {"the balanced accuracy is the mean recall of the classes that have samples", balanced},
    {"an area is that of all pairs, equal ones half; without pairs there is none", areas_of},
    {"it is that of Hanley and McNeil, and none of too many outputs", hanley_mcneil},
    {"the surest mistakes are kept with their pixels, equals in the order of samples", surest},
    {"a sample is a grey picture, or one of three colours", pictures},
    {"a large picture is made smaller by a whole factor", smaller},
};
UNIT_MAIN("evaluate", tests)
