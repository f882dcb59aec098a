/* command_test.c: nnrun test: a checkpoint on the test samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli/bar.h"
#include "base/json_text.h"
#include "cli/command.h"
#include "cli/test_tables.h"
#include "run/run_model.h"
#include "train/tester.h"

enum {
    MOST_MISTAKES = 50, /* that --json lists; --wrong: */
    MOST_WRONG = 10000
};

/* JSON has no NaN and no infinity. */
static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void add_classes(json_t *classes, json_t *confusion, const struct evaluation *result)
{
    for (size_t r = 0; r < result->classes; r++) {
        const struct class_figures figures = evaluation_class(result, r);
        json_t *row = json_array();
        for (size_t c = 0; c < result->classes; c++)
            json_array_append_new(row, json_integer((json_int_t)result->confusion[r * result->classes + c]));
        json_array_append_new(confusion, row);
        json_array_append_new(classes, json_pack("{s:I, s:I, s:f, s:f}", "class", (json_int_t)r, "samples",
                                                 (json_int_t)figures.samples, "recall", figures.recall,
                                                 "precision", figures.precision));
    }
}

static json_t *mistakes_json(const struct mistakes *mistakes)
{
    json_t *list = json_array();

    for (size_t i = 0; i < mistakes->count; i++) {
        const struct mistake *mistake = &mistakes->list[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:o}", "sample", (json_int_t)mistake->sample,
                                              "label", (json_int_t)mistake->label, "said",
                                              (json_int_t)mistake->predicted, "confidence",
                                              real_or_null((double)mistake->confidence)));
    }
    return list;
}

static char *result_json(const char *path, const struct train_state *state, const struct evaluation *result)
{
    const struct evaluation_interval interval = evaluation_interval(result->right, result->count);
    json_t *classes = json_array(), *confusion = json_array(), *object;
    char *text;

    add_classes(classes, confusion, result);
    object = json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:f, s:f, s:f, s:o, s:o, s:o, s:o}", "event", "test",
                       "epoch", (json_int_t)state->epoch, "step", (json_int_t)state->step, "checkpoint", path,
                       "count", (json_int_t)result->count, "right", (json_int_t)result->right, "accuracy",
                       result->accuracy, "accuracy_low", interval.low, "accuracy_high", interval.high, "loss",
                       real_or_null(result->loss), "classes", classes, "confusion", confusion, "mistakes",
                       mistakes_json(&result->mistakes));
    text = json_dump_text(object, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(object);
    return text;
}

static void print_result(const struct options *options, const struct train_state *state,
                         const struct evaluation *result)
{
    if (options->json) {
        command_print_json(result_json(options->subject, state, result));
        return;
    }
    printf("%s: ", options->subject);
    test_tables_summary(result);
    putchar('\n');
    if (!options->quiet)
        test_tables_print(result);
}

static int write_wrong(const struct options *options, const struct evaluation *result, struct error *error)
{
    if (!options->wrong)
        return 0;
    if (result->classes == 0)
        return error_set(error, ERROR_DATA,
                         "--wrong: the samples have no single label, so none is taken for another");
    if (mistakes_write(&result->mistakes, options->wrong, &result->shape, error) != 0)
        return -1;
    if (options->json || options->quiet)
        return 0;
    printf("\n%s: %zu picture%s", options->wrong, result->mistakes.count,
           result->mistakes.count == 1 ? "" : "s");
    if (result->mistakes.count < result->count - result->right)
        printf(", the surest of %llu mistakes", (unsigned long long)(result->count - result->right));
    putchar('\n');
    return 0;
}

static void on_progress(void *arg, uint64_t done, uint64_t all)
{
    bar_step(arg, "testing", done, all);
}

static int test(const struct options *options, struct model *model, struct error *error)
{
    struct bar bar;
    struct train_state state = {0};
    struct evaluation result = {0};
    const struct tester_spec spec = {.model = model,
                                     .state = &state,
                                     .mistakes = options->wrong ? MOST_WRONG : MOST_MISTAKES,
                                     .progress = on_progress,
                                     .progress_arg = &bar};
    int failed = -1;

    bar_init(&bar, !options->quiet && !options->json);
    if ((!options->wrong || mistakes_check_folder(options->wrong, error) == 0) &&
        train_state_load(&state, model, model->file, false, error) == 0)
        failed = tester_run(&spec, &result, error);
    bar_clear(&bar);
    if (!failed) {
        print_result(options, &state, &result);
        failed = write_wrong(options, &result, error);
    }
    evaluation_finish(&result);
    train_state_finish(&state);
    return failed;
}

int command_test(const struct options *options)
{
    const struct model_options model_options = options_model(options, true);
    struct model model = {0};
    struct error error = {0};
    int result = STATUS_OK;

    if (options_need_subject(options, "one CHECKPOINT", &error) != 0)
        return command_failed(options, &error);
    if (run_model_open(&model, options->subject, MODEL_CHECKPOINT, &model_options, &error) != 0 ||
        test(options, &model, &error) != 0)
        result = command_failed(options, &error);
    model_finish(&model);
    return result;
}
