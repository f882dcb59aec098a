/* report.c: see report.h. */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/comparison_page.h"
#include "report/html.h"
#include "report/run_page.h"
#include "base/file_io.h"
#include "run/run_files.h"
#include "train/tester.h"

static int take_test(struct report_row *row, const struct evaluation *test, struct error *error)
{
    row->count = test->count;
    row->right = test->right;
    row->loss = test->loss;
    row->balanced_accuracy = evaluation_balanced_accuracy(test);
    row->area = test->areas.mean;
    if (test->areas.count < 2)
        return 0;
    row->areas = memory_array(test->areas.count, sizeof *row->areas);
    if (!row->areas)
        return error_memory(error);
    row->area_count = test->areas.count;
    memcpy(row->areas, test->areas.area, row->area_count * sizeof *row->areas);
    return 0;
}

static int make_page(const struct report_spec *spec, struct run_record *record, struct html *html,
                     struct report_row *row, struct error *error)
{
    const struct tester_spec test_spec = {.model = &record->model,
                                          .state = &record->newest,
                                          .mistakes = REPORT_MISTAKES,
                                          .progress = spec->progress,
                                          .progress_arg = spec->progress_arg};
    struct evaluation own = {0};
    struct error why = {0};
    const struct evaluation *test = spec->test;
    char *missing = NULL;
    int result;

    if (!test) {
        test = &own;
        if (tester_run(&test_spec, &own, &why) != 0) {
            if (why.code != ERROR_DATA) {
                evaluation_finish(&own);
                return error_move(&why, error);
            }
            missing = spec->words(&why);
            error_clear(&why);
            if (!missing) {
                evaluation_finish(&own);
                return error_memory(error);
            }
            test = NULL;
        }
    }
    result = test && test->count > 0 ? take_test(row, test, error) : 0;
    if (result == 0)
        result = run_page_write(html, record, test, missing, error);
    evaluation_finish(&own);
    free(missing);
    return result;
}

static int fill_row(struct report_row *row, const struct run_record *record, struct error *error)
{
    row->run = memory_string(record->folder);
    row->name = memory_string(record->model.settings.name);
    row->checkpoint = record->has_best ? "best" : "last";
    row->epoch = record->weights_epoch;
    row->count = record->test.count;
    row->right = record->test.right;
    row->loss = record->test.loss;
    row->balanced_accuracy = record->test.count > 0 ? record->test.balanced_accuracy : (double)NAN;
    row->area = record->test.count > 0 ? record->test.area : (double)NAN;
    return row->run && row->name ? 0 : error_memory(error);
}

static int write_with(const struct report_spec *spec, struct run_record *records, struct html *html,
                      struct report_result *result, struct error *error)
{
    const struct tester_spec how = {.progress = spec->progress, .progress_arg = spec->progress_arg};

    for (size_t i = 0; i < spec->count; i++)
        if (run_record_open(&records[i], spec->runs[i], spec->options, error) != 0 ||
            fill_row(&result->rows[i], &records[i], error) != 0)
            return -1;
    result->path = spec->path ? memory_string(spec->path) : run_file_path(records[0].folder, RUN_REPORT);
    if (!result->path)
        return error_memory(error);
    if ((spec->count == 1 ? make_page(spec, &records[0], html, &result->rows[0], error)
                          : comparison_page_write(html, records, spec->count, &how, error)) != 0)
        return -1;
    return file_replace(result->path, html->text, html->length, error);
}

int report_write(const struct report_spec *spec, struct report_result *result, struct error *error)
{
    struct run_record *records = memory_array(spec->count, sizeof *records);
    struct html html = {0};
    int failed = -1;

    *result = (struct report_result){.rows = memory_array(spec->count, sizeof *result->rows)};
    if (records && result->rows) {
        result->count = spec->count;
        failed = write_with(spec, records, &html, result, error);
    } else {
        error_memory(error);
    }
    for (size_t i = 0; records && i < spec->count; i++)
        run_record_close(&records[i]);
    html_finish(&html);
    free(records);
    return failed;
}

void report_finish(struct report_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        free(result->rows[i].run);
        free(result->rows[i].name);
        free(result->rows[i].areas);
    }
    free(result->rows);
    free(result->path);
    *result = (struct report_result){0};
}
