/* graph.c: see graph.h. */
#include "operators/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net.h"

struct graph *graph_create(struct error *error)
{
    struct graph *graph = memory_array(1, sizeof *graph);

    if (!graph)
        error_memory(error);
    else
        graph->output = GRAPH_NO_VALUE;
    return graph;
}

void graph_destroy(struct graph *graph)
{
    if (!graph)
        return;
    for (size_t i = 0; i < graph->value_count; i++) {
        free(graph->values[i].name);
        free(graph->values[i].own);
    }
    for (size_t i = 0; i < graph->operator_count; i++) {
        free(graph->operators[i].inputs);
        free(graph->operators[i].layer);
    }
    free(graph->values);
    free(graph->operators);
    free(graph);
}

size_t graph_find(const struct graph *graph, const char *name)
{
    for (size_t i = 0; i < graph->value_count; i++)
        if (strcmp(graph->values[i].name, name) == 0)
            return i;
    return GRAPH_NO_VALUE;
}

/* How many values have the name, or that and something behind "_". */
static size_t count_alike(const struct graph *graph, const char *name)
{
    const size_t length = strlen(name);
    size_t alike = 0;

    for (size_t i = 0; i < graph->value_count; i++) {
        const char *other = graph->values[i].name;
        alike += strncmp(other, name, length) == 0 && (other[length] == '\0' || other[length] == '_');
    }
    return alike;
}

/* The name itself if no value has it, else with a number behind it. NULL if memory ran out. */
static char *unused_name(const struct graph *graph, const char *name)
{
    char *unused = memory_string(name);

    if (!unused || graph_find(graph, name) == GRAPH_NO_VALUE)
        return unused;
    for (size_t number = count_alike(graph, name) + 1; unused && graph_find(graph, unused) != GRAPH_NO_VALUE;
         number++) {
        free(unused);
        unused = memory_format("%s_%zu", name, number);
    }
    return unused;
}

static struct graph_value *add_value(struct graph *graph, const char *name, enum graph_source source,
                                     struct error *error)
{
    struct graph_value *values = memory_resize(graph->values, graph->value_count + 1, sizeof *values);
    char *unused = NULL;

    if (values) {
        graph->values = values;
        unused = unused_name(graph, name);
    }
    if (!unused) {
        error_memory(error);
        return NULL;
    }
    values[graph->value_count] = (struct graph_value){.name = unused, .source = source};
    return &values[graph->value_count++];
}

size_t graph_add_input(struct graph *graph, const char *name, const struct nnrun_shape *shape,
                       struct error *error)
{
    struct graph_value *value = add_value(graph, name, GRAPH_INPUT, error);

    if (!value)
        return GRAPH_NO_VALUE;
    value->shape = *shape;
    value->values = net_shape_count(shape);
    return graph->value_count - 1;
}

size_t graph_add_constant(struct graph *graph, const char *name, const struct nnrun_shape *shape,
                          const float *numbers, bool copied, struct error *error)
{
    struct graph_value *value = add_value(graph, name, GRAPH_CONSTANT, error);

    if (!value)
        return GRAPH_NO_VALUE;
    value->shape = *shape;
    value->values = shape->rank == 0 ? 1 : net_shape_count(shape);
    value->numbers = numbers;
    if (copied) {
        value->numbers = value->own = memory_array(value->values, sizeof *value->own);
        if (!value->own) {
            error_memory(error);
            return GRAPH_NO_VALUE;
        }
        if (numbers)
            memcpy(value->own, numbers, value->values * sizeof *value->own);
    }
    return graph->value_count - 1;
}

/* The operator that is next, without its result. */
static struct graph_operator *add_operator(struct graph *graph, const char *layer, const size_t *inputs,
                                           size_t input_count, struct error *error)
{
    struct graph_operator *operators =
        memory_resize(graph->operators, graph->operator_count + 1, sizeof *operators);
    struct graph_operator *one;

    if (!operators) {
        error_memory(error);
        return NULL;
    }
    graph->operators = operators;
    one = &operators[graph->operator_count++];
    *one = (struct graph_operator){.inputs = memory_array(input_count, sizeof *one->inputs),
                                   .input_count = input_count,
                                   .layer = memory_string(layer)};
    if (!one->inputs || !one->layer) {
        error_memory(error);
        return NULL;
    }
    memcpy(one->inputs, inputs, input_count * sizeof *inputs);
    return one;
}

size_t graph_add_operator(struct graph *graph, const char *layer, enum operator_kind kind,
                          const size_t *inputs, size_t input_count, struct error *error)
{
    struct graph_operator *one = add_operator(graph, layer, inputs, input_count, error);
    char *name = memory_format("%s/%s", layer, operator_types[kind].name);
    struct graph_value *value = NULL;

    if (one && name)
        value = add_value(graph, name, GRAPH_RESULT, error);
    else
        error_memory(error);
    free(name);
    if (!value)
        return GRAPH_NO_VALUE;
    one->kind = kind;
    one->at = operator_types[kind].fallback;
    one->output = graph->value_count - 1;
    value->given_by = graph->operator_count - 1;
    return one->output;
}
