/* predict_event.c: see predict_event.h. */
#include "event/predict_event.h"

#include "base/json_text.h"

enum { BEST = 5 };

static json_t *finite_or_null(bool there, float value)
{
    return there ? json_number((double)value) : json_null();
}

/* Adds the name of a class beside its number, where classes have names; `best` NULL: none was said. */
static int add_name(json_t *object, const nnrun_model *model, const nnrun_best_class *best)
{
    if (!nnrun_class_names(model))
        return 0;
    return json_object_set_new(object, "name",
                               best ? json_text(nnrun_class_name(model, best->index)) : json_null());
}

static json_t *classes_json(const nnrun_model *model, const nnrun_best_class *best, size_t count,
                            bool probabilities)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        json_t *class = json_pack("{s:I, s:o, s:o}", "class", (json_int_t)best[i].index, "probability",
                                  finite_or_null(probabilities, best[i].value), "value",
                                  finite_or_null(true, best[i].value));
        failed |= add_name(class, model, &best[i]);
        failed |= json_array_append_new(list, class);
    }
    return json_whole(list, failed);
}

json_t *predict_event(const nnrun_model *model, const float *outputs, const char *file, const size_t *index,
                      bool empty, struct predict_digit digit)
{
    const bool probabilities = nnrun_describe(model)->outputs_are != NNRUN_OUTPUT_VALUES;
    nnrun_best_class best[BEST];
    const size_t count = nnrun_best(model, outputs, best, BEST);

    json_t *event = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "event", "predict", "file",
                              file ? json_text(file) : json_null(), "index",
                              index ? json_integer((json_int_t)*index) : json_null(), "class",
                              count ? json_integer((json_int_t)best[0].index) : json_null(), "probability",
                              finite_or_null(count && probabilities, count ? best[0].value : 0), "classes",
                              classes_json(model, best, count, probabilities), "empty", (int)empty);
    int failed = !event;

    if (!failed)
        failed = add_name(event, model, count ? best : NULL);
    if (!failed && digit.many)
        failed = json_object_set_new(event, "many", json_true());
    if (!failed && digit.count > 1)
        failed = json_object_set_new(event, "digits", json_integer((json_int_t)digit.count));
    if (!failed && digit.count > 1 && digit.number > 0)
        failed = json_object_set_new(event, "digit", json_integer((json_int_t)digit.number));
    return json_whole(event, failed);
}
