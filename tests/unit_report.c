/* unit_report.c: what the pages of reports are made of: text, numbers, axes, charts, colours. */
#include "unit.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/chart_axis.h"
#include "report/heat_map.h"
#include "report/html.h"
#include "report/svg_chart.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define BAD          "\xef\xbf\xbd" /* U+FFFD */

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* ---- html.h ------------------------------------------------------------------------------------ */

static void text(void)
{
    static const struct {
        const char *given, *page;
    } cases[] = {
        {"lenet", "lenet"},
        {"", ""},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"a & \"b\" 'c'", "a &amp; &quot;b&quot; &#39;c&#39;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82",
         "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82"},
        {"tab\tline\n", "tab\tline\n"},
        {"\x01\x1b[2J\x7f", BAD BAD "[2J" BAD},
        {"\x80<", BAD "&lt;"},
        {"\xc3<", BAD "&lt;"},                 /* cut short */
        {"\xc3", BAD},                         /* by the end */
        {"\xc0\xbc", BAD BAD},                 /* '<' in two bytes */
        {"\xe0\x80\xbc", BAD BAD BAD},         /* in three */
        {"\xf0\x80\x80\xbc", BAD BAD BAD BAD}, /* in four */
        {"\xed\xa0\x80", BAD BAD BAD},         /* half of a pair of UTF-16 */
        {"\xf4\x90\x80\x80", BAD BAD BAD BAD}, /* beyond Unicode */
        {"\xef\xbf\xbe", BAD BAD BAD},         /* no character */
        {"\xc2\x85", BAD BAD},                 /* a control character in two bytes */
        {"\xff\xfe", BAD BAD},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct html html = {0};
        html_text(&html, cases[i].given);
        html_add(&html, "");
        CU_ASSERT_PTR_NOT_NULL_FATAL(html.text);
        CU_ASSERT_STRING_EQUAL(html.text, cases[i].page);
        CU_ASSERT_EQUAL(html.length, strlen(cases[i].page));
        html_finish(&html);
    }
}

static void long_text(void)
{
    struct html html = {0};
    struct error error UNIT_CLEARED = {0};

    for (int i = 0; i < 100000; i++)
        html_format(&html, "<p>%05d", i);
    CU_ASSERT_EQUAL(html_check(&html, &error), 0);
    CU_ASSERT_EQUAL_FATAL(html.length, 800000);
    CU_ASSERT_EQUAL(memcmp(html.text + 8 * 77777, "<p>77777<p>77778", 16), 0);
    html_finish(&html);
}

static void counts(void)
{
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {61706, "61,706"}, {1234567, "1,234,567"}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct html html = {0};
        char value[CHART_TEXT];
        html_count(&html, cases[i].count);
        CU_ASSERT_STRING_EQUAL(html.text, cases[i].text);
        CU_ASSERT_STRING_EQUAL(chart_value(CHART_COUNT, (double)cases[i].count, value), cases[i].text);
        html_finish(&html);
    }
}

static void base64(void)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xfb\xff\xbf", "+/+/"}};
    char got[32];

    for (size_t i = 0; i < COUNT(cases); i++) {
        html_base64((const uint8_t *)cases[i][0], strlen(cases[i][0]), got);
        CU_ASSERT_STRING_EQUAL(got, cases[i][1]);
    }
}

/* ---- chart_axis.h ------------------------------------------------------------------------------ */

static void expect_axis(struct chart_axis axis, const char *wanted)
{
    char ticks[512] = "", tick[CHART_TEXT];
    size_t used = 0;

    for (size_t i = 0; i < axis.count; i++)
        used += (size_t)snprintf(ticks + used, sizeof ticks - used, "%s%s", i ? " | " : "",
                                 chart_axis_tick(&axis, i, tick));
    if (strcmp(ticks, wanted) != 0)
        fprintf(stderr, "axis \"%s\", wanted \"%s\"\n", ticks, wanted);
    CU_ASSERT_STRING_EQUAL(ticks, wanted);
}

