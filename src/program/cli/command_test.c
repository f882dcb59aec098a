/* command_test.c: nnrun test: a checkpoint on the test samples, or two of them side by side. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli/bar.h"
#include "base/json_text.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/library_error.h"
#include "cli/say.h"
#include "cli/test_tables.h"
#include "event/told_p.h"

enum {
    MOST_MISTAKES = 50, /* that --json lists; --wrong: */
    MOST_WRONG = 10000
};

/* Beside the number of a class, where classes have names. Returns 0 or -1. */
static int add_name(json_t *object, const char *key, const nnrun_model *model, size_t class)
{
    return nnrun_class_names(model)
               ? json_object_set_new(object, key, json_text(nnrun_class_name(model, class)))
               : 0;
}

/* Returns 0 or -1. */
static int add_classes(json_t *classes, json_t *confusion, const nnrun_model *model,
                       const nnrun_evaluation *result)
{
    int failed = 0;

    for (size_t r = 0; r < result->classes; r++) {
        const nnrun_class_figures *figures = nnrun_evaluation_class(result, r);
        json_t *row = json_array(), *class;
        for (size_t c = 0; c < result->classes; c++)
            failed |= json_array_append_new(
                row, json_integer((json_int_t)result->confusion[r * result->classes + c]));
        failed |= json_array_append_new(confusion, row);
        class =
            json_pack("{s:I, s:I, s:o, s:f}", "class", (json_int_t)r, "samples", (json_int_t)figures->samples,
                      "recall", json_number(figures->recall), "precision", figures->precision);
        failed |= add_name(class, "name", model, r);
        failed |= json_array_append_new(classes, class);
    }
    return failed;
}

static json_t *mistakes_json(const nnrun_model *model, const nnrun_evaluation *result)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < result->mistakes; i++) {
        const nnrun_mistake *mistake = nnrun_evaluation_mistake(result, i);
        json_t *object = json_pack("{s:I, s:I, s:I, s:o}", "sample", (json_int_t)mistake->sample, "label",
                                   (json_int_t)mistake->label, "said", (json_int_t)mistake->said,
                                   "confidence", json_number((double)mistake->confidence));
        failed |= add_name(object, "label_name", model, mistake->label);
        failed |= add_name(object, "said_name", model, mistake->said);
        failed |= json_array_append_new(list, object);
    }
    return json_whole(list, failed);
}

/* What not every network has. Returns 0 or -1. */
static int add_figures(json_t *object, const nnrun_model *model, const nnrun_evaluation *result)
{
    const size_t areas = nnrun_evaluation_areas(result);
    json_t *list = areas > 1 ? json_array() : NULL, *names = areas > 1 ? json_array() : NULL;
    int failed = 0;

    if (result->classes > 0)
        failed |= json_object_set_new(object, "balanced_accuracy",
                                      json_number(nnrun_evaluation_balanced_accuracy(result)));
    for (size_t i = 0; list && i < areas; i++)
        failed |= json_array_append_new(list, json_number(nnrun_evaluation_area(result, i)));
    for (size_t i = 0; names && i < areas; i++)
        failed |= json_array_append_new(names, json_text(nnrun_class_name(model, i)));
    if (areas > 1 && nnrun_class_names(model))
        failed |= json_object_set(object, "names", names);
    json_decref(names);
    if (areas > 1)
        failed |= json_object_set_new(object, "areas", json_whole(list, failed));
    if (areas > 0)
        failed |= json_object_set_new(object, "area",
                                      json_number(nnrun_evaluation_area(result, areas > 1 ? areas : 0)));
    return failed;
}

static char *result_json(const char *path, const nnrun_model *model, const nnrun_evaluation *result)
{
    const nnrun_info *info = nnrun_describe(model);
    json_t *classes = json_array(), *confusion = json_array(), *object;
    const int failed = add_classes(classes, confusion, model, result);
    int unanswered = 0;

    object =
        json_pack("{s:s, s:I, s:I, s:o, s:I, s:I, s:f, s:f, s:f, s:o, s:o, s:o, s:o}", "event", "test",
                  "epoch", (json_int_t)info->epoch, "step", (json_int_t)info->step, "checkpoint",
                  json_text(path), "count", (json_int_t)result->count, "right", (json_int_t)result->right,
                  "accuracy", result->accuracy, "accuracy_low", result->low, "accuracy_high", result->high,
                  "loss", json_number(result->loss), "classes", json_whole(classes, failed), "confusion",
                  confusion, "mistakes", mistakes_json(model, result));
    if (nnrun_evaluation_unanswered(result))
        unanswered = json_object_set_new(object, "unanswered",
                                         json_integer((json_int_t)nnrun_evaluation_unanswered(result)));
    return json_line(json_whole(object, unanswered | add_figures(object, model, result)), 9);
}

/* A checkpoint with what it made of the test samples. */
struct tested {
    const char *path;
    nnrun_model *model;
    nnrun_evaluation *result;
};

/* What is printed counts such samples as wrong. */
static int check_answered(const struct tested *tested, struct error *error)
{
    const unsigned long long unanswered = nnrun_evaluation_unanswered(tested->result);

    if (unanswered == 0)
        return 0;
    return error_set(
        error, ERROR_DATA,
        "%s: no answer to %llu of %llu samples, which count as wrong: the network's output is not a finite number",
        tested->path, unanswered, (unsigned long long)tested->result->count);
}

static int print_result(const struct options *options, const struct tested *tested, bool tables,
                        struct error *error)
{
    if (options->json) {
        char *line = result_json(tested->path, tested->model, tested->result);

        return line ? command_print_json(line) : error_memory(error);
    }
    say(stdout, "%s: ", tested->path);
    test_tables_summary(tested->result);
    putchar('\n');
    if (tables)
        test_tables_print(tested->model, tested->result);
    return 0;
}

