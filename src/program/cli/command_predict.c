/* command_predict.c: nnrun predict: what a checkpoint sees in pictures. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/json_text.h"
#include "cli/command.h"
#include "cli/picture_text.h"
#include "data/picture_file.h"
#include "data/prepare_picture.h"
#include "data/resize.h"
#include "predict/prediction.h"

enum { BAR = 24 };

/* One picture on its way through the network. */
struct asked {
    size_t index; /* in an IDX file */
    struct prepared prepared;
    uint8_t *bytes; /* prepared for the network */
};

struct predict {
    const struct options *options;
    const struct predictor *predictor;
    struct predictor_context *context;
    struct prepare_input input;
    enum picture_text_style style;
    uint8_t *bytes;   /* of the pictures under way */
    float *outputs;   /* [16][predictor_values] */
    const char *path; /* of the file under way */
    bool numbered;    /* it is an IDX file */
    struct asked asked[NNRUN_LANES];
    size_t count; /* of them */
};

/* ---- what is printed --------------------------------------------------------------------------------- */

/* What was said of one picture. */
struct answer {
    const struct predict *predict;
    struct prediction prediction;
};

static void format_output(const struct prediction *prediction, float output, char text[32])
{
    if (prediction->probabilities)
        snprintf(text, 32, "%.1f %%", 100 * (double)output);
    else
        snprintf(text, 32, "%.4g", (double)output);
}

/* Of several labels each that is more likely than not. */
static void print_labels(const struct prediction *prediction)
{
    const char *before = "";

    for (size_t i = 0; i < prediction->values; i++)
        if (prediction->outputs[i] > 0.5f) {
            char text[32];
            format_output(prediction, prediction->outputs[i], text);
            printf("%s%zu (%s)", before, i, text);
            before = ", ";
        }
    puts(*before ? "" : "none");
}

/* "FILE: 7 (99.8 %)"; of a network that gives one number, the number. */
static void print_line(const struct answer *answer, const char *name)
{
    const struct predictor *predictor = answer->predict->predictor;
    const struct prediction *prediction = &answer->prediction;
    char text[32];

    printf("%s: ", name);
    if (predictor_model(predictor)->net->target == NNRUN_LABELS && predictor_values(predictor) > 1) {
        print_labels(prediction);
        return;
    }
    format_output(prediction, prediction->outputs[prediction->best[0]], text);
    if (prediction->values == 1)
        printf("%s\n", text);
    else
        printf("%zu (%s)\n", prediction->best[0], text);
}

static void print_bar(const void *arg, size_t i)
{
    const struct answer *answer = arg;
    const struct prediction *prediction = &answer->prediction;
    const float output = prediction->outputs[prediction->best[i]];
    int width = 1;
    char text[32];

    for (size_t n = prediction->values - 1; n >= 10; n /= 10)
        width++;
    format_output(prediction, output, text);
    printf("%*zu  ", width, prediction->best[i]);
    picture_text_bar(answer->predict->style, (double)output, BAR);
    printf("  %7s", text);
}

/* The picture as the network gets it, in grey, made smaller if need be. Nothing of a vector that is none. */
static int print_picture(const struct answer *answer, const struct asked *asked, struct error *error)
{
    const struct predict *p = answer->predict;
    const size_t longer = p->input.height > p->input.width ? p->input.height : p->input.width;
    const size_t zoom = longer > PICTURE_TEXT_MOST ? longer : PICTURE_TEXT_MOST;
    const size_t height = (p->input.height * PICTURE_TEXT_MOST + zoom - 1) / zoom;
    const size_t width = (p->input.width * PICTURE_TEXT_MOST + zoom - 1) / zoom;
    uint8_t shown[PICTURE_TEXT_MOST * PICTURE_TEXT_MOST];
    struct picture picture;
    int failed;

    if (p->input.height == 1) {
        picture_text_print(p->style, NULL, 0, 0, answer->prediction.best_count, print_bar, answer);
        return 0;
    }
    failed = picture_make(&picture, p->path, p->input.channels, p->input.height, p->input.width, error);
    if (!failed) {
        memcpy(picture.pixels, asked->bytes, predictor_sample_bytes(p->predictor));
        picture_grey(&picture);
        failed = resize(&(struct resize_part){picture.pixels, picture.height, picture.width, picture.width},
                        height, width, shown, error);
    }
    if (!failed)
        picture_text_print(p->style, shown, height, width, answer->prediction.best_count, print_bar, answer);
    picture_free(&picture);
    return failed;
}

static char *answer_json(const struct answer *answer, const struct asked *asked)
{
    const struct predict *p = answer->predict;
    json_t *object = prediction_json(&answer->prediction, p->path, p->numbered ? &asked->index : NULL,
                                     asked->prepared.empty);
    char *text = json_dump_text(object, JSON_COMPACT | JSON_REAL_PRECISION(9));

    json_decref(object);
    return text;
}

