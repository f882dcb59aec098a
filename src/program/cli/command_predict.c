/* command_predict.c: nnrun predict: what a checkpoint sees in pictures. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/json_text.h"
#include "base/planes.h"
#include "cli/command.h"
#include "cli/library_error.h"
#include "cli/picture_text.h"
#include "cli/say.h"
#include "cli/shell.h"
#include "event/predict_event.h"

enum {
    BAR = 24,
    BEST = 5,
    AT_ONCE = 16, /* take as long as one */
    ROOM = AT_ONCE - 1 + NNRUN_MOST_DIGITS
};

/* What a sample under way is of. */
struct pending {
    size_t index; /* of its picture in the file */
    bool empty;   /* nothing is in that */
    struct predict_digit digit;
};

struct predict {
    const struct options *options;
    nnrun_model *model;
    const nnrun_info *info;
    nnrun_context *context;
    enum picture_text_style style;
    uint8_t *samples;  /* [ROOM][info->inputs], of the pictures under way */
    float *outputs;    /* [ROOM][info->outputs] */
    const char *path;  /* of the file under way */
    bool numbered;     /* its pictures are samples of an IDX file */
    size_t asked;      /* samples of it that were asked about, */
    size_t unanswered; /* ... and those without an answer */
    size_t count;      /* samples under way */
    struct pending pending[ROOM];
};

/* ---- what is printed --------------------------------------------------------------------------------- */

