/* unit_sweep.c: what a sweep varies, and what it says of the results. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sweep/axis.h"
#include "sweep/seed_list.h"
#include "sweep/statistics_of_runs.h"
#include "sweep/summary.h"
#include "sweep/t_distribution.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- axis.h ------------------------------------------------------------------------------------------------- */

/* The values of the grid with blanks between them, or the message. */
static const char *grid(const char *text)
{
    static char line[1024];
    struct axis axis;
    UNIT_CLEARED struct error error = {0};
    char **values = NULL;
    size_t count = 0;

    line[0] = '\0';
    if (axis_parse(&axis, text, &error) != 0 || axis_values(&axis, &values, &count, &error) != 0)
        snprintf(line, sizeof line, "! %s", error_text(&error));
    for (size_t i = 0; *line != '!' && i < count; i++)
        snprintf(line + strlen(line), sizeof line - strlen(line), "%s%s", i ? " " : "", values[i]);
    memory_free_each((void **)values, count);
    axis_finish(&axis);
    return line;
}

static void lists(void)
{
    CU_ASSERT_STRING_EQUAL(grid("train.batch=32,64,128"), "32 64 128");
    CU_ASSERT_STRING_EQUAL(grid("data.mean=[0.1,0.2],[0.3,0.4]"), "[0.1,0.2] [0.3,0.4]");
    CU_ASSERT_STRING_EQUAL(grid("name=\"a,b\",c"), "\"a,b\" c");
    CU_ASSERT_STRING_EQUAL(grid("name=\"a\\\",b\",c"), "\"a\\\",b\" c");
    CU_ASSERT_STRING_EQUAL(grid("train.optimizer={type=\"adam\";rate=0.1;},{type=\"sgd\";}"),
                           "{type=\"adam\";rate=0.1;} {type=\"sgd\";}");
    CU_ASSERT_STRING_EQUAL(grid("data.directory=../a,../b"), "../a ../b");
    CU_ASSERT_STRING_EQUAL(grid("data.directory=1../a"),
                           "! data.directory=1../a: expected a number after \"..\", as in "
                           "0.01..0.3/log5");
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("train.batch=32,,64"), "! train.batch=: a value is empty"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("train.batch=32,"), "! train.batch=: a value is empty"));
}

static void ranges(void)
{
    CU_ASSERT_STRING_EQUAL(grid("a=1..4"), "1 2 3 4");
    CU_ASSERT_STRING_EQUAL(grid("a=-1..1"), "-1 0 1");
    CU_ASSERT_STRING_EQUAL(grid("a=16..64/4"), "16 32 48 64");
    CU_ASSERT_STRING_EQUAL(grid("a=0.1..0.5/5"), "0.1 0.2 0.3 0.4 0.5");
    CU_ASSERT_STRING_EQUAL(grid("a=0.0..1/3"), "0.0 0.5 1");
    CU_ASSERT_STRING_EQUAL(grid("a=0.01..0.3/log5"), "0.01 0.0234 0.05477 0.1282 0.3");
    CU_ASSERT_STRING_EQUAL(grid("a=1e-4..1e-1/log4"), "1e-4 0.001 0.01 1e-1");
    CU_ASSERT_STRING_EQUAL(grid("a=8..128/log5"), "8 16 32 64 128");
    CU_ASSERT_STRING_EQUAL(grid("a=5,10..20/2,7..8"), "5 10 20 7 8");
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=0..1/5"), "the steps are not whole numbers"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..3/log9"), "fewer whole numbers"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=0.1..0.5"), "how many numbers?"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=0.1..0.5/log"), "how many numbers?"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=3..1"), "must be larger"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=0..1/log3"), "begins above 0"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..2/x"), "expected a range"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..2/1"), "expected a range"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..2/5x"), "expected a range"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..100000"), "more than 10000"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..99999999999"), "at most 9 digits"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1e-320..1/log5"), "too wide"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=-1e308..1e308/5"), "too wide"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1.00001..1.00002/5"), "some of its numbers are the same"));
    CU_ASSERT_PTR_NOT_NULL(strstr(grid("a=1..10/log10"), "some of its numbers are the same"));
}

