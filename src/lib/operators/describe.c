/* describe.c: see describe.h. */
#include "operators/describe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_watch.h"
#include "net/plugin_capability.h"
#include "net/plugin_words.h"
#include "operators/graph_shapes.h"

enum { MOST_OPERATORS = 1024, FAILED = -1 };

/* What nnrun_graph's core points at while a layer describes itself. */
struct describing {
    struct graph *graph;
    const struct description *of;
    size_t first, first_value; /* of its own operators and values */
    struct error *error;
    bool failed;
};

/* Keeps the first error. Returns what a value is then. */
static int32_t fail(struct describing *now, const char *reason, const char *word)
{
    if (!now->failed)
        error_set(now->error, ERROR_CONFIG, "broken plugin: its description %s%s%s", reason, word ? " " : "",
                  word ? word : "");
    now->failed = true;
    return FAILED;
}

/* A value of the graph as the layer's. */
static int32_t hand_out(struct describing *now, size_t value)
{
    now->failed = now->failed || value == GRAPH_NO_VALUE;
    return now->failed ? FAILED : (int32_t)value + 1;
}

/* The other way round: one of its inputs or its own; NULL after an error. */
static const struct graph_value *value_of(struct describing *now, int32_t value)
{
    const size_t of = (size_t)value - 1;
    bool known = value > 0 && of >= now->first_value && of < now->graph->value_count;

    for (size_t k = 0; value > 0 && k < now->of->node->input_count; k++)
        known = known || now->of->inputs[k] == of;
    if (!known || now->failed) {
        fail(now, "uses a value that it was not given", NULL);
        return NULL;
    }
    return &now->graph->values[of];
}

static int32_t on_x(struct nnrun_graph *graph, int32_t input)
{
    struct describing *now = graph->core;

    if (now->failed)
        return FAILED;
    if (input < 0 || input >= graph->inputs)
        return fail(now, "uses an input that there is not", NULL);
    return hand_out(now, now->of->inputs[input]);
}

static bool same_shape(const struct nnrun_shape *a, const struct nnrun_shape *b)
{
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof a->dim[0]) == 0;
}

/* Values of a shape that a layer gives, rank 0 being a number; 0: it is none. */
static size_t count_of(const struct nnrun_shape *shape)
{
    return shape->rank == 0 ? 1 : net_shape_count(shape);
}

static int32_t on_weight(struct nnrun_graph *graph, int32_t tensor, const struct nnrun_shape *shape)
{
    struct describing *now = graph->core;
    const struct net_tensor *of;

    if (now->failed)
        return FAILED;
    if (tensor < 0 || (size_t)tensor >= now->of->node->tensor_count)
        return fail(now, "uses a tensor that plan did not ask for", NULL);
    of = &now->of->tensors[tensor];
    if (!shape)
        shape = &of->made.shape;
    if (count_of(shape) != of->count)
        return fail(now, "gives a shape of a different size to", of->name);
    for (size_t i = 0; i < now->graph->value_count; i++)
        if (now->graph->values[i].source == GRAPH_CONSTANT &&
            now->graph->values[i].numbers == now->of->w[tensor] &&
            same_shape(&now->graph->values[i].shape, shape))
            return hand_out(now, i);
    return hand_out(now,
                    graph_add_constant(now->graph, of->name, shape, now->of->w[tensor], false, now->error));
}

static int32_t on_constant(struct nnrun_graph *graph, const struct nnrun_shape *shape, const float *values,
                           float fill)
{
    struct describing *now = graph->core;
    struct graph_value *value;
    char *name;
    size_t made;

    if (now->failed)
        return FAILED;
    if (count_of(shape) == 0)
        return fail(now, "gives a constant no shape", NULL);
    name = memory_format("%s/constant", now->of->node->name);
    if (!name) {
        error_memory(now->error);
        return hand_out(now, GRAPH_NO_VALUE);
    }
    made = graph_add_constant(now->graph, name, shape, values, true, now->error);
    free(name);
    if (made == GRAPH_NO_VALUE)
        return hand_out(now, made);
    value = &now->graph->values[made];
    for (size_t i = 0; i < value->values; i++) {
        if (!values)
            value->own[i] = fill;
        if (!isfinite(value->own[i]))
            return fail(now, "has a constant that is not finite", NULL);
    }
    return hand_out(now, made);
}

