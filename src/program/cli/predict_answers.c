/* predict_answers.c: see predict_answers.h. */
#include "cli/predict_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/planes.h"
#include "cli/column.h"
#include "cli/command.h"
#include "cli/say.h"

enum { BAR = 24, BEST = 5 };

/* What was said of one picture. */
struct answer {
    struct predict *predict;
    const struct pending *of;
    const uint8_t *sample; /* the picture as the network got it; NULL: it is a row */
    const float *outputs;
    nnrun_best_class best[BEST];
    size_t best_count;
};

static void format_output(const struct predict *p, float output, char text[32])
{
    if (p->info->outputs_are == NNRUN_OUTPUT_VALUES)
        snprintf(text, 32, "%.4g", (double)output);
    else
        snprintf(text, 32, "%.1f %%", 100 * (double)output);
}

/* Of several labels each that is more likely than not. */
static void print_labels(const struct answer *answer)
{
    const struct predict *p = answer->predict;
    const char *before = "";

    for (size_t i = 0; i < p->info->outputs; i++)
        if (answer->outputs[i] > 0.5f) {
            char text[32];
            format_output(p, answer->outputs[i], text);
            say(stdout, "%s%s (%s)", before, nnrun_class_name(p->model, i), text);
            before = ", ";
        }
    puts(*before ? "" : "none");
}

/* "FILE: 7 (99.8 %)"; of a network that gives one number, the number. */
static void print_line(const struct answer *answer, const char *name)
{
    const struct predict *p = answer->predict;
    char text[32];

    say(stdout, "%s: ", name);
    if (answer->best_count == 0) {
        puts("no answer");
        return;
    }
    if (p->info->outputs_are == NNRUN_OUTPUT_LABELS && p->info->outputs > 1) {
        print_labels(answer);
        return;
    }
    format_output(p, answer->best[0].value, text);
    if (p->info->classes == 1)
        printf("%s\n", text);
    else
        say(stdout, "%s (%s)\n", nnrun_class_name(p->model, answer->best[0].index), text);
}

static void print_bar(const void *arg, size_t i)
{
    const struct answer *answer = arg;
    const struct predict *p = answer->predict;
    const char *name = nnrun_class_name(p->model, answer->best[i].index);
    int width = 1;
    char text[32];

    for (size_t n = p->info->classes - 1; n >= 10; n /= 10)
        width++;
    for (size_t k = 0; nnrun_class_names(p->model) && k < answer->best_count; k++)
        width = column_wider(width, nnrun_class_name(p->model, answer->best[k].index));
    format_output(p, answer->best[i].value, text);
    column_right(name, width);
    fputs("  ", stdout);
    picture_text_bar(p->style, (double)answer->best[i].value, BAR);
    printf("  %7s", text);
}

/* The sample in grey, made smaller if need be. Returns 0 or -1. */
static int make_shown(const struct answer *answer, size_t height, size_t width, uint8_t *shown,
                      struct error *error)
{
    const nnrun_info *info = answer->predict->info;
    const size_t area = info->height * info->width;
    struct resize_part part = {answer->sample, info->height, info->width, info->width};
    uint8_t *grey = memory_array(area, 1);
    int failed;

    if (!grey)
        return error_memory(error);
    if (info->channels == 3) {
        planes_grey(answer->sample, area, grey);
        part.pixels = grey;
    }
    failed = resize(&part, height, width, shown, error);
    free(grey);
    return failed;
}

/* The picture as the network gets it. Nothing of a vector that is none. */
static int print_picture(const struct answer *answer, struct error *error)
{
    const struct predict *p = answer->predict;
    const nnrun_info *info = p->info;
    const size_t longer = info->height > info->width ? info->height : info->width;
    const size_t zoom = longer > PICTURE_TEXT_MOST ? longer : PICTURE_TEXT_MOST;
    const size_t height = (info->height * PICTURE_TEXT_MOST + zoom - 1) / zoom;
    const size_t width = (info->width * PICTURE_TEXT_MOST + zoom - 1) / zoom;
    uint8_t shown[PICTURE_TEXT_MOST * PICTURE_TEXT_MOST];

    if (info->height == 1 || !answer->sample) {
        picture_text_print(p->style, NULL, 0, 0, answer->best_count, print_bar, answer);
        return 0;
    }
    if (make_shown(answer, height, width, shown, error) != 0)
        return -1;
    picture_text_print(p->style, shown, height, width, answer->best_count, print_bar, answer);
    return 0;
}

