/* reference.c: see reference.h. */
#include "operators/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "operators/reference_simple.h"
#include "operators/reference_windows.h"

struct reference {
    const struct graph *graph;
    double **values; /* [graph->value_count] */
};

struct reference *reference_create(const struct graph *graph, struct error *error)
{
    struct reference *reference = memory_array(1, sizeof *reference);
    bool made = reference != NULL;

    if (made) {
        reference->graph = graph;
        reference->values = memory_array(graph->value_count, sizeof *reference->values);
        made = reference->values != NULL;
    }
    for (size_t i = 0; made && i < graph->value_count; i++) {
        const struct graph_value *value = &graph->values[i];
        double *to = reference->values[i] = memory_array(value->values, sizeof *to);
        made = to != NULL;
        for (size_t k = 0; made && value->source == GRAPH_CONSTANT && k < value->values; k++)
            to[k] = (double)value->numbers[k];
    }
    if (made)
        return reference;
    reference_destroy(reference);
    error_memory(error);
    return NULL;
}

void reference_destroy(struct reference *reference)
{
    if (!reference)
        return;
    memory_free_each((void **)reference->values, reference->values ? reference->graph->value_count : 0);
    free(reference);
}

double *reference_value(struct reference *reference, size_t value)
{
    return reference->values[value];
}

static void run_operator(const struct reference *reference, const struct graph_operator *one)
{
    const struct graph_value *values = reference->graph->values;
    struct reference_call call = {.one = one,
                                  .y = reference->values[one->output],
                                  .shape = &values[one->output].shape,
                                  .count = values[one->output].values};

    for (size_t k = 0; k < one->input_count; k++)
        if (one->inputs[k] != GRAPH_NO_VALUE) {
            call.x[k] = reference->values[one->inputs[k]];
            call.x_shape[k] = &values[one->inputs[k]].shape;
        }
    if (!call.x[0]) /* never of a graph whose shapes are set */
        return;
    switch (operator_types[one->kind].family) {
    case FAMILY_UNARY:
        reference_unary(&call);
        break;
    case FAMILY_BROADCAST:
        reference_broadcast(&call);
        break;
    case FAMILY_SAME:
        reference_same(&call);
        break;
    case FAMILY_COPY:
        memcpy(call.y, call.x[0], call.count * sizeof *call.y);
        break;
    case FAMILY_WINDOWS:
        reference_windows(&call);
        break;
    case FAMILY_CHANNELS:
        reference_channels(&call);
        break;
    case FAMILY_JOINED:
        reference_joined(&call);
        break;
    case FAMILY_PRODUCT:
        reference_product(&call);
        break;
    }
}

void reference_run_rounded(struct reference *reference)
{
    const struct graph *graph = reference->graph;

    for (size_t i = 0; i < graph->operator_count; i++) {
        const size_t output = graph->operators[i].output;
        run_operator(reference, &graph->operators[i]);
        for (size_t k = 0; k < graph->values[output].values; k++)
            reference->values[output][k] = (double)(float)reference->values[output][k];
    }
}

void reference_run(struct reference *reference)
{
    for (size_t i = 0; i < reference->graph->operator_count; i++)
        run_operator(reference, &reference->graph->operators[i]);
}
