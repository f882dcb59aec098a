/* question.c: see question.h. */
#include "serve/question.h"

#include <math.h>

#include "data/picture_file.h"
#include "serve/pixels_json.h"
#include "base/json_text.h"
#include "predict/prediction.h"

static const char name[] = "body"; /* of the picture, in messages */

char *question_json_text(json_t *object)
{
    char *text = json_dump_text(object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9));

    json_decref(object);
    return text;
}

char *question_error_json(const char *reason)
{
    return question_json_text(json_pack("{s:o}", "error", json_text(reason)));
}

/* ---- the picture ------------------------------------------------------------------------------------- */

static int read_file(const struct question *question, struct picture *picture, struct error *error)
{
    struct picture_file *file = picture_file_open_one(name, question->body, question->size, error);
    int failed = -1;

    if (file) {
        picture_file_limit(file, QUESTION_MOST_PIXELS);
        failed = picture_file_next(file, picture, error);
    }
    picture_file_close(file);
    return failed;
}

int question_prepare(struct question *question, const struct prepare_input *input)
{
    struct picture picture = {0};
    struct prepared prepared;
    struct error error = {0};
    int failed;

    failed = question->json ? pixels_json_read(&picture, name, question->body, question->size, &error)
                            : read_file(question, &picture, &error);
    if (!failed)
        failed = prepare_picture(name, &picture, input, question->raw, question->sample, &prepared, &error);
    picture_free(&picture);
    if (!failed) {
        question->empty = prepared.empty;
        return 0;
    }
    question->status = error.code == ERROR_DATA ? QUESTION_BAD : QUESTION_FAILED;
    question->answer = question_error_json(error_text(&error));
    error_clear(&error);
    return -1;
}

/* ---- the answer -------------------------------------------------------------------------------------- */

static json_t *input_json(const struct question *question, const struct prepare_input *input)
{
    json_t *pixels = json_array();
    int failed = 0;

    for (size_t i = 0; i < input->channels * input->height * input->width; i++)
        failed |= json_array_append_new(pixels, json_integer(question->sample[i]));
    return json_pack("{s:I, s:I, s:I, s:o}", "channels", (json_int_t)input->channels, "height",
                     (json_int_t)input->height, "width", (json_int_t)input->width, "pixels",
                     json_whole(pixels, failed));
}

static json_t *layer_json(const struct predictor_layer *layer)
{
    json_t *values = json_array();
    int failed = 0;

    for (size_t i = 0; i < layer->values; i++)
        failed |= json_array_append_new(
            values, isfinite(layer->output[i]) ? json_real((double)layer->output[i]) : json_null());
    return json_pack("{s:s, s:s, s:o, s:o}", "name", layer->name, "type", layer->type, "output",
                     json_shape(&layer->shape), "values", json_whole(values, failed));
}

static json_t *layers_json(const struct predictor *predictor, const struct predictor_context *context)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < predictor_layer_count(predictor); i++) {
        const struct predictor_layer layer = predictor_layer(context, i);
        failed |= json_array_append_new(list, layer_json(&layer));
    }
    return json_whole(list, failed);
}

void question_answer(struct question *question, const struct predictor *predictor,
                     const struct prepare_input *input, const float *outputs,
                     const struct predictor_context *context)
{
    struct prediction prediction;
    json_t *object;
    int failed;

    prediction_fill(&prediction, predictor, outputs);
    object = prediction_json(&prediction, NULL, NULL, question->empty);
    failed = !object;
    if (!failed && question->tell_input)
        failed = json_object_set_new(object, "input", input_json(question, input));
    if (!failed && question->tell_layers)
        failed = json_object_set_new(object, "layers", layers_json(predictor, context));
    question->answer = question_json_text(json_whole(object, failed));
    question->status = question->answer ? QUESTION_ANSWERED : QUESTION_FAILED;
}