static void round_ticks(void)
{
    expect_axis(chart_axis_linear(0, 0.29, 4, CHART_REAL), "0.0 | 0.1 | 0.2 | 0.3");
    expect_axis(chart_axis_linear(0.909, 0.998, 4, CHART_PERCENT), "90 % | 95 % | 100 %");
    expect_axis(chart_axis_linear(0.9905, 0.9931, 4, CHART_PERCENT),
                "99.0 % | 99.1 % | 99.2 % | 99.3 % | 99.4 %");
    expect_axis(chart_axis_linear(0, 76000, 4, CHART_COUNT), "0 | 20k | 40k | 60k | 80k");
    expect_axis(chart_axis_linear(0, 2.5e6, 4, CHART_COUNT), "0 | 1M | 2M | 3M");
    expect_axis(chart_axis_linear(-1.5, 2.5, 4, CHART_REAL), "-2 | -1 | 0 | 1 | 2 | 3");
    expect_axis(chart_axis_linear(0, 0, 4, CHART_REAL), "0.0 | 0.5 | 1.0");
    expect_axis(chart_axis_linear(0.05, 0.05, 4, CHART_REAL), "0.045 | 0.050 | 0.055");
    expect_axis(chart_axis_log(0.0085, 0.29, CHART_REAL), "0.005 | 0.01 | 0.02 | 0.05 | 0.1 | 0.2 | 0.5");
    expect_axis(chart_axis_log(0.01, 1, CHART_REAL), "0.01 | 0.02 | 0.05 | 0.1 | 0.2 | 0.5 | 1");
    expect_axis(chart_axis_log(3e-6, 2, CHART_REAL), "1e-06 | 1e-05 | 0.0001 | 0.001 | 0.01 | 0.1 | 1 | 10");
}

/* Whatever the values, the axis holds them and its ticks rise. */
static void any_axis(void)
{
    static const double sizes[] = {1e-280, 1e-30, 1e-5, 0.007, 0.31, 1, 2, 77, 12345, 9e9, 1e30, 1e280};
    static const double spreads[] = {0, 1e-15, 1e-9, 1e-3, 0.5, 1, 3, 1000, 1e12};

    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t k = 0; k < COUNT(spreads); k++)
            for (size_t kind = 0; kind < 3; kind++) {
                const double low = kind == 2 ? -sizes[i] : sizes[i], high = low + sizes[i] * spreads[k];
                const struct chart_axis axis = kind == 1 ? chart_axis_log(low, high, CHART_REAL)
                                                         : chart_axis_linear(low, high, 4, CHART_REAL);
                const double slack = 1e-6;
                CU_ASSERT(axis.count >= 2 && axis.count <= CHART_MOST_TICKS);
                for (size_t t = 1; t < axis.count; t++)
                    CU_ASSERT(axis.tick[t] > axis.tick[t - 1]);
                CU_ASSERT(chart_axis_at(&axis, low) >= -slack && chart_axis_at(&axis, low) < 1);
                CU_ASSERT(chart_axis_at(&axis, high) > 0 - slack && chart_axis_at(&axis, high) <= 1 + slack);
                CU_ASSERT_DOUBLE_EQUAL(chart_axis_tick_at(&axis, 0), 0, 1e-12);
                CU_ASSERT_DOUBLE_EQUAL(chart_axis_tick_at(&axis, axis.count - 1), 1, 1e-12);
            }
}

static void equal_ratios(void)
{
    const struct chart_axis axis = chart_axis_log(1e-3, 1e3, CHART_REAL);

    for (double x = 1e-3; x <= 1e3; x *= 1.37)
        CU_ASSERT_DOUBLE_EQUAL(chart_axis_at(&axis, x), (log10(x) + 3) / 6, 1e-8);
    CU_ASSERT_EQUAL(chart_axis_at(&axis, 1e-9), 0); /* below the axis: at its end */
}

/* ---- svg_chart.h ------------------------------------------------------------------------------- */

