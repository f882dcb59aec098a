/* run_page.c: see run_page.h. */
#include "report/run_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/png_file.h"
#include "report/class_sections.h"
#include "report/page_parts.h"
#include "report/run_facts.h"
#include "report/svg_chart.h"
#include "report/weight_pictures.h"

enum { TABLE_ROWS = 200 };

/* ---- the result ---------------------------------------------------------------------------------------- */

struct headline {
    double fraction; /* NaN: nothing is known */
    uint64_t right, count;
    double loss;
    const char *of; /* "test samples" */
};

static struct headline headline_of(const struct run_record *record, const struct evaluation *test)
{
    struct headline line = {(double)NAN, 0, 0, (double)NAN, "test samples"};

    if (test && test->count > 0) {
        line.right = test->right;
        line.count = test->count;
        line.loss = test->loss;
    } else if (record->test.count > 0) {
        line.right = record->test.right;
        line.count = record->test.count;
        line.loss = record->test.loss;
    }
    if (line.count > 0) {
        line.fraction = (double)line.right / (double)line.count;
    } else if (record->weights_epoch > 0) {
        const size_t i = (size_t)record->weights_epoch - 1;
        line.fraction = record->column[RECORD_VALIDATION_ACCURACY][i];
        line.loss = record->column[RECORD_VALIDATION_LOSS][i];
        line.of = "validation samples";
        if (!isfinite(line.fraction)) {
            line.fraction = record->column[RECORD_TRAIN_ACCURACY][i];
            line.loss = record->column[RECORD_LOSS][i];
            line.of = "training samples, as they were learned from";
        }
    }
    return line;
}

static void add_tile(struct html *html, const char *value, const char *name)
{
    html_format(html, "<li><b>%s</b><span>%s</span></li>\n", value, name);
}

static void add_test_tiles(struct html *html, const struct evaluation *test)
{
    const double balanced = evaluation_balanced_accuracy(test);
    char text[64];

    if (isfinite(balanced)) {
        snprintf(text, sizeof text, "%.2f %%", 100 * balanced);
        add_tile(html, text, "balanced accuracy");
    }
    if (isfinite(test->areas.mean)) {
        snprintf(text, sizeof text, "%.4f", test->areas.mean);
        add_tile(html, text,
                 test->areas.count > 1 ? "mean area under the ROC curves" : "area under the ROC curve");
    }
}

static void add_tiles(struct html *html, const struct run_record *record, const struct evaluation *test,
                      const struct headline *line)
{
    char text[64], name[96], time[PAGE_TIME_TEXT];

    html_add(html, "<ul class=\"tiles\">\n");
    if (line->count > 0) {
        chart_value(CHART_COUNT, (double)(line->count - line->right), text);
        add_tile(html, text, line->count - line->right == 1 ? "mistake" : "mistakes");
    }
    if (isfinite(line->loss)) {
        chart_value(CHART_REAL, line->loss, text);
        add_tile(html, text, line->count > 0 ? "loss on the test samples" : "loss");
    }
    if (test && test->count > 0)
        add_test_tiles(html, test);
    snprintf(text, sizeof text, "%llu of %d", (unsigned long long)record->newest.epoch,
             (int)record->model.settings.train.epochs);
    snprintf(name, sizeof name, "epochs; %s weights: epoch %llu", record->has_best ? "best" : "last",
             (unsigned long long)record->weights_epoch);
    add_tile(html, text, name);
    chart_value(CHART_COUNT, (double)record->model.net->parameters, text);
    add_tile(html, text, "parameters");
    if (isfinite(record->seconds))
        add_tile(html, page_time(record->seconds, time), "of training");
    if (isfinite(record->speed)) {
        chart_value(CHART_COUNT, record->speed, text);
        add_tile(html, text, "samples per second");
    }
    html_add(html, "</ul>\n");
}

static void add_header(struct html *html, const struct run_record *record, const struct evaluation *test,
                       const char *why)
{
    const struct headline line = headline_of(record, test);

    html_add(html, "<header>\n<p class=\"over\">nnrun report &middot; ");
    html_text(html, record->folder);
    html_add(html, "</p>\n<h1>");
    html_text(html, record->model.settings.name);
    html_add(html, "</h1>\n");
    if (isfinite(line.fraction)) {
        html_format(html, "<p class=\"big\">%.2f<small>%%</small></p>\n<p class=\"lead\">",
                    100 * line.fraction);
        if (line.count > 0) {
            html_add(html, "<b>");
            html_count(html, line.right);
            html_add(html, "</b> of <b>");
            html_count(html, line.count);
            html_format(html, "</b> %s right; ", line.of);
            page_interval(html, line.right, line.count);
            html_add(html, ".</p>\n");
        } else {
            html_format(html, "of the %s right.</p>\n", line.of);
        }
    } else {
        html_add(html, "<p class=\"big\">&ndash;</p>\n<p class=\"lead\">No epoch is finished yet.</p>\n");
    }
    add_tiles(html, record, test, &line);
    html_add(html, "</header>\n");
    if (!record->finished)
        html_add(
            html,
            "<section><p class=\"note\">This run is not finished: it is still under way, or was interrupted.</p></section>\n");
    if (test && test->unanswered > 0)
        html_format(
            html,
            "<section><p class=\"note\">%llu of %llu test samples have no answer, and count as wrong: the "
            "network&rsquo;s output is not a finite number.</p></section>\n",
            (unsigned long long)test->unanswered, (unsigned long long)test->count);
    if (why) {
        html_add(html,
                 "<section><p class=\"note\">The test samples could not be looked at, so there is neither "
                 "confusion matrix nor mistakes here: ");
        html_text(html, why);
        html_add(html, "</p></section>\n");
    }
}

