/* nnrun_describe.c: what is told of a model. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/public_error.h"
#include "api/public_model.h"
#include "base/memory.h"
#include "model/model_fit.h"

_Static_assert((int)NNRUN_INFO_RANK == (int)NNRUN_MAX_RANK, "any tensor has room");
_Static_assert((int)NNRUN_HISTORY_COLUMNS == (int)HISTORY_COLUMNS &&
                   (int)NNRUN_HISTORY_EPOCH == (int)HISTORY_EPOCH &&
                   (int)NNRUN_HISTORY_STEP == (int)HISTORY_STEP &&
                   (int)NNRUN_HISTORY_LOSS == (int)HISTORY_LOSS &&
                   (int)NNRUN_HISTORY_TRAIN_ACCURACY == (int)HISTORY_TRAIN_ACCURACY &&
                   (int)NNRUN_HISTORY_VALIDATION_LOSS == (int)HISTORY_VALIDATION_LOSS &&
                   (int)NNRUN_HISTORY_VALIDATION_ACCURACY == (int)HISTORY_VALIDATION_ACCURACY &&
                   (int)NNRUN_HISTORY_RATE == (int)HISTORY_RATE,
               "the columns are those of train/train_state.h");

_Static_assert((int)NNRUN_PREPARE_DIGIT == (int)PREPARE_DIGIT &&
                   (int)NNRUN_PREPARE_STRETCH == (int)PREPARE_STRETCH &&
                   (int)NNRUN_PREPARE_FIT == (int)PREPARE_FIT && (int)NNRUN_PREPARE_CROP == (int)PREPARE_CROP,
               "the ways are those of data/prepare_picture.h");

static void copy_shape(const struct nnrun_shape *shape, uint32_t *rank, int32_t dim[NNRUN_INFO_RANK])
{
    *rank = (uint32_t)shape->rank;
    memcpy(dim, shape->dim, sizeof shape->dim);
}

/* Of weights as an epoch left them. */
static double validation_accuracy(const struct train_state *state)
{
    if (!state || state->epoch == 0 || state->consumed > 0)
        return (double)NAN;
    return state->history[(state->epoch - 1) * HISTORY_COLUMNS + HISTORY_VALIDATION_ACCURACY];
}

static enum prepare_how prepare_how(const struct model *model)
{
    return (enum prepare_how)model->settings.data.prepare;
}

nnrun_info public_model_info(const struct model *model, const struct train_state *state)
{
    const struct net *net = model->net;
    const struct prepare_input input = prepare_input(&net->input, prepare_how(model));
    const struct normalization none = {0};
    nnrun_info info = {.name = model->settings.name,
                       .level = plugin_level_names[model->level],
                       .source = state ? NNRUN_CHECKPOINT : NNRUN_CONFIG,
                       .outputs_are = net->target == NNRUN_DENSE    ? NNRUN_OUTPUT_VALUES
                                      : net->target == NNRUN_LABELS ? NNRUN_OUTPUT_LABELS
                                                                    : NNRUN_OUTPUT_CLASSES,
                       .inputs = net->input_values,
                       .outputs = net->nodes[net->last].values,
                       .channels = input.channels,
                       .height = input.height,
                       .width = input.width,
                       .layers = net->node_count,
                       .output_layer = net->last,
                       .tensors = net->tensor_count,
                       .parameters = net->parameters,
                       .epoch = state ? state->epoch : 0,
                       .step = state ? state->step : 0,
                       .history = state ? state->history : NULL,
                       .validation_accuracy = validation_accuracy(state),
                       .rate = model->settings.train.optimizer.rate,
                       .threads = model_threads(model),
                       .fused = plugin_level_has_fma(model->level),
                       .model_bytes = predictor_bytes(model),
                       .context_bytes = predictor_context_bytes(model, true),
                       .numbers = model->settings.data.values == VALUES_NUMBERS,
                       .prepare = model->settings.data.prepare,
                       .transposed = model->settings.data.transposed,
                       .columns = model->settings.data.columns.listed,
                       .mean = normalization_mean(state ? &state->normalization : &none, model)};

    info.classes = model_class_count(net);
    copy_shape(&net->input, &info.rank, info.dim);
    return info;
}

static int describe_layers(nnrun_model *model, struct error *error)
{
    const struct net *net = model->model.net;

    model->layers = memory_array(net->node_count, sizeof *model->layers);
    if (!model->layers)
        return error_memory(error);
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        nnrun_layer_info *layer = &model->layers[i];

        *layer = (nnrun_layer_info){
            .name = node->name, .type = node->type, .values = node->values, .parameters = node->parameters};
        copy_shape(&node->shape, &layer->rank, layer->dim);
    }
    return 0;
}

static int name_classes(nnrun_model *model, struct error *error)
{
    model->class_names = memory_array(model->info.classes, sizeof *model->class_names);
    if (!model->class_names)
        return error_memory(error);
    for (size_t i = 0; i < model->info.classes; i++)
        snprintf(model->class_names[i], sizeof model->class_names[i], "%zu", i);
    return 0;
}

int public_model_describe(nnrun_model *model, struct error *error)
{
    const struct learned *learned = model->learned;

    model->info = public_model_info(&model->model, learned->there ? &learned->state : NULL);
    model->input = prepare_input(&model->model.net->input, prepare_how(&model->model));
    return describe_layers(model, error) == 0 ? name_classes(model, error) : -1;
}

const nnrun_info *nnrun_describe(const nnrun_model *model)
{
    return model ? &model->info : NULL;
}

const nnrun_layer_info *nnrun_describe_layer(const nnrun_model *model, size_t i)
{
    return i < model->info.layers ? &model->layers[i] : NULL;
}

const nnrun_tensor_info *nnrun_describe_tensor(const nnrun_model *model, size_t i)
{
    struct error unused = {0};
    const struct learned *learned = i < model->info.tensors ? public_model_learned(model, &unused) : NULL;

    error_clear(&unused);
    return learned ? &learned->tensors[i] : NULL;
}

const char *nnrun_class_name(const nnrun_model *model, size_t i)
{
    if (i >= model->info.classes)
        return NULL;
    return nnrun_class_names(model) ? model_class_name(&model->model, i) : model->class_names[i];
}

size_t nnrun_class_names(const nnrun_model *model)
{
    return model_class_name(&model->model, 0) ? model->info.classes : 0;
}

const char *nnrun_column_name(const nnrun_model *model, size_t i)
{
    const struct setting_texts *columns = &model->model.settings.data.columns;

    return columns->listed && i < model->info.inputs ? columns->value[i] : NULL;
}
