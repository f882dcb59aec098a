/* html_graph.c: see html_graph.h. */
#include "export/html_graph.h"

#include "base/json_text.h"

enum { DIGITS = 9 }; /* of a float, whatever it is */

static json_t *values_json(const struct graph *graph)
{
    json_t *list = json_array();
    size_t at = 0;
    int failed = 0;

    for (size_t i = 0; i < graph->value_count; i++) {
        const struct graph_value *value = &graph->values[i];
        json_t *one = json_pack("{s:o}", "shape", json_shape((size_t)value->shape.rank, value->shape.dim));
        failed |= !one;
        if (value->source == GRAPH_CONSTANT) {
            failed |= json_object_set_new(one, "at", json_integer((json_int_t)at));
            at += value->values;
        }
        failed |= json_array_append_new(list, one);
    }
    return json_whole(list, failed);
}

static json_t *attribute_json(const struct graph_operator *one, const struct attribute_type *type)
{
    const char *at = (const char *)&one->at + type->offset;
    const int32_t *numbers = (const int32_t *)(const void *)at;

    if (type->kind == ATTRIBUTE_REAL)
        return json_real((double)*(const float *)(const void *)at);
    return type->kind == ATTRIBUTE_INT ? json_integer(numbers[0]) : json_shape((size_t)type->count, numbers);
}

static json_t *operator_json(const struct graph_operator *one)
{
    json_t *inputs = json_array(), *object;
    int failed = 0;

    for (size_t k = 0; k < one->input_count; k++)
        failed |= json_array_append_new(inputs, one->inputs[k] == GRAPH_NO_VALUE
                                                    ? json_null()
                                                    : json_integer((json_int_t)one->inputs[k]));
    object = json_pack("{s:s, s:o, s:I}", "type", operator_types[one->kind].name, "inputs",
                       json_whole(inputs, failed), "output", (json_int_t)one->output);
    failed = !object;
    for (unsigned i = 0; i < OPERATOR_ATTRIBUTES; i++)
        if (i != ATTRIBUTE_SHAPE && operator_has(one->kind, i))
            failed |= json_object_set_new(object, operator_attributes[i].name,
                                          attribute_json(one, &operator_attributes[i]));
    return json_whole(object, failed);
}

static json_t *operators_json(const struct graph *graph)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < graph->operator_count; i++)
        failed |= json_array_append_new(list, operator_json(&graph->operators[i]));
    return json_whole(list, failed);
}

static size_t find_input(const struct graph *graph)
{
    size_t input = 0;

    while (graph->values[input].source != GRAPH_INPUT)
        input++;
    return input;
}

char *html_graph(const struct graph *graph, struct error *error)
{
    char *text = json_line(json_pack("{s:I, s:I, s:o, s:o}", "input", (json_int_t)find_input(graph), "output",
                                     (json_int_t)graph->output, "values", values_json(graph), "operators",
                                     operators_json(graph)),
                           DIGITS);
    if (!text)
        error_memory(error);
    return text;
}
