/* question.c: see question.h. */
#include "serve/question.h"

#include <stdlib.h>

#include "base/json_text.h"
#include "event/predict_event.h"
#include "serve/numbers_json.h"
#include "serve/pixels_json.h"

static const char name[] = "the body"; /* of the picture, in messages */

char *question_json_text(json_t *object)
{
    return json_line(object, 9);
}

char *question_error_json(const char *reason)
{
    return question_json_text(json_pack("{s:o}", "error", json_text(reason)));
}

/* ---- the picture ------------------------------------------------------------------------------------- */

/* Returns -1. */
static int refuse(struct question *question, bool is_bad, const char *reason)
{
    question->status = is_bad ? QUESTION_BAD : QUESTION_FAILED;
    question->answer = question_error_json(reason);
    return -1;
}

/* What came of preparing: takes the error over. */
static int judge(struct question *question, nnrun_error *error)
{
    const int failed =
        error->code == NNRUN_OK ? 0 : refuse(question, error->code == NNRUN_ERROR_DATA, error->text);

    nnrun_error_clear(error);
    return failed;
}

static int prepare_pixels(struct question *question, const nnrun_model *model,
                          const nnrun_prepare_options *options, nnrun_prepared *prepared)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    struct error unread = {0};
    struct pixels pixels;
    int failed;

    if (pixels_json_read(&pixels, name, question->body, question->size, &unread) == 0) {
        nnrun_prepare_pixels(model, pixels.values, pixels.channels, pixels.height, pixels.width, options,
                             question->sample, prepared, &error);
        failed = judge(question, &error);
    } else {
        failed = refuse(question, unread.code == ERROR_DATA, error_text(&unread));
        error_clear(&unread);
    }
    free(pixels.values);
    return failed;
}

static int prepare_numbers(struct question *question, const nnrun_model *model)
{
    struct error unread = {0};
    int failed = 0;

    question->samples = 1;
    if (!question->json || question->all || question->raw)
        return refuse(question, true,
                      "the network takes numbers, no pictures: send JSON, {\"values\": [...]}, or rows as "
                      "text/csv, without raw and all");
    if (numbers_json_read(question->numbers, model, name, question->body, question->size, &unread) != 0)
        failed = refuse(question, unread.code == ERROR_DATA, error_text(&unread));
    error_clear(&unread);
    return failed;
}

static int prepare_file(struct question *question, const nnrun_model *model,
                        const nnrun_prepare_options *options, nnrun_prepared *prepared)
{
    nnrun_error error = NNRUN_ERROR_INIT;

    nnrun_prepare_bytes(model, question->body, question->size, options, question->sample, prepared, &error);
    return judge(question, &error);
}

int question_prepare(struct question *question, const nnrun_model *model)
{
    const nnrun_prepare_options options = {.size = sizeof options,
                                           .name = name,
                                           .most_pixels = (size_t)question->most_pixels,
                                           .raw = question->raw,
                                           .digits = question->all ? NNRUN_MOST_DIGITS : 0};
    nnrun_prepared prepared = NNRUN_PREPARED_INIT;
    int failed;

    if (nnrun_describe(model)->numbers)
        return prepare_numbers(question, model);
    failed = question->json ? prepare_pixels(question, model, &options, &prepared)
                            : prepare_file(question, model, &options, &prepared);
    question->empty = prepared.empty;
    question->digits = (size_t)prepared.digits;
    question->many = prepared.many != 0;
    question->samples = question->all && prepared.digits > 1 ? (size_t)prepared.digits : 1;
    return failed;
}

/* ---- the answer -------------------------------------------------------------------------------------- */

static json_t *input_json(const uint8_t *sample, const nnrun_info *info)
{
    json_t *pixels = json_array();
    int failed = 0;

    for (size_t i = 0; i < info->inputs; i++)
        failed |= json_array_append_new(pixels, json_integer(sample[i]));
    return json_pack("{s:I, s:I, s:I, s:o}", "channels", (json_int_t)info->channels, "height",
                     (json_int_t)info->height, "width", (json_int_t)info->width, "pixels",
                     json_whole(pixels, failed));
}

static json_t *numbers_json(const float *numbers, size_t count)
{
    json_t *values = json_array();
    int failed = 0;

    for (size_t i = 0; i < count; i++)
        failed |= json_array_append_new(values, json_real((double)numbers[i]));
    return json_pack("{s:o}", "values", json_whole(values, failed));
}

static json_t *layer_json(const nnrun_layer_info *layer, const float *output)
{
    json_t *values = json_array();
    int failed = 0;

    for (size_t i = 0; i < layer->values; i++)
        failed |= json_array_append_new(values, json_number((double)output[i]));
    return json_pack("{s:o, s:o, s:o, s:o}", "name", json_text(layer->name), "type", json_text(layer->type),
                     "output", json_shape(layer->rank, layer->dim), "values", json_whole(values, failed));
}

static json_t *layers_json(const nnrun_model *model, const nnrun_context *context)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < nnrun_describe(model)->layers; i++)
        failed |= json_array_append_new(
            list, layer_json(nnrun_describe_layer(model, i), nnrun_layer_output(context, i)));
    return json_whole(list, failed);
}

/* The event of sample number i. */
static json_t *sample_json(const struct question *question, const nnrun_model *model, size_t i,
                           const float *outputs, const nnrun_context *context)
{
    const nnrun_info *info = nnrun_describe(model);
    json_t *object = predict_event(model, outputs + i * info->outputs, NULL, NULL, question->empty,
                                   (struct predict_digit){.number = question->all ? i + 1 : 0,
                                                          .count = question->digits,
                                                          .many = question->many});
    int failed = !object;

    if (!failed && question->tell_input)
        failed = json_object_set_new(object, "input",
                                     info->numbers ? numbers_json(question->numbers, info->inputs)
                                                   : input_json(question->sample + i * info->inputs, info));
    if (!failed && question->tell_layers)
        failed = json_object_set_new(object, "layers", layers_json(model, context));
    return json_whole(object, failed);
}

static json_t *answers_json(const struct question *question, const nnrun_model *model, const float *outputs,
                            const nnrun_context *context)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < question->samples; i++)
        failed |= json_array_append_new(list, sample_json(question, model, i, outputs, context));
    return json_pack("{s:o}", "answers", json_whole(list, failed));
}

void question_answer(struct question *question, const nnrun_model *model, const float *outputs,
                     const nnrun_context *context)
{
    nnrun_best_class best;

    for (size_t i = 0; i < question->samples; i++)
        if (nnrun_best(model, outputs + i * nnrun_describe(model)->outputs, &best, 1) == 0) {
            refuse(question, false, "no answer: the network's output is not a finite number");
            return;
        }
    question->answer = question_json_text(question->all ? answers_json(question, model, outputs, context)
                                                        : sample_json(question, model, 0, outputs, context));
    question->status = question->answer ? QUESTION_ANSWERED : QUESTION_FAILED;
}
