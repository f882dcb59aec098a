/* sweep_page.c: see sweep_page.h. */
#include "sweep/sweep_page.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/page_parts.h"
#include "report/svg_chart.h"
#include "run/run_files.h"
#include "sweep/sweep_words.h"

enum { PLOT_WIDTH = 220, PLOT_HEIGHT = 22 };

struct page {
    struct html *html;
    const struct plan *plan;
    const struct outcome *outcomes;
    const struct summary *summary;
    double low, high; /* from the least to the largest accuracy that an interval reaches */
};

static void find_span(struct page *page)
{
    page->low = 1;
    page->high = 0;
    for (size_t i = 0; i < page->summary->count; i++) {
        const struct run_statistics *one = &page->summary->rows[i].measured;
        const double low = isnan(one->low) ? one->mean : one->low,
                     high = isnan(one->high) ? one->mean : one->high;
        page->low = low < page->low ? low : page->low;
        page->high = high > page->high ? high : page->high;
    }
}

static int add_header(const struct page *page, struct error *error)
{
    char *verdict = sweep_words_verdict(page->summary, page->plan);

    if (!verdict)
        return error_memory(error);
    html_add(page->html, "<header><p class=\"over\">");
    html_count(page->html, page->plan->run_count);
    html_add(page->html, " runs of ");
    html_text(page->html, page->plan->name);
    html_add(page->html, "</p>\n<h1>");
    html_text(page->html, verdict);
    html_add(page->html, "</h1>\n</header>\n");
    free(verdict);
    return 0;
}

/* ---- combinations ---------------------------------------------------------------------------------------- */

static double place_of(const struct page *page, double accuracy)
{
    const double room = page->high > page->low ? page->high - page->low : 1;

    return 8 + (PLOT_WIDTH - 16) * (accuracy - page->low) / room;
}

static void add_plot(const struct page *page, const struct run_statistics *one, unsigned number)
{
    html_format(page->html,
                "<svg class=\"interval\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
                "aria-label=\"mean %.2f %%\"><path class=\"grid\" d=\"M0 %d.5H%d\"/>",
                PLOT_WIDTH, PLOT_HEIGHT, 100 * one->mean, PLOT_HEIGHT / 2, PLOT_WIDTH);
    if (!isnan(one->low))
        html_format(page->html, "<path class=\"line c%u\" d=\"M%.1f %dH%.1f\"/>", number,
                    place_of(page, one->low), PLOT_HEIGHT / 2, place_of(page, one->high));
    html_format(page->html, "<circle class=\"dot c%u\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/></svg>", number,
                place_of(page, one->mean), PLOT_HEIGHT / 2);
}

static void add_row(const struct page *page, size_t i)
{
    const struct summary_row *row = &page->summary->rows[i];
    const struct run_statistics *one = &row->measured;
    const unsigned colour = (unsigned)i % SVG_CHART_COLOURS;
    struct html *html = page->html;

    html_format(html, "<tr%s><th class=\"t\">",
                i == 0 && page->summary->verdict == SUMMARY_BEST ? " class=\"best\"" : "");
    svg_chart_key(html, sweep_words_label(page->plan, row->combination), colour);
    html_format(html, "</th><td>%zu</td><td>", one->count);
    page_percent(html, one->mean);
    html_add(html, "</td>");
    if (isnan(one->deviation))
        html_add(html, "<td class=\"none\">&ndash;</td><td class=\"none\">&ndash;</td><td>");
    else
        html_format(html, "<td>%.2f</td><td>%.2f to %.2f</td><td>", 100 * one->deviation, 100 * one->low,
                    100 * one->high);
    add_plot(page, one, colour);
    html_add(html, "</td>");
    page_cell(html, CHART_PERCENT, row->test.mean);
    if (isnan(row->p))
        html_add(html, "<td class=\"none\">&ndash;</td></tr>\n");
    else
        html_format(html, "<td>%s%.2g</td></tr>\n", row->p < 0.0001 ? "&lt; " : "",
                    row->p < 0.0001 ? 0.0001 : row->p);
}

