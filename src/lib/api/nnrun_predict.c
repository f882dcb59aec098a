/* nnrun_predict.c: a model asked about samples. */
#include <stdlib.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_model.h"
#include "base/memory.h"

struct nnrun_context {
    const nnrun_model *model;
    struct predictor_context *context;
};

static nnrun_context *create(const nnrun_model *model, uint32_t flags, struct error *error)
{
    const struct learned *learned;
    nnrun_context *context;

    if (public_need("nnrun_context_create", "model", model, error) != 0)
        return NULL;
    if (flags & ~(uint32_t)NNRUN_KEEP_LAYERS) {
        error_set(error, ERROR_ARGUMENT, "nnrun_context_create: unknown flags %#x", (unsigned)flags);
        return NULL;
    }
    learned = public_model_learned(model, error);
    if (!learned)
        return NULL;
    context = memory_array(1, sizeof *context);
    if (!context) {
        error_memory(error);
        return NULL;
    }
    context->model = model;
    context->context = predictor_context_create(learned->predictor, flags & NNRUN_KEEP_LAYERS, error);
    if (context->context)
        return context;
    free(context);
    return NULL;
}

nnrun_context *nnrun_context_create(const nnrun_model *model, uint32_t flags, nnrun_error *error)
{
    struct error own = {0};
    nnrun_context *context = create(model, flags, &own);

    public_error_give(error, &own);
    return context;
}

void nnrun_context_destroy(nnrun_context *context)
{
    if (!context)
        return;
    predictor_context_destroy(context->context);
    free(context);
}

void nnrun_predict(nnrun_context *context, const uint8_t *samples, size_t count, float *outputs)
{
    predictor_predict(context->context, &(struct predictor_samples){.bytes = samples}, count, outputs);
}

void nnrun_predict_floats(nnrun_context *context, const float *samples, size_t count, float *outputs)
{
    predictor_predict(context->context, &(struct predictor_samples){.floats = samples}, count, outputs);
}

const float *nnrun_layer_output(const nnrun_context *context, size_t i)
{
    return i < context->model->info.layers ? predictor_layer(context->context, i) : NULL;
}

/* ---- classes ------------------------------------------------------------------------------------------ */

/* Puts class `i` in its place among the `count` best so far. Returns how many there are then. */
static size_t place(nnrun_best_class *best, size_t count, size_t most, size_t i, float value)
{
    size_t at = count;

    while (at > 0 && value > best[at - 1].value)
        at--;
    if (at == most)
        return count;
    count += count < most;
    for (size_t k = count - 1; k > at; k--)
        best[k] = best[k - 1];
    best[at] = (nnrun_best_class){.index = i, .value = value};
    return count;
}

size_t nnrun_best(const nnrun_model *model, const float *outputs, nnrun_best_class *best, size_t most)
{
    float two[2] = {0};
    const float *values = outputs;
    struct host host;
    size_t count = 0, classes;

    host_enter(&host); /* who may round another way, take denormals for 0, or trap comparing a NaN */
    classes = net_is_answer(outputs, model->info.outputs, 1) ? model->info.classes : 0;
    if (model->info.classes > model->info.outputs) {
        two[0] = 1 - *outputs;
        two[1] = *outputs;
        values = two;
    }
    for (size_t i = 0; i < classes; i++)
        count = place(best, count, most, i, values[i]);
    host_leave(&host);
    return count;
}
