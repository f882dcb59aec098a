/* command_test.c: nnrun test: a checkpoint on the test samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli/bar.h"
#include "base/json_text.h"
#include "cli/command.h"
#include "cli/library_error.h"
#include "cli/say.h"
#include "cli/test_tables.h"

enum {
    MOST_MISTAKES = 50, /* that --json lists; --wrong: */
    MOST_WRONG = 10000
};

/* JSON has no NaN and no infinity. */
static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Returns 0 or -1. */
static int add_classes(json_t *classes, json_t *confusion, const nnrun_evaluation *result)
{
    int failed = 0;

    for (size_t r = 0; r < result->classes; r++) {
        const nnrun_class_figures *figures = nnrun_evaluation_class(result, r);
        json_t *row = json_array();
        for (size_t c = 0; c < result->classes; c++)
            failed |= json_array_append_new(
                row, json_integer((json_int_t)result->confusion[r * result->classes + c]));
        failed |= json_array_append_new(confusion, row);
        failed |= json_array_append_new(classes, json_pack("{s:I, s:I, s:f, s:f}", "class", (json_int_t)r,
                                                           "samples", (json_int_t)figures->samples, "recall",
                                                           figures->recall, "precision", figures->precision));
    }
    return failed;
}

static json_t *mistakes_json(const nnrun_evaluation *result)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < result->mistakes; i++) {
        const nnrun_mistake *mistake = nnrun_evaluation_mistake(result, i);
        failed |= json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:o}", "sample", (json_int_t)mistake->sample, "label",
                            (json_int_t)mistake->label, "said", (json_int_t)mistake->said, "confidence",
                            real_or_null((double)mistake->confidence)));
    }
    return json_whole(list, failed);
}

static char *result_json(const char *path, const nnrun_info *info, const nnrun_evaluation *result)
{
    json_t *classes = json_array(), *confusion = json_array(), *object;
    const int failed = add_classes(classes, confusion, result);
    int unanswered = 0;

    object = json_pack(
        "{s:s, s:I, s:I, s:o, s:I, s:I, s:f, s:f, s:f, s:o, s:o, s:o, s:o}", "event", "test", "epoch",
        (json_int_t)info->epoch, "step", (json_int_t)info->step, "checkpoint", json_text(path), "count",
        (json_int_t)result->count, "right", (json_int_t)result->right, "accuracy", result->accuracy,
        "accuracy_low", result->low, "accuracy_high", result->high, "loss", real_or_null(result->loss),
        "classes", json_whole(classes, failed), "confusion", confusion, "mistakes", mistakes_json(result));
    if (nnrun_evaluation_unanswered(result))
        unanswered = json_object_set_new(object, "unanswered",
                                         json_integer((json_int_t)nnrun_evaluation_unanswered(result)));
    return json_line(json_whole(object, unanswered), 9);
}

/* What is printed counts such samples as wrong. */
static int check_answered(const struct options *options, const nnrun_evaluation *result, struct error *error)
{
    const unsigned long long unanswered = nnrun_evaluation_unanswered(result);

    if (unanswered == 0)
        return 0;
    return error_set(
        error, ERROR_DATA,
        "%s: no answer to %llu of %llu samples, which count as wrong: the network's output is not a finite number",
        options->subject, unanswered, (unsigned long long)result->count);
}

static int print_result(const struct options *options, const nnrun_info *info, const nnrun_evaluation *result,
                        struct error *error)
{
    if (options->json) {
        char *line = result_json(options->subject, info, result);

        return line ? command_print_json(line) : error_memory(error);
    }
    say(stdout, "%s: ", options->subject);
    test_tables_summary(result);
    putchar('\n');
    if (!options->quiet)
        test_tables_print(result);
    return 0;
}

static int write_wrong(const struct options *options, const nnrun_evaluation *result, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;

    if (!options->wrong)
        return 0;
    if (result->classes == 0)
        return error_set(error, ERROR_DATA,
                         "--wrong: the samples have no single label, so none is taken for another");
    if (nnrun_evaluation_write_mistakes(result, options->wrong, &failure) != 0)
        return library_error(error, &failure);
    if (options->json || options->quiet)
        return 0;
    putchar('\n');
    say(stdout, "%s: %zu picture%s", options->wrong, result->mistakes, result->mistakes == 1 ? "" : "s");
    if (result->mistakes < result->count - result->right)
        printf(", the surest of %llu mistakes", (unsigned long long)(result->count - result->right));
    putchar('\n');
    return 0;
}

static int32_t on_event(void *arg, const nnrun_event *event)
{
    bar_step(arg, "testing", event->done, event->samples);
    return NNRUN_GO_ON;
}

static int test(const struct options *options, const nnrun_model *model, struct error *error)
{
    nnrun_test_options test_options = NNRUN_TEST_OPTIONS_INIT;
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_evaluation *result = NULL;
    struct bar bar;
    int failed;

    test_options.mistakes = options->wrong ? MOST_WRONG : MOST_MISTAKES;
    test_options.on_event = on_event;
    test_options.arg = &bar;
    bar_init(&bar, !options->quiet && !options->json);
    if (!options->wrong || nnrun_check_mistakes_folder(options->wrong, &failure) == 0)
        result = nnrun_test(model, &test_options, &failure);
    bar_clear(&bar);
    if (!result)
        return library_error(error, &failure);
    failed = print_result(options, nnrun_describe(model), result, error);
    if (!failed)
        failed = write_wrong(options, result, error);
    if (!failed)
        failed = check_answered(options, result, error);
    nnrun_evaluation_free(result);
    return failed;
}

int command_test(const struct options *options)
{
    const nnrun_options open = options_open(options, NNRUN_CHECKPOINT);
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_model *model;
    struct error error = {0};
    int failed;

    if (options_need_subject(options, "one CHECKPOINT", &error) != 0)
        return command_failed(options, &error);
    model = nnrun_open(options->subject, &open, &failure);
    failed = model ? test(options, model, &error) : library_error(&error, &failure);
    nnrun_close(model);
    return failed ? command_failed(options, &error) : STATUS_OK;
}
