/* model_json.c: see model_json.h. */
#include "serve/model_json.h"

#include "base/json_text.h"
#include "serve/question.h"

static json_t *layers_json(const nnrun_model *model)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < nnrun_describe(model)->layers; i++) {
        const nnrun_layer_info *layer = nnrun_describe_layer(model, i);
        failed |= json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:I}", "name", json_text(layer->name), "type",
                            json_text(layer->type), "output", json_shape(layer->rank, layer->dim),
                            "parameters", (json_int_t)layer->parameters));
    }
    return json_whole(list, failed);
}

static json_t *columns_json(const nnrun_model *model)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < nnrun_describe(model)->inputs; i++)
        failed |= json_array_append_new(list, json_text(nnrun_column_name(model, i)));
    return json_whole(list, failed);
}

/* Takes the object over. */
static json_t *add_names(json_t *object, const nnrun_model *model)
{
    const nnrun_info *info = nnrun_describe(model);
    json_t *names = nnrun_class_names(model) ? json_array() : NULL;
    int failed = 0;

    for (size_t i = 0; names && i < info->classes; i++)
        failed |= json_array_append_new(names, json_text(nnrun_class_name(model, i)));
    if (nnrun_class_names(model))
        failed |= json_object_set_new(object, "classes", json_whole(names, failed));
    if (info->columns)
        failed |= json_object_set_new(object, "columns", columns_json(model));
    if (info->transposed)
        failed |= json_object_set_new(object, "transposed", json_true());
    return json_whole(object, failed);
}

char *model_json(const nnrun_model *model, const char *checkpoint)
{
    static const char *const prepare[] = {[NNRUN_PREPARE_DIGIT] = "digit",
                                          [NNRUN_PREPARE_STRETCH] = "stretch",
                                          [NNRUN_PREPARE_FIT] = "fit",
                                          [NNRUN_PREPARE_CROP] = "crop"};
    const nnrun_info *info = nnrun_describe(model);

    return question_json_text(add_names(
        json_pack(
            "{s:o, s:o, s:I, s:I, s:o, s:I, s:o, s:o, s:s, s:s?, s:o, s:o}", "name", json_text(info->name),
            "checkpoint", json_text(checkpoint), "epoch", (json_int_t)info->epoch, "step",
            (json_int_t)info->step, "validation_accuracy", json_number(info->validation_accuracy),
            "parameters", (json_int_t)info->parameters, "input", json_shape(info->rank, info->dim), "output",
            json_text(nnrun_describe_layer(model, info->output_layer)->name), "values",
            info->numbers ? "numbers" : "pixels", "prepare", info->numbers ? NULL : prepare[info->prepare],
            "mean", info->numbers ? json_null() : json_number(info->mean), "layers", layers_json(model)),
        model));
}
