/* network_graph.c: see network_graph.h. */
#include "export/network_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "operators/describe.h"
#include "operators/graph_shapes.h"

#define INPUT  "input" /* no layer is called so */
#define OUTPUT "output"

struct building {
    const struct model *model;
    const struct train_state *state;
    struct graph *graph;
    size_t *values; /* [1 + node_count] of the graph, by the numbers that a node's inputs have */
    struct error *error;
};

/* ---- from samples to inputs ---------------------------------------------------------------------------- */

/* (channels, 1, 1), or as few dimensions as that takes. */
static struct nnrun_shape shape_of_channels(const struct nnrun_shape *input, size_t channels)
{
    if (channels == 1)
        return (struct nnrun_shape){.rank = 0};
    return (struct nnrun_shape){.rank = input->rank, .dim = {(int32_t)channels, 1, 1}};
}

/* Adds an operator with a constant for each channel, unless that changes nothing. Returns 0 or -1. */
static int add_step(struct building *now, enum operator_kind kind, const char *name, const float *numbers,
                    size_t channels, float neutral)
{
    const struct nnrun_shape shape = shape_of_channels(&now->model->net->input, channels);
    size_t inputs[2] = {now->values[0]}, same = 0;

    while (same < channels && fabsf(numbers[same] - neutral) < 0x1p-24f)
        same++;
    if (same == channels)
        return 0;
    inputs[1] = graph_add_constant(now->graph, name, &shape, numbers, true, now->error);
    if (inputs[1] == GRAPH_NO_VALUE)
        return -1;
    now->values[0] = graph_add_operator(now->graph, INPUT, kind, inputs, 2, now->error);
    return now->values[0] == GRAPH_NO_VALUE ? -1 : 0;
}

/* value * scale + shift of each channel as (value - middle) * scale + rest, where the rest is what the middle, -shift /
 * scale, lacks as a float: ONNX has no fused multiply-add, and of a value far from 0 the product alone would round away
 * what the sum leaves. */
static int add_scaling(struct building *now)
{
    const struct lanes_scaling scaling = normalization_scaling(&now->state->normalization, now->model);
    float *middle = memory_array(scaling.channels, sizeof *middle);
    float *rest = memory_array(scaling.channels, sizeof *rest);
    int failed = -1;

    if (!middle || !rest) {
        error_memory(now->error);
    } else {
        for (size_t c = 0; c < scaling.channels; c++) {
            const double scale = (double)scaling.scale[c], shift = (double)scaling.shift[c];
            middle[c] = (float)(-shift / scale);
            middle[c] = isfinite(middle[c]) ? middle[c] : 0;
            rest[c] = (float)((double)middle[c] * scale + shift);
        }
        failed = add_step(now, OPERATOR_SUB, INPUT ".middle", middle, scaling.channels, 0) != 0 ||
                 add_step(now, OPERATOR_MUL, INPUT ".scale", scaling.scale, scaling.channels, 1) != 0 ||
                 add_step(now, OPERATOR_ADD, INPUT ".rest", rest, scaling.channels, 0) != 0 ||
                 graph_shapes(now->graph, 0, now->error) != 0;
    }
    free(middle);
    free(rest);
    return failed ? -1 : 0;
}

/* ---- layers -------------------------------------------------------------------------------------------- */

static int add_layer(struct building *now, size_t index)
{
    const struct net *net = now->model->net;
    const struct net_node *node = &net->nodes[index];
    const struct net_tensor *tensors = net->tensors + node->first_tensor;
    size_t inputs[NET_MOST_INPUTS];
    const float *w[NET_MOST_TENSORS];
    const struct description description = {.node = node, .inputs = inputs, .tensors = tensors, .w = w};

    for (size_t k = 0; k < node->input_count; k++)
        inputs[k] = now->values[node->inputs[k]];
    for (size_t t = 0; t < node->tensor_count; t++)
        w[t] = (tensors[t].made.role == NNRUN_STATE ? now->state->states : now->state->weights) +
               tensors[t].offset;
    if (graph_describe(now->graph, &description, &now->values[index + 1], now->error) == 0)
        return 0;
    return now->error->code == ERROR_MEMORY
               ? -1
               : error_prefix(now->error, "layer \"%s\" (%s) cannot be exported: ", node->name, node->type);
}

/* Gives the output its name; what is no result of an operator becomes one, and is then what the last layer gives. */
static int name_output(struct building *now)
{
    struct graph *graph = now->graph;
    size_t last = now->values[1 + now->model->net->last];
    char *name = memory_string(OUTPUT);

    if (!name)
        return error_memory(now->error);
    if (graph->values[last].source != GRAPH_RESULT) {
        last = graph_add_operator(graph, OUTPUT, OPERATOR_IDENTITY, &last, 1, now->error);
        if (last == GRAPH_NO_VALUE || graph_shapes(graph, graph->operator_count - 1, now->error) != 0) {
            free(name);
            return -1;
        }
    }
    now->values[1 + now->model->net->last] = last;
    free(graph->values[last].name);
    graph->values[last].name = name;
    graph->output = last;
    return 0;
}

static int build(struct building *now)
{
    const struct net *net = now->model->net;

    now->values[0] = graph_add_input(now->graph, INPUT, &net->input, now->error);
    if (now->values[0] == GRAPH_NO_VALUE || add_scaling(now) != 0)
        return -1;
    for (size_t i = 0; i < net->node_count; i++)
        if (add_layer(now, i) != 0)
            return -1;
    return name_output(now);
}

struct graph *network_graph(const struct model *model, const struct train_state *state, size_t *results,
                            struct error *error)
{
    struct building now = {.model = model,
                           .state = state,
                           .graph = graph_create(error),
                           .values = memory_array(1 + model->net->node_count, sizeof *now.values),
                           .error = error};

    if (now.graph && !now.values)
        error_memory(error);
    if (!now.graph || !now.values || build(&now) != 0) {
        graph_destroy(now.graph);
        now.graph = NULL;
    }
    if (now.graph && results)
        memcpy(results, now.values + 1, model->net->node_count * sizeof *results);
    free(now.values);
    return now.graph;
}