/* The chart of one series, for free(). */
static char *draw(const char *name, const double *x, const double *y, size_t count, bool logarithmic)
{
    const struct chart_series series = {name, 0, x, y, count};
    const struct chart chart = {.title = "Loss",
                                .series = &series,
                                .count = 1,
                                .from_zero = true,
                                .logarithmic = logarithmic,
                                .keys = true,
                                .mark = (double)NAN};
    struct html html = {0};

    svg_chart_add(&html, &chart);
    html_add(&html, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(html.text);
    return html.text;
}

/* Where the line of a chart goes: MX Yh0 and LX Y in turn; how many, and whether each begins a part. */
struct point {
    double x, y;
    bool begins;
};
static size_t points_of(const char *page, struct point *points, size_t most)
{
    const char *at = strstr(strstr(page, "</text><path class=\"line c0\" d=\""), "d=\"") + 3;
    size_t count = 0;

    while (*at != '"' && count < most) {
        char *end;
        points[count].begins = *at == 'M';
        points[count].x = strtod(at + 1, &end);
        points[count].y = strtod(end, &end);
        at = end + (strncmp(end, "h0", 2) == 0 ? 2 : 0);
        count++;
    }
    return count;
}

static void geometry(void)
{
    static const double x[] = {1, 2, 3, 4, 5}, y[] = {4, 2, 0, 1, 3};
    char *page = draw("loss", x, y, COUNT(x), false);
    struct point points[8];

    CU_ASSERT_EQUAL_FATAL(points_of(page, points, COUNT(points)), 5);
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(points[i].begins, i == 0);
        CU_ASSERT(points[i].x > 0 && points[i].x < 380 && points[i].y > 0 && points[i].y < 206);
        /* both axes are linear: equal steps are equal distances */
        CU_ASSERT_DOUBLE_EQUAL(points[i].x - points[0].x, (double)i * (points[1].x - points[0].x), 0.3);
        CU_ASSERT_DOUBLE_EQUAL(points[i].y - points[2].y, y[i] * (points[3].y - points[2].y), 0.3);
    }
    CU_ASSERT(points[0].y < points[1].y); /* up is more */
    CU_ASSERT_EQUAL(occurrences(page, "class=\"hit\""), 5);
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "<title>epoch 4: loss 1</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "loss <b>3</b>"));
    free(page);
}

static void gaps(void)
{
    static const double x[] = {1, 2, 3, 4, 5, 6};
    const double y[] = {NAN, 1, 2, NAN, 3, INFINITY};
    char *page = draw("loss", x, y, COUNT(x), false);
    struct point points[8];

    CU_ASSERT_EQUAL_FATAL(points_of(page, points, COUNT(points)), 3);
    CU_ASSERT(points[0].begins && !points[1].begins && points[2].begins);
    CU_ASSERT_EQUAL(occurrences(page, "class=\"hit\""), 3);
    CU_ASSERT_PTR_NULL(strstr(page, "nan"));
    CU_ASSERT_PTR_NULL(strstr(page, "inf"));
    free(page);
}

static void few_values(void)
{
    static const double x[] = {1, 2}, one[] = {0.5};
    const double none[] = {NAN, NAN};
    char *page = draw("loss", x, none, 2, false);
    struct point points[8];

    CU_ASSERT_STRING_EQUAL(page, "");
    free(page);
    page = draw("loss", x, none, 0, false);
    CU_ASSERT_STRING_EQUAL(page, "");
    free(page);
    page = draw("loss", x, one, 1, true);
    CU_ASSERT_EQUAL(points_of(page, points, COUNT(points)), 1);
    free(page);
}

static void many_values(void)
{
    enum { EPOCHS = 50000 };
    static double x[EPOCHS], y[EPOCHS];
    char *page;

    for (size_t i = 0; i < EPOCHS; i++) {
        x[i] = (double)i + 1;
        y[i] = 1 / x[i];
    }
    page = draw("loss", x, y, EPOCHS, true);
    CU_ASSERT(strlen(page) < 100000);
    CU_ASSERT(occurrences(page, "class=\"hit\"") <= 100);
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "log scale"));
    free(page);
}

