/* prediction.c: see prediction.h. */
#include "predict/prediction.h"

#include <math.h>
#include "base/json_text.h"

void prediction_fill(struct prediction *prediction, const struct predictor *predictor, const float *outputs)
{
    const uint32_t target = predictor_model(predictor)->net->target;

    *prediction = (struct prediction){.values = predictor_values(predictor),
                                      .two = {1 - *outputs, *outputs},
                                      .outputs = outputs,
                                      .probabilities = target != NNRUN_DENSE};
    if (prediction->values == 1 && target == NNRUN_LABELS) {
        prediction->values = 2;
        prediction->outputs = prediction->two;
    }
    prediction->best_count =
        predictor_best_classes(prediction->outputs, prediction->values, prediction->best, PREDICTION_BEST);
}

static json_t *finite_or_null(bool there, float value)
{
    return there && isfinite(value) ? json_real((double)value) : json_null();
}

json_t *prediction_json(const struct prediction *prediction, const char *file, const size_t *index,
                        bool empty)
{
    const float most = prediction->outputs[prediction->best[0]];
    json_t *classes = json_array();
    int failed = 0;

    for (size_t i = 0; i < prediction->best_count; i++) {
        const float output = prediction->outputs[prediction->best[i]];
        failed |= json_array_append_new(classes, json_pack("{s:I, s:o, s:o}", "class",
                                                           (json_int_t)prediction->best[i], "probability",
                                                           finite_or_null(prediction->probabilities, output),
                                                           "value", finite_or_null(true, output)));
    }
    if (failed) {
        json_decref(classes);
        return NULL;
    }
    return json_pack(
        "{s:s, s:o, s:o, s:I, s:o, s:o, s:b}", "event", "predict", "file",
        file ? json_text(file) : json_null(), "index", index ? json_integer((json_int_t)*index) : json_null(),
        "class", (json_int_t)prediction->best[0], "probability",
        finite_or_null(prediction->probabilities, most), "classes", classes, "empty", (int)empty);
}
