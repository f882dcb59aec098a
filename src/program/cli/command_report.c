/* command_report.c: nnrun report: a page about a run, or about several side by side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "cli/advice.h"
#include "base/json_text.h"
#include "cli/bar.h"
#include "cli/command.h"
#include "cli/inner_options.h"
#include "cli/output_paths.h"
#include "cli/say.h"
#include "cli/test_tables.h"
#include "report/report.h"

/* What not every network has. Returns 0 or -1. */
static int add_figures(json_t *object, const struct report_row *row)
{
    json_t *areas = row->area_count > 0 ? json_array() : NULL;
    int failed = 0;

    for (size_t i = 0; i < row->area_count; i++)
        failed |= json_array_append_new(areas, json_number(row->areas[i]));
    if (isfinite(row->balanced_accuracy))
        failed |= json_object_set_new(object, "balanced_accuracy", json_real(row->balanced_accuracy));
    if (row->area_count > 0)
        failed |= json_object_set_new(object, "areas", areas);
    if (isfinite(row->area))
        failed |= json_object_set_new(object, "area", json_real(row->area));
    return failed;
}

static json_t *row_json(const struct report_row *row)
{
    const struct evaluation_interval interval = evaluation_interval(row->right, row->count);
    json_t *object =
        json_pack("{s:o, s:o, s:s, s:I, s:I, s:I}", "run", json_text(row->run), "name", json_text(row->name),
                  "checkpoint", row->checkpoint, "epoch", (json_int_t)row->epoch, "count",
                  (json_int_t)row->count, "right", (json_int_t)row->right);
    const struct {
        const char *key;
        double value;
    } reals[] = {{"accuracy", row->count ? (double)row->right / (double)row->count : (double)NAN},
                 {"accuracy_low", row->count ? interval.low : (double)NAN},
                 {"accuracy_high", row->count ? interval.high : (double)NAN},
                 {"loss", row->count ? row->loss : (double)NAN}};
    int failed = object ? 0 : -1;

    for (size_t i = 0; !failed && i < sizeof reals / sizeof reals[0]; i++)
        failed = json_object_set_new(object, reals[i].key, json_number(reals[i].value));
    return json_whole(object, failed | add_figures(object, row));
}

static char *result_json(const struct report_result *result)
{
    json_t *rows = json_array();
    int failed = 0;

    for (size_t i = 0; i < result->count; i++)
        failed |= json_array_append_new(rows, row_json(&result->rows[i]));
    return json_line(json_pack("{s:s, s:o, s:o}", "event", "report", "path", json_text(result->path), "runs",
                               json_whole(rows, failed)),
                     9);
}

static void print_row(const struct report_row *row)
{
    const struct evaluation_interval interval = evaluation_interval(row->right, row->count);
    char loss[TEST_TABLES_LOSS];

    say(stdout, "%s: ", row->run);
    if (row->count > 0)
        printf("%.2f %% right (%llu of %llu), 95 %% interval %.2f to %.2f %%, loss %s, with the %s weights "
               "(epoch %llu)\n",
               100 * (double)row->right / (double)row->count, (unsigned long long)row->right,
               (unsigned long long)row->count, 100 * interval.low, 100 * interval.high,
               test_tables_loss(loss, row->loss), row->checkpoint, (unsigned long long)row->epoch);
    else
        puts("not tested");
}

/* Returns the exit status. */
static int print_result(const struct options *options, const struct report_result *result)
{
    if (options->json)
        return command_print_json(result_json(result)) == 0 ? STATUS_OK : STATUS_FAILED;
    say(stdout, "%s\n", result->path);
    for (size_t i = 0; !options->quiet && i < result->count; i++)
        print_row(&result->rows[i]);
    return STATUS_OK;
}

static bool is_page(const void *bytes, size_t size)
{
    static const char maker[] = "<meta name=\"generator\" content=\"nnrun ";

    return memmem(bytes, size, maker, sizeof maker - 1) != NULL;
}

static int check_arguments(const struct options *options, struct error *error)
{
    const struct output_path page = {options->output, "-o", "a page of nnrun report", is_page};
    struct stat status;

    if (options->subject_count == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "expected RUN, a run folder, or several; \"nnrun report --help\" shows how");
    if (options->subject_count > 1 && !options->output)
        return error_set(error, ERROR_ARGUMENT, "-o FILE is needed: where to write the comparison");
    if (options->subject_count > 1 && options->override_count > 0)
        return error_set(error, ERROR_ARGUMENT, "%s: a comparison takes no KEY=VALUE", options->overrides[0]);
    for (size_t i = 0; i < options->subject_count; i++)
        if (stat(options->subjects[i], &status) == 0 && !S_ISDIR(status.st_mode))
            return error_set(error, ERROR_DATA, "%s is a file; name the run folder that it is in",
                             options->subjects[i]);
    return options->output ? output_path_check(&page, error) : 0;
}

static bool on_progress(void *arg, uint64_t done, uint64_t all)
{
    bar_step(arg, "testing", done, all);
    return false;
}

int command_report(const struct options *options)
{
    const struct model_options model_options = options_model(options, true);
    struct bar bar;
    const struct report_spec spec = {.runs = options->subjects,
                                     .count = options->subject_count,
                                     .path = options->output,
                                     .options = &model_options,
                                     .progress = on_progress,
                                     .progress_arg = &bar,
                                     .words = advice_text};
    struct report_result result = {0};
    struct error error = {0};
    int status, failed;

    if (check_arguments(options, &error) != 0)
        return command_failed(options, &error);
    bar_init(&bar, !options->quiet && !options->json);
    failed = report_write(&spec, &result, &error);
    bar_clear(&bar);
    if (failed)
        status = command_failed(options, &error);
    else
        status = print_result(options, &result);
    report_finish(&result);
    return status;
}
