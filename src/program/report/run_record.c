/* run_record.c: see run_record.h. */
#include "report/run_record.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "run/run_checkpoints.h"
#include "run/run_files.h"
#include "run/run_info.h"
#include "run/run_log.h"
#include "run/run_model.h"

static int make_columns(struct run_record *record, struct error *error)
{
    static const enum history_column from[] = {[RECORD_EPOCH] = HISTORY_EPOCH,
                                               [RECORD_LOSS] = HISTORY_LOSS,
                                               [RECORD_TRAIN_ACCURACY] = HISTORY_TRAIN_ACCURACY,
                                               [RECORD_VALIDATION_LOSS] = HISTORY_VALIDATION_LOSS,
                                               [RECORD_VALIDATION_ACCURACY] = HISTORY_VALIDATION_ACCURACY,
                                               [RECORD_RATE] = HISTORY_RATE};
    const double *history = record->newest.history;

    record->epochs = (size_t)record->newest.epoch;
    for (size_t c = 0; c < RECORD_COLUMNS; c++) {
        double *column = record->column[c] = memory_array(record->epochs, sizeof *column);
        if (!column)
            return error_memory(error);
        for (size_t i = 0; i < record->epochs; i++)
            column[i] = c < RECORD_SECONDS ? history[i * HISTORY_COLUMNS + from[c]] : (double)NAN;
    }
    return 0;
}

static double real(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static uint64_t whole(const json_t *object, const char *key)
{
    const json_int_t value = json_integer_value(json_object_get(object, key));

    return value > 0 ? (uint64_t)value : 0;
}

static int take_event(void *arg, const json_t *event, size_t number, struct error *error)
{
    struct run_record *record = arg;
    const char *name = json_string_value(json_object_get(event, "event"));
    const uint64_t epoch = whole(event, "epoch");

    if (!json_is_object(event))
        return error_set(error, ERROR_DATA, "%s/" RUN_LOG ":%zu: is not a JSON object", record->folder,
                         number);
    if (name && strcmp(name, "epoch") == 0 && epoch >= 1 && epoch <= record->epochs) {
        record->column[RECORD_SECONDS][epoch - 1] = real(event, "seconds");
        record->column[RECORD_SPEED][epoch - 1] = real(event, "samples_per_s");
    }
    if (name && strcmp(name, "underflow") == 0 && record->underflow == 0)
        record->underflow = whole(event, "step");
    /* that of fewer epochs is not this run's end any more */
    if (name && strcmp(name, "test") == 0 && whole(event, "step") == record->newest.step)
        record->test = (struct record_test){.count = whole(event, "count"),
                                            .right = whole(event, "right"),
                                            .loss = real(event, "loss"),
                                            .balanced_accuracy = real(event, "balanced_accuracy"),
                                            .area = real(event, "area")};
    return 0;
}

static int read_best(struct run_record *record, struct error *error)
{
    struct safetensors *file;
    int result;

    if (record->newest.best_epoch == 0)
        return 0;
    if (run_checkpoints_best(record->folder, &file, error) != 0)
        return -1;
    if (!file)
        return 0;
    result =
        train_state_load_weights(&record->newest, &record->model, file, record->newest.best_epoch, error);
    record->has_best = result == 0;
    if (record->has_best)
        record->weights_epoch = record->newest.best_epoch;
    safetensors_free(file);
    return result < 0 ? -1 : 0;
}

static int read_newest(struct run_record *record, const struct model_options *options, struct error *error)
{
    if (run_model_peek(&record->model, record->folder, options, error) != 0 ||
        train_state_load(&record->newest, &record->model, record->model.file, false, error) != 0)
        return -1;
    record->weights_epoch = record->newest.epoch;
    model_release_file(&record->model);
    return 0;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int sum_up(struct run_record *record, struct error *error)
{
    double *sorted = memory_array(record->epochs, sizeof *sorted), sum = 0;
    size_t count = 0;

    if (!sorted)
        return error_memory(error);
    for (size_t i = 0; i < record->epochs; i++)
        if (isfinite(record->column[RECORD_SECONDS][i]) && isfinite(record->column[RECORD_SPEED][i])) {
            sum += record->column[RECORD_SECONDS][i];
            sorted[count++] = record->column[RECORD_SPEED][i];
        }
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_value);
    record->seconds = count > 0 ? sum : (double)NAN;
    record->speed = count > 0 ? sorted[count / 2] : (double)NAN;
    free(sorted);
    return 0;
}

int run_record_open(struct run_record *record, const char *folder, const struct model_options *options,
                    struct error *error)
{
    const struct train_settings *train = &record->model.settings.train;
    size_t length = strlen(folder);

    *record = (struct run_record){0};
    while (length > 1 && folder[length - 1] == '/')
        length--;
    record->folder = memory_string_part(folder, length);
    if (!record->folder)
        return error_memory(error);
    if (read_newest(record, options, error) != 0 || read_best(record, error) != 0 ||
        make_columns(record, error) != 0 || run_log_each(record->folder, take_event, record, error) != 0 ||
        sum_up(record, error) != 0 || run_info_read(record->folder, &record->info, error) != 0)
        return -1;
    record->finished = record->newest.epoch >= (uint64_t)train->epochs ||
                       (train->patience > 0 && record->newest.best_epoch > 0 &&
                        record->newest.epoch - record->newest.best_epoch >= (uint64_t)train->patience);
    return 0;
}

void run_record_close(struct run_record *record)
{
    for (size_t c = 0; c < RECORD_COLUMNS; c++)
        free(record->column[c]);
    train_state_finish(&record->newest);
    model_finish(&record->model);
    json_decref(record->info);
    free(record->folder);
    *record = (struct run_record){0};
}

static int test_again(const struct run_record *record, const struct tester_spec *how,
                      struct evaluation *result, struct error *error)
{
    struct tester_spec spec = *how;

    spec.model = &record->model;
    spec.state = &record->newest;
    spec.verdicts = true;
    return tester_run(&spec, result, error);
}

int run_record_compare(const struct run_record *first, const struct run_record *second,
                       const struct tester_spec *how, struct mcnemar *result, struct error *error)
{
    struct evaluation one = {0}, other = {0};
    int failed = test_again(first, how, &one, error);

    if (!failed)
        failed = test_again(second, how, &other, error);
    if (!failed)
        failed = mcnemar_compare(result, &one, &other, error);
    evaluation_finish(&one);
    evaluation_finish(&other);
    if (!failed || error->code != ERROR_DATA)
        return failed ? -1 : 0;
    error_clear(error);
    return 1;
}

const char *run_record_fact(const struct run_record *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record->info, key));

    return text && *text ? text : NULL;
}

bool run_record_same_data(const struct run_record *a, const struct run_record *b, const char *key)
{
    const char *one = json_string_value(json_object_get(json_object_get(a->info, "data"), key));
    const char *other = json_string_value(json_object_get(json_object_get(b->info, "data"), key));
    struct stat x, y;

    if (!one || !other || strcmp(one, other) == 0)
        return true;
    /* a file has many names: ../data of two folders, a link */
    return stat(one, &x) == 0 && stat(other, &y) == 0 && file_is_same(&x, &y);
}

unsigned run_record_threads(const struct run_record *record)
{
    const json_int_t threads = json_integer_value(json_object_get(record->info, "threads"));

    return threads > 0 && threads <= 1024 ? (unsigned)threads : 0;
}