static void one_value(void)
{
    static const struct {
        const char *text;
        bool varies;
    } cases[] = {{"a=1", false},  {"a=[1,2]", false}, {"a=\"1,2\"", false},
                 {"a=1,2", true}, {"a=1..2", true},   {"a=..", false}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        UNIT_CLEARED struct error error = {0};
        struct axis axis;
        CU_ASSERT_EQUAL(axis_parse(&axis, cases[i].text, &error), 0);
        CU_ASSERT_EQUAL(axis_varies(&axis), cases[i].varies);
        axis_finish(&axis);
    }
}

/* Draws 0 to count - 1 as numbers. */
static void draw(const char *text, double *numbers, size_t count)
{
    UNIT_CLEARED struct error error = {0};
    struct axis axis;

    CU_ASSERT_EQUAL_FATAL(axis_parse(&axis, text, &error), 0);
    for (size_t i = 0; i < count; i++) {
        char *value = axis_draw(&axis, i, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(value);
        numbers[i] = strtod(value, NULL);
        free(value);
    }
    axis_finish(&axis);
}

static void draws(void)
{
    enum { DRAWS = 2000 };
    static double numbers[DRAWS], again[DRAWS];
    size_t below = 0, seen[5] = {0};

    draw("train.rate=0.01..1.0/log", numbers, DRAWS);
    draw("train.rate=0.01..1.0/log", again, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        CU_ASSERT_TRUE(numbers[i] >= 0.01 && numbers[i] <= 1 && numbers[i] == again[i]);
        below += numbers[i] < 0.1;
    }
    CU_ASSERT_TRUE(below > DRAWS * 45 / 100 && below < DRAWS * 55 / 100); /* half of its logarithms */
    draw("train.rate=0.01..1.0", numbers, DRAWS);
    below = 0;
    for (size_t i = 0; i < DRAWS; i++)
        below += numbers[i] < 0.1;
    CU_ASSERT_TRUE(below > DRAWS * 6 / 100 && below < DRAWS * 12 / 100);
    draw("train.momentum=0.90001..0.99999", numbers, DRAWS);
    for (size_t i = 0; i < DRAWS; i++)
        CU_ASSERT_TRUE(numbers[i] >= 0.90001 &&
                       numbers[i] <= 0.99999); /* rounded to four digits, some are 1 */
    draw("network.dense1.units=3..7", numbers, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        CU_ASSERT_TRUE_FATAL(numbers[i] >= 3 && numbers[i] <= 7 && floor(numbers[i]) == numbers[i]);
        seen[(size_t)numbers[i] - 3]++;
    }
    for (size_t i = 0; i < COUNT(seen); i++)
        CU_ASSERT_TRUE(seen[i] > DRAWS * 15 / 100 && seen[i] < DRAWS * 25 / 100);
    draw("a=1,2", numbers, DRAWS);
    draw("b=1,2", again, DRAWS);
    CU_ASSERT_NOT_EQUAL(memcmp(numbers, again, sizeof numbers), 0); /* each key has its own */
}

/* ---- seed_list.h -------------------------------------------------------------------------------------------- */

static void seeds(void)
{
    static const char *const wrong[] = {"",  "1-",    "-3",  "3-1",        "1,,2",   "1,",
                                        "a", "1-3,2", "1;2", "2147483648", "1-99999"};
    static const int32_t right[] = {1, 3, 7, 8, 9};
    UNIT_CLEARED struct error error = {0};
    int32_t *list;
    size_t count;

    CU_ASSERT_EQUAL(seed_list_parse("1,3,7-9", &list, &count, &error), 0);
    CU_ASSERT_EQUAL_FATAL(count, COUNT(right));
    CU_ASSERT_EQUAL(memcmp(list, right, sizeof right), 0);
    free(list);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CU_ASSERT_EQUAL(seed_list_parse(wrong[i], &list, &count, &error), -1);
        CU_ASSERT_EQUAL(error.code, ERROR_ARGUMENT);
        free(list);
    }
}

/* ---- statistics --------------------------------------------------------------------------------------------- */

