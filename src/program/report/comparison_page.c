/* comparison_page.c: see comparison_page.h. */
#include "report/comparison_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "event/told_p.h"
#include "report/page_parts.h"
#include "report/settings_apart.h"
#include "report/svg_chart.h"

enum { PLOT_WIDTH = 220, PLOT_HEIGHT = 22 };

struct comparison {
    struct run_record *records;
    size_t count;
    const char **names; /* [count], of the runs: as short as tells them apart */
    size_t best;        /* the most accurate one; count: none was tested, or not on the same data */
    size_t next;        /* the most accurate of the others that were tested; count: there is none */
    bool tested;        /* at least one was */
    bool compared;      /* the best and the next, sample by sample */
    struct mcnemar pair;
};

static double accuracy(const struct run_record *record)
{
    return record->test.count ? (double)record->test.right / (double)record->test.count : (double)NAN;
}

/* By their numbers of samples, and by where run.json says they were. */
static bool same_test(const struct run_record *a, const struct run_record *b)
{
    return a->test.count == b->test.count && run_record_same_data(a, b, "test_images") &&
           run_record_same_data(a, b, "test_labels");
}

/* Of those that were tested. */
static bool all_same_test(const struct comparison *c)
{
    const struct run_record *first = NULL;

    for (size_t i = 0; i < c->count; i++) {
        if (c->records[i].test.count == 0)
            continue;
        if (first && !same_test(first, &c->records[i]))
            return false;
        first = first ? first : &c->records[i];
    }
    return true;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

static int choose_names_and_best(struct comparison *c, struct error *error)
{
    bool differ = true;

    c->names = memory_array(c->count, sizeof *c->names);
    if (!c->names)
        return error_memory(error);
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < i; k++)
            differ = differ && strcmp(last_part(c->records[i].folder), last_part(c->records[k].folder)) != 0;
    c->best = c->count;
    for (size_t i = 0; i < c->count; i++) {
        c->names[i] = differ ? last_part(c->records[i].folder) : c->records[i].folder;
        if (c->records[i].test.count > 0 &&
            (c->best == c->count || accuracy(&c->records[i]) > accuracy(&c->records[c->best])))
            c->best = i;
    }
    c->tested = c->best < c->count;
    if (!all_same_test(c))
        c->best = c->count;
    return 0;
}

/* The most accurate of the others that were tested; count: there is none. */
static size_t second(const struct comparison *c)
{
    size_t next = c->count;

    for (size_t i = 0; i < c->count; i++)
        if (i != c->best && c->records[i].test.count > 0 &&
            (next == c->count || accuracy(&c->records[i]) > accuracy(&c->records[next])))
            next = i;
    return next;
}

static struct evaluation_interval interval_of(const struct run_record *record)
{
    return evaluation_interval(record->test.right, record->test.count);
}

static int compare_best(struct comparison *c, const struct tester_spec *how, struct error *error)
{
    int result;

    c->next = c->best < c->count ? second(c) : c->count;
    if (c->next == c->count)
        return 0;
    result = run_record_compare(&c->records[c->best], &c->records[c->next], how, &c->pair, error);
    c->compared = result == 0;
    return result < 0 ? -1 : 0;
}

static void add_pair(struct html *html, const struct mcnemar *pair)
{
    html_add(html, ". The best alone is right for <b>");
    html_count(html, pair->only_first);
    html_add(html, "</b> samples, the next alone for <b>");
    html_count(html, pair->only_second);
    html_format(html, "</b>; McNemar&rsquo;s test: p %s %.2g, so chance alone %s makes such a difference.",
                pair->p < TOLD_LEAST_P ? "&lt;" : "=", pair->p < TOLD_LEAST_P ? TOLD_LEAST_P : pair->p,
                pair->p < TOLD_UNLIKELY_P ? "rarely" : "often");
}

static void add_second(struct html *html, const struct comparison *c)
{
    if (c->next == c->count)
        return;
    html_add(html, " Next comes <b>");
    html_text(html, c->names[c->next]);
    html_add(html, "</b> with ");
    page_percent(html, accuracy(&c->records[c->next]));
    if (c->compared)
        add_pair(html, &c->pair);
    else if (interval_of(&c->records[c->best]).low > interval_of(&c->records[c->next]).high)
        html_add(html, ": the intervals are apart.");
    else
        html_add(html, ": the intervals overlap, so chance may be all there is between them.");
}