static void hostile_name(void)
{
    static const double x[] = {1}, y[] = {1};
    char *page = draw("<script>\"&", x, y, 1, false);

    CU_ASSERT_PTR_NULL(strstr(page, "<script"));
    CU_ASSERT_EQUAL(occurrences(page, "&lt;script&gt;&quot;&amp;"), 3);
    free(page);
}

/* ---- heat_map.h -------------------------------------------------------------------------------- */

static const struct model unnamed; /* its classes are called by their numbers */

static void colours(void)
{
    uint64_t confusion[] = {90, 0, 10, /**/ 0, 0, 0, /**/ 5, 0, 1};
    const struct evaluation result = {.classes = 3, .confusion = confusion};
    struct html html = {0};
    size_t label = 9, said = 9;

    CU_ASSERT_EQUAL(heat_map_worst(&result, &label, &said), 10);
    CU_ASSERT_EQUAL(label, 0);
    CU_ASSERT_EQUAL(said, 2);
    heat_map_add(&html, &unnamed, &result);
    CU_ASSERT_EQUAL(occurrences(html.text, "<title>"), 4); /* what never happened is left out */
    CU_ASSERT_EQUAL(occurrences(html.text, "class=\"wrong\""), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(html.text, "<title>is 0, said 2: 10 of 100 (10.00 %)</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(html.text, "fill-opacity=\"1.00\""));
    html_finish(&html);
}

static void names(void)
{
    uint64_t confusion[] = {1, 2, /**/ 0, 1};
    const struct evaluation result = {.classes = 2, .confusion = confusion};
    const struct model model = {
        .settings.data.classes = {
            .count = 2, .listed = 1, .value = {"<a&b>", "\xc3\xa9tude of more than twenty letters"}}};
    struct html html = {0};

    heat_map_add(&html, &model, &result);
    CU_ASSERT_PTR_NOT_NULL(strstr(
        html.text, "<title>is &lt;a&amp;b&gt;, said \xc3\xa9tude of more than twenty letters: 2 of 3"));
    CU_ASSERT_EQUAL(occurrences(html.text, ">\xc3\xa9tude of more than t</text>"), 2);
    CU_ASSERT_EQUAL(occurrences(html.text, ">&lt;a&amp;b&gt;</text>"), 2);
    html_finish(&html);
}

static void many_classes(void)
{
    static uint64_t confusion[EVALUATE_MOST_CLASSES * EVALUATE_MOST_CLASSES];
    const struct evaluation result = {.classes = EVALUATE_MOST_CLASSES, .confusion = confusion};
    struct html html = {0};

    for (size_t i = 0; i < EVALUATE_MOST_CLASSES; i++)
        confusion[i * EVALUATE_MOST_CLASSES + i] = 1;
    CU_ASSERT_EQUAL(heat_map_worst(&result, &(size_t){0}, &(size_t){0}), 0);
    heat_map_add(&html, &unnamed, &result);
    CU_ASSERT_EQUAL(occurrences(html.text, "<title>"), EVALUATE_MOST_CLASSES);
    CU_ASSERT(html.length < 100000);
    html_finish(&html);
}

static const struct unit_test tests[] = {
    {"text shows as it is, whatever is in it, and is valid UTF-8", text},
    {"a page may be long", long_text},
    {"counts have commas", counts},
    {"base 64 is that of RFC 4648", base64},
    {"ticks are round numbers around the values", round_ticks},
    {"whatever the values, the axis holds them", any_axis},
    {"on a log scale equal ratios are equal distances", equal_ratios},
    {"a chart's points are where their values are, and can be hovered over", geometry},
    {"values that are missing are gaps", gaps},
    {"a chart of one value is a dot, of none nothing", few_values},
    {"a chart of many epochs stays small", many_values},
    {"a hostile name is text in a chart", hostile_name},
    {"a confusion matrix has a cell for what happened, with its share", colours},
    {"a confusion matrix calls classes by their names, escaped, and cut where they are long", names},
    {"one of many classes stays small", many_classes},
};
UNIT_MAIN("report", tests)