static void student(void)
{
    /* Abramowitz and Stegun, table 26.10: t at which the two-sided p is 0.05, 0.01, 0.001 */
    static const struct {
        unsigned freedom;
        double t[3];
    } table[] = {{1, {12.706, 63.657, 636.619}}, {2, {4.303, 9.925, 31.598}}, {3, {3.182, 5.841, 12.924}},
                 {4, {2.776, 4.604, 8.610}},     {9, {2.262, 3.250, 4.781}},  {10, {2.228, 3.169, 4.587}},
                 {30, {2.042, 2.750, 3.646}},    {120, {1.980, 2.617, 3.373}}};
    static const double p[] = {0.05, 0.01, 0.001};

    for (size_t i = 0; i < COUNT(table); i++)
        for (size_t k = 0; k < COUNT(p); k++) {
            CU_ASSERT_DOUBLE_EQUAL(t_of(p[k], table[i].freedom), table[i].t[k], 1e-3 * table[i].t[k]);
            CU_ASSERT_DOUBLE_EQUAL(t_two_sided(-t_of(p[k], table[i].freedom), table[i].freedom), p[k], 1e-9);
        }
    CU_ASSERT_EQUAL(t_two_sided(0, 5), 1);
    CU_ASSERT_EQUAL(t_two_sided((double)INFINITY, 5), 0);
}