static int32_t on_apply(struct nnrun_graph *graph, const char *name, const int32_t *inputs, int32_t count)
{
    struct describing *now = graph->core;
    size_t values[OPERATOR_MOST_INPUTS];
    enum operator_kind kind;

    if (now->failed)
        return FAILED;
    kind = name ? operator_find(name) : OPERATOR_KINDS;
    if (kind == OPERATOR_KINDS)
        return fail(now,
                    "uses an operator that is not known here:", name && plugin_line_ok(name) ? name : "?");
    if (count < operator_types[kind].least_inputs || count > operator_types[kind].most_inputs)
        return fail(now, "has a wrong number of inputs for", name);
    if (now->graph->operator_count - now->first == MOST_OPERATORS)
        return fail(now, "has too many operators", NULL);
    for (int32_t k = 0; k < count; k++) {
        if (inputs[k] != 0 && !value_of(now, inputs[k]))
            return FAILED;
        values[k] = inputs[k] == 0 ? GRAPH_NO_VALUE : (size_t)inputs[k] - 1;
    }
    return hand_out(
        now, graph_add_operator(now->graph, now->of->node->name, kind, values, (size_t)count, now->error));
}

/* The operator of the layer's that gave the value, and its attribute; NULL after an error. */
static struct graph_operator *find_attribute(struct describing *now, int32_t value, const char *name,
                                             enum attribute_kind kind, enum operator_attribute *attribute)
{
    const struct graph_value *given = now->failed ? NULL : value_of(now, value);
    struct graph_operator *one = given ? &now->graph->operators[given->given_by] : NULL;

    if (!given)
        return NULL;
    *attribute = name ? operator_find_attribute(name) : OPERATOR_ATTRIBUTES;
    if (given->source != GRAPH_RESULT || given->given_by < now->first)
        fail(now, "sets an attribute of what it does not compute", NULL);
    else if (*attribute == OPERATOR_ATTRIBUTES || !operator_has(one->kind, *attribute) ||
             operator_attributes[*attribute].kind != kind)
        fail(now, "sets an attribute that is not known here, or of a different kind, of",
             operator_types[one->kind].name);
    return now->failed ? NULL : one;
}

static void set_numbers(struct describing *now, struct graph_operator *one, enum operator_attribute attribute,
                        const int32_t *numbers, int32_t count)
{
    const struct attribute_type *type = &operator_attributes[attribute];
    const int32_t least = type->count ? type->count : 2,
                  most = type->count ? type->count : NNRUN_MAX_RANK + 1;

    if (count < least || count > most) {
        fail(now, "has a wrong number of numbers for", type->name);
        return;
    }
    for (int32_t i = 0; i < count; i++)
        if (numbers[i] < type->low || numbers[i] > type->high) {
            fail(now, "has a number outside of the range of", type->name);
            return;
        }
    memcpy((char *)&one->at + type->offset, numbers, (size_t)count * sizeof *numbers);
    if (attribute == ATTRIBUTE_SHAPE)
        one->at.shape_count = count;
    one->set |= (uint32_t)1 << attribute;
}

static void on_set_ints(struct nnrun_graph *graph, int32_t value, const char *name, const int32_t *numbers,
                        int32_t count)
{
    struct describing *now = graph->core;
    enum operator_attribute attribute;
    struct graph_operator *one = find_attribute(now, value, name, ATTRIBUTE_INTS, &attribute);

    if (one)
        set_numbers(now, one, attribute, numbers, count);
}