/* What was said of one picture. */
struct answer {
    struct predict *predict;
    const struct pending *of;
    const uint8_t *sample; /* as the network got it */
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

/* At least as many columns as the characters of UTF-8 text. */
static int wider(int width, const char *text)
{
    int length = 0;

    for (; *text; text++)
        length += ((unsigned char)*text & 0xc0) != 0x80;
    return length > width ? length : width;
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
        width = wider(width, nnrun_class_name(p->model, answer->best[k].index));
    format_output(p, answer->best[i].value, text);
    say(stdout, "%*s%s  ", width - wider(0, name), "", name);
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

    if (info->height == 1) {
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

    return json_line(object, 9);
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
    else if (of->digit.number == 0 && of->digit.count > 1)
        say(stderr, "nnrun: warning: %s: %zu digits seen, answered as one; --all reads each\n", name,
            of->digit.count);
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
    if (p->options->json)
        failed = print_json(answer, error);
    else
        print_line(answer, name);
    if (!p->options->json && !p->options->quiet)
        failed = print_picture(answer, error);
    free(name);
    return failed;
}

/* ---- pictures ---------------------------------------------------------------------------------------- */

/* Asks about the samples under way and prints the answers. */
static int ask(struct predict *p, struct error *error)
{
    const size_t count = p->count;

    p->count = 0;
    nnrun_predict(p->context, p->samples, count, p->outputs);
    for (size_t i = 0; i < count; i++) {
        struct answer answer = {.predict = p,
                                .of = &p->pending[i],
                                .sample = p->samples + i * p->info->inputs,
                                .outputs = p->outputs + i * p->info->outputs};
        p->asked++;
        if (print_answer(&answer, error) != 0)
            return -1;
    }
    return 0;
}

/* Takes picture number `index` up, as a whole or digit by digit. */
static int take_next(struct predict *p, nnrun_pictures *pictures, size_t index, nnrun_error *failure)
{
    nnrun_prepare_options options = NNRUN_PREPARE_OPTIONS_INIT;
    nnrun_prepared prepared = NNRUN_PREPARED_INIT;
    uint8_t *samples = p->samples + p->count * p->info->inputs;
    size_t count = 1;

    options.raw = p->options->raw;
    if ((p->options->all
             ? nnrun_pictures_next_digits(pictures, p->model, &options, samples, NNRUN_MOST_DIGITS, &count,
                                          &prepared, failure)
             : nnrun_pictures_next(pictures, p->model, &options, samples, &prepared, failure)) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        p->pending[p->count++] = (struct pending){
            index, prepared.empty != 0, {p->options->all ? i + 1 : 0, (size_t)prepared.digits}};
    return 0;
}

/* The answers to those before a picture that cannot be read are printed before the error. */
static int predict_all(struct predict *p, nnrun_pictures *pictures, struct error *error)
{
    for (size_t i = 0; i < nnrun_pictures_count(pictures) && !ferror(stdout); i++) {
        nnrun_error failure = NNRUN_ERROR_INIT;

        if (take_next(p, pictures, i, &failure) != 0) {
            struct error other = {0};
            ask(p, &other);
            error_clear(&other);
            return library_error(error, &failure);
        }
        if (p->count >= AT_ONCE && ask(p, error) != 0)
            return -1;
    }
    return ask(p, error);
}

/* Weights that are no numbers, or too large for the picture, are the checkpoint's bytes. */
static int check_answered(const struct predict *p, struct error *error)
{
    if (p->unanswered == 0)
        return 0;
    if (!p->numbered)
        return error_set(error, ERROR_DATA, "%s: no answer: the network's output is not a finite number",
                         p->path);
    return error_set(error, ERROR_DATA,
                     "%s: no answer to %zu of %zu samples: the network's output is not a finite number",
                     p->path, p->unanswered, p->asked);
}

static int predict_file(struct predict *p, const char *path, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_pictures *pictures = nnrun_pictures_open(path, &failure);
    int failed;

    if (!pictures)
        return library_error(error, &failure);
    p->path = path;
    p->numbered = nnrun_pictures_are_samples(pictures) != 0;
    p->asked = p->unanswered = p->count = 0;
    failed = predict_all(p, pictures, error);
    nnrun_pictures_close(pictures);
    return failed ? failed : check_answered(p, error);
}

/* A file that cannot be read does not keep the others from it, an output that cannot be written does. Returns
 * the exit status. */
static int predict_files(struct predict *p)
{
    int status = STATUS_OK;

    for (size_t i = 1; i < p->options->subject_count && !ferror(stdout); i++) {
        struct error error = {0};
        if (predict_file(p, p->options->subjects[i], &error) != 0)
            status = command_failed(p->options, &error);
    }
    return status;
}

static int open_model(struct predict *p, struct error *error)
{
    const nnrun_options open = options_open(p->options, NNRUN_CHECKPOINT);
    nnrun_error failure = NNRUN_ERROR_INIT;
    size_t room, all;

    p->model = nnrun_open(p->options->subject, &open, &failure);
    p->context = p->model ? nnrun_context_create(p->model, 0, &failure) : NULL;
    if (!p->context) {
        library_error(error, &failure);
        return -1;
    }
    p->info = nnrun_describe(p->model);
    p->style = picture_text_style();
    room = p->options->all ? ROOM : AT_ONCE;
    p->samples = size_multiply(room, p->info->inputs, &all) ? memory_array(all, 1) : NULL;
    p->outputs = size_multiply(room, p->info->outputs, &all) ? memory_array(all, sizeof *p->outputs) : NULL;
    return p->samples && p->outputs ? 0 : error_memory(error);
}

/* Words that are settings elsewhere. */
static int check_names(const struct options *options, struct error *error)
{
    char word[SHELL_WORD];

    if (options->subject_count == 1)
        return error_set(error, ERROR_ARGUMENT, "no image after the checkpoint: nnrun predict %s IMAGE",
                         shell_word(options->subject, word));
    if (options->subject_count == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "expected CHECKPOINT and IMAGE...; \"nnrun predict --help\" shows how");
    for (size_t i = 1; i < options->subject_count; i++)
        if (strchr(options->subjects[i], '=') && access(options->subjects[i], F_OK) != 0)
            return error_set(error, ERROR_ARGUMENT,
                             "%s: no such file, and \"nnrun predict\" takes no KEY=VALUE",
                             options->subjects[i]);
    return 0;
}

int command_predict(const struct options *options)
{
    struct predict predict = {.options = options};
    struct error error = {0};
    int result;

    if (check_names(options, &error) == 0 && open_model(&predict, &error) == 0)
        result = predict_files(&predict);
    else
        result = command_failed(options, &error);
    nnrun_context_destroy(predict.context);
    free(predict.samples);
    free(predict.outputs);
    nnrun_close(predict.model);
    return result;
}