static void add_combinations(const struct page *page)
{
    html_add(page->html, "<section><h2>Combinations</h2>\n<p>By their mean ");
    html_add(page->html, sweep_words_measure(page->summary));
    html_add(
        page->html,
        " (of the best epoch, where there is validation), with the deviation over the seeds in points and Student&rsquo;s 95&nbsp;% interval of the mean. p is that of "
        "a paired t-test against the first row, with Holm&rsquo;s correction: below 0.05, chance alone rarely makes "
        "such a difference.</p>\n<div class=\"card\"><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
        "<th class=\"t\">combination</th><th>seeds</th><th>mean</th><th>deviation</th><th>interval</th><th></th>"
        "<th>test</th><th>p</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < page->summary->count; i++)
        add_row(page, i);
    html_add(page->html, "</tbody></table></div></div></section>\n");
}

/* ---- curves ---------------------------------------------------------------------------------------------- */

/* The mean of a combination's finished runs after each epoch that all of them had. */
static int mean_curve(const struct page *page, size_t combination, struct chart_series *series, double **x,
                      double **y)
{
    const size_t seeds = page->plan->seed_count;
    const struct outcome *outcomes = page->outcomes + combination * seeds;
    size_t epochs = 0, runs = 0;

    for (size_t k = 0; k < seeds; k++)
        if (outcomes[k].state == OUTCOME_DONE) {
            epochs = runs == 0 || outcomes[k].epochs < epochs ? outcomes[k].epochs : epochs;
            runs++;
        }
    *x = memory_array(epochs, sizeof **x);
    *y = memory_array(epochs, sizeof **y);
    if (!*x || !*y)
        return -1;
    for (size_t e = 0; e < epochs; e++) {
        (*x)[e] = (double)e + 1;
        for (size_t k = 0; k < seeds; k++)
            if (outcomes[k].state == OUTCOME_DONE)
                (*y)[e] += outcomes[k].validation[e] / (double)runs;
    }
    series->x = *x;
    series->y = *y;
    series->count = epochs;
    return 0;
}

static int add_curves(const struct page *page, struct error *error)
{
    const size_t count = page->summary->count < SVG_CHART_COLOURS ? page->summary->count : SVG_CHART_COLOURS;
    struct chart_series series[SVG_CHART_COLOURS] = {{0}};
    double *x[SVG_CHART_COLOURS] = {NULL}, *y[SVG_CHART_COLOURS] = {NULL};
    struct chart chart = {.title = "Validation accuracy, mean over the seeds",
                          .series = series,
                          .count = count,
                          .numbers = CHART_PERCENT,
                          .keys = true,
                          .mark = (double)NAN};
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        series[i].name = sweep_words_label(page->plan, page->summary->rows[i].combination);
        series[i].number = (unsigned)i;
        result = mean_curve(page, page->summary->rows[i].combination, &series[i], &x[i], &y[i]);
    }
    if (result != 0) {
        error_memory(error);
    } else if (svg_chart_has_values(&chart)) {
        html_add(page->html, "<section><h2>How they learned</h2>\n<p>By epoch");
        html_add(page->html, count < page->summary->count ? ", the best eight.</p>\n" : ".</p>\n");
        html_add(page->html, "<div style=\"max-width:640px\">");
        svg_chart_add(page->html, &chart);
        html_add(page->html, "</div></section>\n");
    }
    for (size_t i = 0; i < count; i++) {
        free(x[i]);
        free(y[i]);
    }
    return result;
}

/* ---- runs ------------------------------------------------------------------------------------------------- */

static void add_run(const struct page *page, size_t i)
{
    static const char *const states[] = {
        [OUTCOME_NONE] = "missing", [OUTCOME_BEGUN] = "begun", [OUTCOME_DONE] = "done"};
    const struct plan_run *run = &page->plan->runs[i];
    const struct outcome *outcome = &page->outcomes[i];
    const bool refused = page->plan->combinations[run->combination].refused;
    struct html *html = page->html;

    html_add(html, "<tr><th class=\"t\">");
    html_text(html, sweep_words_label(page->plan, run->combination));
    html_format(html, "</th><td>%d</td><td>%s</td><td>%zu</td>", (int)run->seed,
                refused ? "refused" : states[outcome->state], outcome->epochs);
    page_cell(html, CHART_PERCENT, outcome->best);
    page_cell(html, CHART_PERCENT, outcome_test(outcome));
    if (outcome->page)
        html_format(html, "<td class=\"t\"><a href=\"%s/" RUN_REPORT "\">%s</a></td></tr>\n", run->name,
                    run->name);
    else
        html_format(html, "<td class=\"t\">%s</td></tr>\n", run->name);
}

static void add_runs(const struct page *page)
{
    html_add(
        page->html,
        "<section><h2>Runs</h2>\n<p>Each has a folder, with a page of its own.</p>\n<div class=\"card\">"
        "<div class=\"scroll tall\" tabindex=\"0\"><table><thead><tr><th class=\"t\">combination</th><th>seed</th>"
        "<th>state</th><th>epochs</th><th>validation</th><th>test</th><th class=\"t\">folder</th></tr></thead>"
        "<tbody>\n");
    for (size_t i = 0; i < page->plan->run_count; i++)
        add_run(page, i);
    html_add(page->html, "</tbody></table></div></div></section>\n");
}

int sweep_page_write(struct html *html, const struct plan *plan, const struct outcome *outcomes,
                     const struct summary *summary, struct error *error)
{
    struct page page = {.html = html, .plan = plan, .outcomes = outcomes, .summary = summary};

    find_span(&page);
    page_begin(html, "Sweep");
    if (add_header(&page, error) != 0)
        return -1;
    add_combinations(&page);
    if (add_curves(&page, error) != 0)
        return -1;
    add_runs(&page);
    page_end(html);
    return html_check(html, error);
}