static void on_set_int(struct nnrun_graph *graph, int32_t value, const char *name, int32_t number)
{
    struct describing *now = graph->core;
    enum operator_attribute attribute;
    struct graph_operator *one = find_attribute(now, value, name, ATTRIBUTE_INT, &attribute);

    if (one)
        set_numbers(now, one, attribute, &number, 1);
}

static void on_set_real(struct nnrun_graph *graph, int32_t value, const char *name, float number)
{
    struct describing *now = graph->core;
    enum operator_attribute attribute;
    struct graph_operator *one = find_attribute(now, value, name, ATTRIBUTE_REAL, &attribute);

    if (!one)
        return;
    if (!isfinite(number)) {
        fail(now, "has a number that is not finite for", name);
        return;
    }
    memcpy((char *)&one->at + operator_attributes[attribute].offset, &number, sizeof number);
    one->set |= (uint32_t)1 << attribute;
}

static int32_t on_refuse(struct nnrun_graph *graph, const char *reason)
{
    struct describing *now = graph->core;

    if (!now->failed)
        error_set(now->error, ERROR_CONFIG, "operators cannot say what it computes: %s", reason);
    now->failed = true;
    return FAILED;
}

static int run_describe(struct describing *now, const struct nnrun_operators *operators, int32_t *y)
{
    const struct net_node *node = now->of->node;
    struct nnrun_shape *shapes = memory_array(node->input_count, sizeof *shapes);
    struct nnrun_graph graph = {.minor = NNRUN_ABI_MINOR,
                                .inputs = (int32_t)node->input_count,
                                .input = shapes,
                                .x = on_x,
                                .weight = on_weight,
                                .constant = on_constant,
                                .apply = on_apply,
                                .set_int = on_set_int,
                                .set_ints = on_set_ints,
                                .set_real = on_set_real,
                                .refuse = on_refuse,
                                .core = now};
    struct plugin_watch_entry *entry;

    if (!shapes)
        return error_memory(now->error);
    for (size_t k = 0; k < node->input_count; k++)
        shapes[k] = now->graph->values[now->of->inputs[k]].shape;
    entry = net_watch_begin(node, "describe", NULL, NULL);
    *y = operators->describe(node->instance, &graph);
    plugin_watch_end(entry);
    free(shapes);
    return now->failed ? -1 : 0;
}

int graph_describe(struct graph *graph, const struct description *description, size_t *output,
                   struct error *error)
{
    const struct nnrun_operators *operators = plugin_operators(&description->node->plugin->layer);
    struct describing now = {.graph = graph,
                             .of = description,
                             .first = graph->operator_count,
                             .first_value = graph->value_count,
                             .error = error};
    const struct graph_value *given;
    char is[NET_SHAPE_TEXT], wanted[NET_SHAPE_TEXT];
    int32_t y = FAILED;

    if (!operators)
        return error_set(error, ERROR_CONFIG,
                         "it does not describe itself as operators (" NNRUN_OPERATORS_1 ")");
    if (run_describe(&now, operators, &y) != 0 || !(given = value_of(&now, y)))
        return -1;
    if (graph_shapes(graph, now.first, error) != 0) {
        if (error->code == ERROR_CONFIG)
            error_prefix(error, "broken plugin: in its description ");
        return -1;
    }
    if (given->source == GRAPH_CONSTANT)
        return error_set(error, ERROR_CONFIG,
                         "broken plugin: its description gives %s that do not depend on its inputs",
                         net_shape_text(&given->shape, is));
    if (!same_shape(&given->shape, &description->node->shape))
        return error_set(error, ERROR_CONFIG, "broken plugin: its description gives %s, but its plan %s",
                         net_shape_text(&given->shape, is),
                         net_shape_text(&description->node->shape, wanted));
    *output = (size_t)y - 1;
    return 0;
}