static void add_header(struct html *html, const struct comparison *c)
{
    html_format(html, "<header>\n<p class=\"over\">nnrun report &middot; %zu runs compared</p>\n<h1>",
                c->count);
    if (!c->tested) {
        html_add(html, "None of these runs has been tested</h1>\n");
    } else if (c->best == c->count) {
        html_add(
            html,
            "These runs were tested on different data</h1>\n<p class=\"lead\">Their test samples differ in "
            "number or in the files they come from, so their results do not say which is better.</p>\n");
    } else {
        const struct run_record *best = &c->records[c->best];
        html_text(html, c->names[c->best]);
        html_format(html, " is best</h1>\n<p class=\"big\">%.2f<small>%%</small></p>\n<p class=\"lead\"><b>",
                    100 * accuracy(best));
        html_count(html, best->test.right);
        html_add(html, "</b> of <b>");
        html_count(html, best->test.count);
        html_add(html, "</b> test samples right; ");
        page_interval(html, best->test.right, best->test.count);
        html_add(html, ".");
        add_second(html, c);
        html_add(html, "</p>\n");
    }
    html_add(html, "</header>\n");
}

/* ---- results ------------------------------------------------------------------------------------------- */

/* From the least to the largest accuracy that an interval has. */
static struct evaluation_interval span(const struct comparison *c)
{
    struct evaluation_interval all = {1, 0};

    for (size_t i = 0; i < c->count; i++)
        if (c->records[i].test.count > 0) {
            const struct evaluation_interval one = interval_of(&c->records[i]);
            all.low = one.low < all.low ? one.low : all.low;
            all.high = one.high > all.high ? one.high : all.high;
        }
    return all;
}

static void add_plot(struct html *html, const struct run_record *record, struct evaluation_interval all,
                     unsigned number)
{
    const struct evaluation_interval one = interval_of(record);
    const double scale = (PLOT_WIDTH - 16) / (all.high > all.low ? all.high - all.low : 1);

    html_format(
        html,
        "<svg class=\"interval\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"%.2f to %.2f %%\"><path class=\"grid\" d=\"M0 %d.5H%d\"/>"
        "<path class=\"line c%u\" d=\"M%.1f %dH%.1f\"/><circle class=\"dot c%u\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/></svg>",
        PLOT_WIDTH, PLOT_HEIGHT, 100 * one.low, 100 * one.high, PLOT_HEIGHT / 2, PLOT_WIDTH, number,
        8 + scale * (one.low - all.low), PLOT_HEIGHT / 2, 8 + scale * (one.high - all.low), number,
        8 + scale * (accuracy(record) - all.low), PLOT_HEIGHT / 2);
}

static void add_result(struct html *html, const struct comparison *c, size_t i)
{
    const struct run_record *record = &c->records[i];
    const struct evaluation_interval one = interval_of(record);
    char text[CHART_TEXT], time[PAGE_TIME_TEXT];

    html_format(html, "<tr%s><th class=\"t\">", i == c->best ? " class=\"best\"" : "");
    svg_chart_key(html, c->names[i], (unsigned)i % SVG_CHART_COLOURS);
    html_add(html, "</th>");
    if (record->test.count > 0) {
        html_add(html, "<td>");
        page_percent(html, accuracy(record));
        html_format(html, "</td><td>%.2f to %.2f</td><td>", 100 * one.low, 100 * one.high);
        add_plot(html, record, span(c), (unsigned)i % SVG_CHART_COLOURS);
        html_format(html, "</td><td>%s</td>",
                    isfinite(record->test.loss) ? chart_value(CHART_REAL, record->test.loss, text)
                                                : "&ndash;");
    } else {
        html_add(html, "<td class=\"none\" colspan=\"4\">not tested</td>");
    }
    html_format(html, "<td>%zu%s</td><td>", record->epochs, record->finished ? "" : " <small>so far</small>");
    html_count(html, record->model.net->parameters);
    html_format(html, "</td><td>%s</td>",
                isfinite(record->seconds) ? page_time(record->seconds, time) : "&ndash;");
    html_format(html, "<td>%s</td></tr>\n",
                isfinite(record->speed) ? chart_value(CHART_COUNT, record->speed, text) : "&ndash;");
}