/* ---- the curves ---------------------------------------------------------------------------------------- */

/* Training and validation, or one series of a name of its own. */
static void add_chart(struct html *html, const struct run_record *record, struct chart chart,
                      const char *name, enum record_column first, enum record_column validation)
{
    const struct chart_series series[] = {
        {name, 0, record->column[RECORD_EPOCH], record->column[first], record->epochs},
        {"validation", 1, record->column[RECORD_EPOCH], record->column[validation], record->epochs}};
    const struct chart second = {.series = &series[1], .count = 1};

    chart.keys = first != validation;
    chart.series = series;
    chart.count = chart.keys && svg_chart_has_values(&second) ? 2 : 1;
    chart.mark = record->has_best ? (double)record->newest.best_epoch : (double)NAN;
    chart.mark_word = "best";
    svg_chart_add(html, &chart);
}

static void add_epochs(struct html *html, const struct run_record *record)
{
    static const struct {
        enum record_column column;
        enum chart_numbers numbers;
        const char *name;
    } columns[] = {{RECORD_LOSS, CHART_REAL, "loss"},
                   {RECORD_TRAIN_ACCURACY, CHART_PERCENT, "training"},
                   {RECORD_VALIDATION_LOSS, CHART_REAL, "validation loss"},
                   {RECORD_VALIDATION_ACCURACY, CHART_PERCENT, "validation"},
                   {RECORD_RATE, CHART_REAL, "rate"},
                   {RECORD_SPEED, CHART_COUNT, "samples/s"},
                   {RECORD_SECONDS, CHART_REAL, "seconds"}};
    const size_t stride = (record->epochs + TABLE_ROWS - 1) / TABLE_ROWS;

    html_add(
        html,
        "<details><summary>The numbers</summary>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>epoch</th>");
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
        html_format(html, "<th>%s</th>", columns[c].name);
    html_add(html, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < record->epochs; i++) {
        const bool best = record->has_best && i + 1 == record->newest.best_epoch;
        if ((i + 1) % stride != 0 && i + 1 != record->epochs && !best)
            continue;
        html_format(html, "<tr%s><th>%zu</th>", best ? " class=\"best\"" : "", i + 1);
        for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
            page_cell(html, columns[c].numbers, record->column[columns[c].column][i]);
        html_add(html, "</tr>\n");
    }
    html_add(html, "</tbody></table></div></details>\n");
}

static void add_curves(struct html *html, const struct run_record *record)
{
    if (record->epochs == 0)
        return;
    html_add(
        html,
        "<section><h2>How it learned</h2>\n<p>By epoch. What is called training was measured while the samples "
        "were learned from.</p>\n<div class=\"charts\">\n");
    add_chart(html, record, (struct chart){.title = "Loss", .from_zero = true, .logarithmic = true},
              "training", RECORD_LOSS, RECORD_VALIDATION_LOSS);
    add_chart(html, record, (struct chart){.title = "Accuracy", .numbers = CHART_PERCENT}, "training",
              RECORD_TRAIN_ACCURACY, RECORD_VALIDATION_ACCURACY);
    add_chart(html, record, (struct chart){.title = "Learning rate", .from_zero = true}, "rate", RECORD_RATE,
              RECORD_RATE);
    add_chart(html, record,
              (struct chart){.title = "Samples per second", .numbers = CHART_COUNT, .from_zero = true},
              "samples/s", RECORD_SPEED, RECORD_SPEED);
    html_add(html, "</div>\n");
    add_epochs(html, record);
    html_add(html, "</section>\n");
}

/* ---- the page ------------------------------------------------------------------------------------------ */

static void add_title(struct html *html, const struct run_record *record, const struct evaluation *test)
{
    const struct headline line = headline_of(record, test);
    char *title = isfinite(line.fraction)
                      ? memory_format("%s: %.2f %% right", record->model.settings.name, 100 * line.fraction)
                      : memory_string(record->model.settings.name);

    if (title)
        page_begin(html, title);
    else
        html->failed = true;
    free(title);
}

int run_page_write(struct html *html, const struct run_record *record, const struct evaluation *test,
                   const char *why, struct error *error)
{
    const struct net *net = record->model.net;
    const struct nnrun_shape *shape = test && test->shape.rank >= 2 ? &test->shape : &net->input;
    const struct net_tensor *tensor = weight_pictures_tensor(net, shape);

    add_title(html, record, test);
    add_header(html, record, test, why);
    add_curves(html, record);
    if (test && test->classes > 0 && test->count > 0 && class_sections_add(html, record, test, error) != 0)
        return -1;
    if (test && test->areas.count > 1 && test->count > 0)
        label_section_add(html, &record->model, test);
    if (tensor && png_file_can() &&
        weight_pictures_add(html, shape, tensor, record->newest.weights, error) != 0)
        return -1;
    run_facts_add(html, record);
    page_end(html);
    return html_check(html, error);
}
