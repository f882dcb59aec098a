/* network_graph.c: see network_graph.h. */
#include "export/network_graph.h"

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

static bool are_all(const float *numbers, size_t count, float number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] != number)
            return false;
    return true;
}

/* value * scale + shift, of each channel, leaving out what changes nothing. Returns 0 or -1. */
static int add_scaling(struct building *now)
{
    const struct lanes_scaling scaling = normalization_scaling(&now->state->normalization, now->model);
    const struct nnrun_shape shape = shape_of_channels(&now->model->net->input, scaling.channels);
    const struct {
        enum operator_kind kind;
        const char *name;
        const float *numbers;
        float neutral;
    } step[] = {{OPERATOR_MUL, INPUT ".scale", scaling.scale, 1},
                {OPERATOR_ADD, INPUT ".shift", scaling.shift, 0}};

    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        size_t inputs[2] = {now->values[0]};
        if (are_all(step[i].numbers, scaling.channels, step[i].neutral))
            continue;
        inputs[1] = graph_add_constant(now->graph, step[i].name, &shape, step[i].numbers, true, now->error);
        if (inputs[1] == GRAPH_NO_VALUE)
            return -1;
        now->values[0] = graph_add_operator(now->graph, INPUT, step[i].kind, inputs, 2, now->error);
        if (now->values[0] == GRAPH_NO_VALUE)
            return -1;
    }
    return graph_shapes(now->graph, 0, now->error);
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

/* Gives the output its name; what is no result of an operator becomes one. */
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

struct graph *network_graph(const struct model *model, const struct train_state *state, struct error *error)
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
    free(now.values);
    return now.graph;
}