static void means(void)
{
    static const double values[] = {0.91, 0.93, (double)NAN, 0.92, 0.95};
    const struct run_statistics all = run_statistics(values, COUNT(values)), one = run_statistics(values, 1);
    const struct run_statistics none = run_statistics(values + 2, 1);

    CU_ASSERT_EQUAL(all.count, 4);
    CU_ASSERT_DOUBLE_EQUAL(all.mean, 0.9275, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(all.deviation, 0.017078251276599347, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(all.low, 0.9275 - 3.182446305284263 * 0.017078251276599347 / 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(all.high, 0.9275 + 3.182446305284263 * 0.017078251276599347 / 2, 1e-9);
    CU_ASSERT_TRUE(one.count == 1 && one.mean == 0.91 && isnan(one.deviation) && isnan(one.low));
    CU_ASSERT_TRUE(none.count == 0 && isnan(none.mean));
}

static void paired(void)
{
    /* the sleep data of Student, "The probable error of a mean", 1908: t = 4.0621, p = 0.00283 */
    static const double sleep[] = {1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4};
    static const double same[] = {0.25, 0.25, 0.25, 0.25}, none[] = {0, 0, 0}, missing[] = {0.1, (double)NAN};

    CU_ASSERT_DOUBLE_EQUAL(run_paired_p(sleep, COUNT(sleep)), 0.002833, 1e-6);
    CU_ASSERT_EQUAL(run_paired_p(same, COUNT(same)), 0.125); /* the sign test */
    CU_ASSERT_EQUAL(run_paired_p(none, COUNT(none)), 1);
    CU_ASSERT_EQUAL(run_paired_p(missing, COUNT(missing)), 1);
}

static void holm(void)
{
    double p[] = {0.01, 0.04, (double)NAN, 0.03, 0.005}, tied[] = {0.02, 0.02, 0.9}, one[] = {0.03};
    static const double right[] = {0.03, 0.06, 0, 0.06, 0.02};

    run_holm(p, COUNT(p));
    for (size_t i = 0; i < COUNT(p); i++)
        CU_ASSERT_TRUE(i == 2 ? isnan(p[i]) : fabs(p[i] - right[i]) < 1e-12);
    run_holm(tied, COUNT(tied));
    CU_ASSERT_DOUBLE_EQUAL(tied[0], 0.06, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(tied[1], 0.06, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(tied[2], 0.9, 1e-12);
    run_holm(one, 1);
    CU_ASSERT_DOUBLE_EQUAL(one[0], 0.03, 1e-12);
}

/* ---- summary.h ---------------------------------------------------------------------------------------------- */

enum { SEEDS = 4, COMBINATIONS = 3, RUNS = SEEDS * COMBINATIONS };

/* The summary of runs with these validation accuracies, RUNS at most, NaN: not done; each was tested with 90 of 100 right. */
static struct summary summary_of(const double *accuracies, size_t combinations, size_t seed_count,
                                 bool validation)
{
    struct plan plan = {
        .combination_count = combinations, .seed_count = seed_count, .run_count = combinations * seed_count};
    struct outcome outcomes[RUNS] = {{0}};
    struct summary summary;
    UNIT_CLEARED struct error error = {0};

    for (size_t i = 0; i < plan.run_count; i++)
        outcomes[i] = (struct outcome){.state = isnan(accuracies[i]) ? OUTCOME_BEGUN : OUTCOME_DONE,
                                       .best = validation ? accuracies[i] : (double)NAN,
                                       .count = 100,
                                       .right = 90};
    CU_ASSERT_EQUAL_FATAL(summary_make(&summary, &plan, outcomes, &error), 0);
    return summary;
}

static void best(void)
{
    static const double clear[RUNS] = {0.90, 0.91,  0.92, 0.93, 0.95, 0.96,
                                       0.97, 0.985, 0.80, 0.81, 0.82, 0.831};
    static const double near[RUNS] = {0.90, 0.91,  0.92, 0.93, 0.91, 0.90,
                                      0.93, 0.925, 0.80, 0.81, 0.82, 0.831};
    struct summary summary = summary_of(clear, COMBINATIONS, SEEDS, true);

    CU_ASSERT_EQUAL(summary.verdict, SUMMARY_BEST);
    CU_ASSERT_EQUAL(summary.rows[0].combination, 1);
    CU_ASSERT_EQUAL(summary.rows[1].combination, 0);
    CU_ASSERT_TRUE(isnan(summary.rows[0].p) && summary.rows[1].p < 0.05 && summary.rows[2].p < 0.05);
    CU_ASSERT_DOUBLE_EQUAL(summary.rows[0].test.mean, 0.9, 1e-12);
    summary_finish(&summary);
    summary = summary_of(near, COMBINATIONS, SEEDS, true);
    CU_ASSERT_EQUAL(summary.verdict, SUMMARY_UNSURE);
    CU_ASSERT_EQUAL(summary.level, 2);
    CU_ASSERT_TRUE(summary.rows[1].p >= 0.05 && summary.rows[2].p < 0.05);
    summary_finish(&summary);
}

static void not_best(void)
{
    static const double one_seed[] = {0.1, 0.9, 0.5};
    static const double apart[] = {0.9, (double)NAN, (double)NAN, 0.8}; /* no seed in common */
    static const double alone[] = {0.9, (double)NAN, 0.8, (double)NAN};
    static const double none[] = {(double)NAN, (double)NAN};
    struct summary summary = summary_of(one_seed, 3, 1, true);

    CU_ASSERT_EQUAL(summary.verdict, SUMMARY_ONE_SEED);
    CU_ASSERT_EQUAL(summary.rows[0].combination, 1);
    summary_finish(&summary);
    summary = summary_of(apart, 2, 2, true);
    CU_ASSERT_EQUAL(summary.verdict, SUMMARY_ONE_SEED);
    CU_ASSERT_EQUAL(summary.rows[1].common, 0);
    summary_finish(&summary);
    summary = summary_of(alone, 1, 4, true);
    CU_ASSERT_TRUE(summary.verdict == SUMMARY_ALONE && summary.rows[0].measured.count == 2);
    summary_finish(&summary);
    summary = summary_of(none, 2, 1, true);
    CU_ASSERT_TRUE(summary.verdict == SUMMARY_NOTHING && summary.count == 0);
    summary_finish(&summary);
}

static void measures(void)
{
    static const double values[] = {0.1, 0.2, 0.3, 0.4};
    struct summary summary = summary_of(values, 2, 2, true);

    CU_ASSERT_FALSE(summary.by_test);
    summary_finish(&summary);
    summary = summary_of(values, 2, 2, false);
    CU_ASSERT_TRUE(summary.by_test);
    CU_ASSERT_DOUBLE_EQUAL(summary.rows[0].measured.mean, 0.9, 1e-12);
    CU_ASSERT_EQUAL(summary.verdict, SUMMARY_UNSURE);
    summary_finish(&summary);
}

static const struct unit_test tests[] = {
    {"commas part values, but not within quotes and brackets", lists},
    {"a range is its ends as written and what lies between, evenly or by a factor; others are refused",
     ranges},
    {"what has one value is an override", one_value},
    {"draws depend on key and number alone, and are uniform, by the logarithm where that is asked for",
     draws},
    {"seeds are numbers and ranges, none twice", seeds},
    {"Student's t has the tables' values", student},
    {"mean, deviation and interval leave out what is not known", means},
    {"the paired test has Student's own p; equal differences count by their signs", paired},
    {"Holm's correction is that of the ordered p, and keeps their order", holm},
    {"a combination is best if it is surely better than each other one, and only then", best},
    {"nothing is best by one seed, by seeds not in common, or alone", not_best},
    {"the test decides only where there is no validation", measures},
};
UNIT_MAIN("sweep", tests)