static int write_wrong(const struct options *options, const nnrun_evaluation *result, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;

    if (!options->wrong)
        return 0;
    if (result->classes == 0)
        return error_set(error, ERROR_DATA,
                         "--wrong: the samples have no single label, so none is confused with another");
    if (nnrun_evaluation_write_mistakes(result, options->wrong, &failure) != 0)
        return library_error(error, &failure);
    if (options->json || options->quiet)
        return 0;
    putchar('\n');
    say(stdout, "%s: %zu picture%s", options->wrong, result->mistakes, text_plural(result->mistakes));
    if (result->mistakes < result->count - result->right)
        printf(", the most confident of %llu mistakes", (unsigned long long)(result->count - result->right));
    putchar('\n');
    return 0;
}

static int32_t on_event(void *arg, const nnrun_event *event)
{
    bar_step(arg, "testing", event->done, event->samples);
    return NNRUN_GO_ON;
}

/* Close it in either case. */
static int test(const struct options *options, const char *path, struct tested *tested, struct error *error)
{
    const nnrun_options open = options_open(options, NNRUN_CHECKPOINT);
    nnrun_test_options test_options = NNRUN_TEST_OPTIONS_INIT;
    nnrun_error failure = NNRUN_ERROR_INIT;
    struct bar bar;

    *tested = (struct tested){.path = path, .model = nnrun_open(path, &open, &failure)};
    if (!tested->model) {
        library_error(error, &failure);
        return -1;
    }
    test_options.mistakes = options->wrong ? MOST_WRONG : MOST_MISTAKES;
    test_options.compare = options->subject_count > 1;
    test_options.on_event = on_event;
    test_options.arg = &bar;
    bar_init(&bar, !options->quiet && !options->json);
    if (!options->wrong || nnrun_check_mistakes_folder(options->wrong, &failure) == 0)
        tested->result = nnrun_test(tested->model, &test_options, &failure);
    bar_clear(&bar);
    if (tested->result)
        return 0;
    library_error(error, &failure);
    return -1;
}

static void tested_close(struct tested *tested)
{
    nnrun_evaluation_free(tested->result);
    nnrun_close(tested->model);
}

static int test_one(const struct options *options, struct error *error)
{
    struct tested one;
    int failed = test(options, options->subject, &one, error);

    if (!failed)
        failed = print_result(options, &one, !options->quiet, error);
    if (!failed)
        failed = write_wrong(options, one.result, error);
    if (!failed)
        failed = check_answered(&one, error);
    tested_close(&one);
    return failed;
}

static char *comparison_json(const struct tested pair[2], const nnrun_comparison *c)
{
    return json_line(json_pack("{s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:f}", "event", "compare", "first",
                               json_text(pair[0].path), "second", json_text(pair[1].path), "both",
                               (json_int_t)c->both, "only_first", (json_int_t)c->only_first, "only_second",
                               (json_int_t)c->only_second, "neither", (json_int_t)c->neither, "p", c->p),
                     9);
}

static void print_comparison(const nnrun_comparison *c)
{
    const char *better = c->only_first > c->only_second ? "first" : "second";

    printf("right: both %llu, only the first %llu, only the second %llu, neither %llu\n",
           (unsigned long long)c->both, (unsigned long long)c->only_first, (unsigned long long)c->only_second,
           (unsigned long long)c->neither);
    if (c->only_first + c->only_second == 0) {
        puts("Both are right for the same samples.");
        return;
    }
    if (c->p < TOLD_LEAST_P)
        printf("McNemar's test: p < %g", TOLD_LEAST_P);
    else
        printf("McNemar's test: p = %.2g", c->p);
    if (c->p < TOLD_UNLIKELY_P)
        printf(". The %s is better: chance alone rarely makes such a difference.\n", better);
    else
        puts(". Chance alone often makes such a difference.");
}

static int compare(const struct options *options, const struct tested pair[2], struct error *error)
{
    nnrun_comparison comparison = NNRUN_COMPARISON_INIT;
    nnrun_error failure = NNRUN_ERROR_INIT;

    if (nnrun_evaluation_compare(pair[0].result, pair[1].result, &comparison, &failure) != 0)
        return library_error(error, &failure);
    for (size_t i = 0; i < 2; i++)
        if (print_result(options, &pair[i], false, error) != 0)
            return -1;
    if (options->json) {
        char *line = comparison_json(pair, &comparison);

        return line ? command_print_json(line) : error_memory(error);
    }
    print_comparison(&comparison);
    return 0;
}

static int test_two(const struct options *options, struct error *error)
{
    struct tested pair[2] = {{0}};
    int failed;

    if (options->wrong)
        return error_set(error, ERROR_ARGUMENT, "--wrong takes one checkpoint, but there are two");
    failed = test(options, options->subjects[0], &pair[0], error);
    if (!failed)
        failed = test(options, options->subjects[1], &pair[1], error);
    if (!failed)
        failed = compare(options, pair, error);
    for (size_t i = 0; i < 2; i++) {
        if (!failed)
            failed = check_answered(&pair[i], error);
        tested_close(&pair[i]);
    }
    return failed;
}

int command_test(const struct options *options)
{
    struct error error = {0};
    int failed;

    if (options->subject_count == 2)
        failed = test_two(options, &error);
    else
        failed = options_need_subject(options, "one or two CHECKPOINTs", &error) || test_one(options, &error);
    return failed ? command_failed(options, &error) : STATUS_OK;
}
