/* prediction.c: see prediction.h. */
#include "train/prediction.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

void prediction_make(struct prediction *prediction, const struct predictor *predictor, const float *outputs)
{
    const uint32_t target = predictor_job(predictor)->net->target;

    *prediction = (struct prediction){.values = predictor_values(predictor),
                                      .two = {1 - *outputs, *outputs},
                                      .outputs = outputs,
                                      .probabilities = target != NNRUN_DENSE};
    if (prediction->values == 1 && target == NNRUN_LABELS) {
        prediction->values = 2;
        prediction->outputs = prediction->two;
    }
    prediction->best_count =
        predictor_best(prediction->outputs, prediction->values, prediction->best, PREDICTION_BEST);
}

static json_t *finite_or_null(bool there, float value)
{
    return there && isfinite(value) ? json_real((double)value) : json_null();
}

/* JSON is UTF-8, a path need not be. */
static json_t *path_json(const char *path)
{
    json_t *text = path ? json_string(path) : json_null();
    char *ascii = text ? NULL : memory_string(path);

    for (char *at = ascii; at && *at; at++)
        *at = (unsigned char)*at < 128 ? *at : '?';
    text = text ? text : json_string(ascii);
    free(ascii);
    return text;
}

json_t *prediction_json(const struct prediction *prediction, const char *file, const size_t *index,
                        bool empty)
{
    const float most = prediction->outputs[prediction->best[0]];
    json_t *classes = json_array();

    for (size_t i = 0; i < prediction->best_count; i++) {
        const float output = prediction->outputs[prediction->best[i]];
        json_array_append_new(classes,
                              json_pack("{s:I, s:o, s:o}", "class", (json_int_t)prediction->best[i],
                                        "probability", finite_or_null(prediction->probabilities, output),
                                        "value", finite_or_null(true, output)));
    }
    return json_pack("{s:s, s:o, s:o, s:I, s:o, s:o, s:b}", "event", "predict", "file", path_json(file),
                     "index", index ? json_integer((json_int_t)*index) : json_null(), "class",
                     (json_int_t)prediction->best[0], "probability",
                     finite_or_null(prediction->probabilities, most), "classes", classes, "empty",
                     (int)empty);
}