static char *answer_json(const struct answer *answer)
{
    const struct predict *p = answer->predict;
    json_t *object =
        predict_event(p->model, answer->outputs, p->path, p->numbered ? &answer->of->index : NULL,
                      answer->of->empty, answer->of->digit);
    const int failed =
        object && answer->of->turned ? json_object_set_new(object, "transposed", json_true()) : 0;

    return json_line(json_whole(object, failed), 9);
}

static int print_json(const struct answer *answer, struct error *error)
{
    char *line = answer_json(answer);

    return line ? command_print_json(line) : error_memory(error);
}

static char *make_name(const struct predict *p, const struct pending *of)
{
    if (p->numbered)
        return memory_format("%s[%zu]", p->path, of->index);
    if (of->digit.number > 0 && of->digit.count > 1)
        return memory_format("%s, digit %zu of %zu", p->path, of->digit.number, of->digit.count);
    return memory_string(p->path);
}

static void warn(const struct pending *of, const char *name)
{
    fflush(stdout);
    if (of->empty)
        say(stderr, "nnrun: warning: %s: no ink found: all of it looks like background\n", name);
    else if (of->digit.many)
        say(stderr,
            "nnrun: warning: %s: more than %d digits seen, answered as one; cut the picture into smaller ones\n",
            name, (int)NNRUN_MOST_DIGITS);
    else if (of->digit.number == 0 && of->digit.count > 1)
        say(stderr, "nnrun: warning: %s: %zu digits seen, answered as one; --all reads each\n", name,
            of->digit.count);
}

/* In quotes if it would be more than one cell without. */
static void print_cell(const char *text)
{
    if (!strpbrk(text, ",;\"")) {
        say(stdout, "%s", text);
        return;
    }
    putchar('"');
    for (size_t plain; *text; text += plain + (text[plain] != '\0')) {
        plain = strcspn(text, "\"");
        say(stdout, "%.*s%s", (int)plain, text, text[plain] ? "\"\"" : "");
    }
    putchar('"');
}

/* Counted over all files, with the label that the class had in the table, if classes have names. Of no answer it is empty. */
static void print_csv(struct predict *p, const struct answer *answer)
{
    printf("%zu,", ++p->lines);
    if (answer->best_count > 0)
        print_cell(nnrun_class_name(p->model, answer->best[0].index));
    putchar('\n');
}

int predict_begin_csv(const struct predict *p, struct error *error)
{
    if (!p->options->csv)
        return 0;
    if (p->info->classes == 1 || (p->info->outputs_are == NNRUN_OUTPUT_LABELS && p->info->outputs > 1))
        return error_set(error, ERROR_ARGUMENT,
                         "--csv writes one class per line, and the network of %s answers with %s",
                         p->options->subject, p->info->classes == 1 ? "a number" : "several labels");
    puts("ImageId,Label");
    return 0;
}

static int print_answer(struct answer *answer, struct error *error)
{
    struct predict *p = answer->predict;
    char *name = make_name(p, answer->of);
    int failed = 0;

    if (!name)
        return error_memory(error);
    answer->best_count = nnrun_best(p->model, answer->outputs, answer->best, BEST);
    p->unanswered += answer->best_count == 0;
    warn(answer->of, name);
    if (p->options->csv) {
        print_csv(p, answer);
        free(name);
        return 0;
    }
    if (p->options->json)
        failed = print_json(answer, error);
    else
        print_line(answer, name);
    if (!p->options->json && !p->options->quiet)
        failed = print_picture(answer, error);
    free(name);
    return failed;
}

int predict_ask(struct predict *p, struct error *error)
{
    const size_t count = p->count;

    p->count = 0;
    if (p->of_rows)
        nnrun_predict_floats(p->context, p->rows, count, p->outputs);
    else
        nnrun_predict(p->context, p->samples, count, p->outputs);
    for (size_t i = 0; i < count; i++) {
        struct answer answer = {.predict = p,
                                .of = &p->pending[i],
                                .sample = p->of_rows ? NULL : p->samples + i * p->info->inputs,
                                .outputs = p->outputs + i * p->info->outputs};
        p->asked++;
        if (print_answer(&answer, error) != 0)
            return -1;
    }
    return 0;
}