static void add_results(struct html *html, const struct comparison *c)
{
    html_add(
        html,
        "<section><h2>Results</h2>\n<p>On the test samples, with 95&nbsp;% intervals (Wilson&rsquo;s). They say how "
        "much the choice of samples may matter; another seed moves a result as well.</p>\n"
        "<div class=\"card\"><div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\">run</th><th>right</th>"
        "<th>interval</th><th></th><th>loss</th><th>epochs</th><th>parameters</th><th>time</th>"
        "<th>samples/s</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < c->count; i++)
        add_result(html, c, i);
    html_add(html, "</tbody></table></div></div></section>\n");
}

/* ---- curves -------------------------------------------------------------------------------------------- */

static int add_curves(struct html *html, const struct comparison *c, struct error *error)
{
    static const struct {
        enum record_column column;
        struct chart chart;
    } charts[] = {
        {RECORD_VALIDATION_ACCURACY, {.title = "Validation accuracy", .numbers = CHART_PERCENT}},
        {RECORD_TRAIN_ACCURACY, {.title = "Training accuracy", .numbers = CHART_PERCENT}},
        {RECORD_VALIDATION_LOSS, {.title = "Validation loss", .from_zero = true, .logarithmic = true}},
        {RECORD_LOSS, {.title = "Training loss", .from_zero = true, .logarithmic = true}},
        {RECORD_RATE, {.title = "Learning rate", .from_zero = true}},
        {RECORD_SPEED, {.title = "Samples per second", .numbers = CHART_COUNT, .from_zero = true}},
    };
    struct chart_series *series = memory_array(c->count, sizeof *series);

    if (!series)
        return error_memory(error);
    html_add(html, "<section><h2>How they learned</h2>\n<p>By epoch.</p>\n<ul class=\"keys\">");
    for (size_t i = 0; i < c->count; i++) {
        html_add(html, "<li>");
        svg_chart_key(html, c->names[i], (unsigned)i % SVG_CHART_COLOURS);
        html_add(html, "</li>");
    }
    html_add(html, "</ul>\n<div class=\"charts\">\n");
    for (size_t k = 0; k < sizeof charts / sizeof charts[0]; k++) {
        struct chart chart = charts[k].chart;
        for (size_t i = 0; i < c->count; i++)
            series[i] = (struct chart_series){c->names[i], (unsigned)i % SVG_CHART_COLOURS,
                                              c->records[i].column[RECORD_EPOCH],
                                              c->records[i].column[charts[k].column], c->records[i].epochs};
        chart.series = series;
        chart.count = c->count;
        chart.mark = (double)NAN;
        svg_chart_add(html, &chart);
    }
    html_add(html, "</div></section>\n");
    free(series);
    return 0;
}

/* ---- settings ------------------------------------------------------------------------------------------ */

static void add_setting(struct html *html, const struct setting_row *row, size_t runs)
{
    html_add(html, "<tr><th class=\"t\"><code>");
    html_text(html, row->key);
    html_add(html, "</code></th>");
    for (size_t i = 0; i < runs; i++) {
        html_add(html, row->values[i] ? "<td class=\"w\">" : "<td class=\"w none\">");
        if (row->values[i])
            html_text(html, row->values[i]);
        else
            html_add(html, "&ndash;");
        html_add(html, "</td>");
    }
    html_add(html, "</tr>\n");
}

static int add_settings(struct html *html, const struct comparison *c, struct error *error)
{
    struct settings_apart apart;
    const int result = settings_apart_find(&apart, c->records, c->count, error);

    html_add(html, "<section><h2>What they were told</h2>\n");
    if (result == 0 && apart.count == 0) {
        html_add(html, "<p>All their settings are the same.</p>\n");
    } else if (result == 0) {
        html_add(
            html,
            "<p>The settings in which they differ; a dash where a config leaves one at its default, or has no "
            "such layer.</p>\n<div class=\"card\"><div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\">"
            "setting</th>");
        for (size_t i = 0; i < c->count; i++) {
            html_add(html, "<th class=\"t\">");
            svg_chart_key(html, c->names[i], (unsigned)i % SVG_CHART_COLOURS);
            html_add(html, "</th>");
        }
        html_add(html, "</tr></thead><tbody>\n");
        for (size_t i = 0; i < apart.count; i++)
            add_setting(html, &apart.rows[i], c->count);
        html_add(html, "</tbody></table></div></div>\n");
    }
    html_add(html, "</section>\n");
    settings_apart_finish(&apart);
    return result;
}

int comparison_page_write(struct html *html, struct run_record *records, size_t count,
                          const struct tester_spec *how, struct error *error)
{
    struct comparison c = {.records = records, .count = count};
    int result = choose_names_and_best(&c, error) || compare_best(&c, how, error) ? -1 : 0;

    if (result == 0) {
        char *title = memory_format("%zu runs compared", count);
        if (title)
            page_begin(html, title);
        else
            html->failed = true;
        free(title);
        add_header(html, &c);
        add_results(html, &c);
        result = add_curves(html, &c, error) || add_settings(html, &c, error) ? -1 : 0;
        page_end(html);
    }
    free(c.names);
    return result ? -1 : html_check(html, error);
}