static int print_answer(const struct predict *p, const struct asked *asked, const float *outputs,
                        struct error *error)
{
    struct answer answer = {.predict = p};
    char *name = p->numbered ? memory_format("%s[%zu]", p->path, asked->index) : memory_string(p->path);
    int failed = 0;

    if (!name)
        return error_memory(error);
    prediction_fill(&answer.prediction, p->predictor, outputs);
    if (asked->prepared.empty) {
        fflush(stdout);
        fprintf(stderr, "nnrun: warning: %s: no ink found: all of it looks like background\n", name);
    }
    if (p->options->json)
        command_print_json(answer_json(&answer, asked));
    else
        print_line(&answer, name);
    if (!p->options->json && !p->options->quiet)
        failed = print_picture(&answer, asked, error);
    free(name);
    return failed;
}

/* ---- pictures ---------------------------------------------------------------------------------------- */

/* Asks about the pictures under way and prints the answers. */
static int ask(struct predict *p, struct error *error)
{
    const size_t values = predictor_values(p->predictor), count = p->count;
    const uint8_t *samples[NNRUN_LANES];

    p->count = 0;
    for (size_t i = 0; i < count; i++)
        samples[i] = p->asked[i].bytes;
    if (count > 0)
        predictor_predict(p->context, samples, count, p->outputs);
    for (size_t i = 0; i < count; i++)
        if (print_answer(p, &p->asked[i], p->outputs + i * values, error) != 0)
            return -1;
    return 0;
}

/* The answers to those before a picture that cannot be read are printed before the error. */
static int predict_all(struct predict *p, struct picture_file *file, struct error *error)
{
    for (size_t i = 0; i < picture_file_count(file); i++) {
        struct asked *asked = &p->asked[p->count];
        struct picture picture;
        int failed = picture_file_next(file, &picture, error) ||
                     prepare_picture(p->path, &picture, &p->input, p->options->raw, asked->bytes,
                                     &asked->prepared, error);
        picture_free(&picture);
        asked->index = i;
        if (failed) {
            struct error other = {0};
            ask(p, &other);
            error_clear(&other);
            return -1;
        }
        if (++p->count == NNRUN_LANES && ask(p, error) != 0)
            return -1;
    }
    return ask(p, error);
}

static int predict_file(struct predict *p, const char *path, struct error *error)
{
    struct picture_file *file = picture_file_open(path, error);
    int failed;

    if (!file)
        return -1;
    p->path = path;
    p->numbered = picture_file_is_idx(file);
    failed = predict_all(p, file, error);
    picture_file_close(file);
    return failed;
}

/* A file that cannot be read does not keep the others from it. Returns the exit status. */
static int predict_files(struct predict *p)
{
    int status = STATUS_OK;

    for (size_t i = 1; i < p->options->subject_count; i++) {
        struct error error = {0};
        if (predict_file(p, p->options->subjects[i], &error) != 0)
            status = command_failed(p->options, &error);
    }
    return status;
}

static int allocate_lanes(struct predict *p, struct error *error)
{
    const size_t bytes = predictor_sample_bytes(p->predictor), values = predictor_values(p->predictor);
    size_t all;

    p->input = prepare_input(&predictor_model(p->predictor)->net->input);
    p->style = picture_text_style();
    p->bytes = size_multiply(NNRUN_LANES, bytes, &all) ? memory_array(all, 1) : NULL;
    p->outputs = size_multiply(NNRUN_LANES, values, &all) ? memory_array(all, sizeof *p->outputs) : NULL;
    if (!p->bytes || !p->outputs)
        return error_memory(error);
    for (size_t i = 0; i < NNRUN_LANES; i++)
        p->asked[i].bytes = p->bytes + i * bytes;
    p->context = predictor_context_create(p->predictor, false, error);
    return p->context ? 0 : -1;
}

/* Words that are settings elsewhere. */
static int check_names(const struct options *options, struct error *error)
{
    if (options->subject_count < 2)
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
    const struct model_options model_options = options_model(options, true);
    struct predict predict = {.options = options};
    struct predictor *predictor = NULL;
    struct error error = {0};
    int result;

    if (check_names(options, &error) == 0)
        predict.predictor = predictor =
            predictor_open(&(struct model_source){.path = options->subject}, &model_options, &error);
    if (predictor && allocate_lanes(&predict, &error) == 0)
        result = predict_files(&predict);
    else
        result = command_failed(options, &error);
    predictor_context_destroy(predict.context);
    free(predict.bytes);
    free(predict.outputs);
    predictor_close(predictor);
    return result;
}
