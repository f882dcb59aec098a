/* graph.h: what a network or a layer computes, as operators of ONNX: what all that is exported is made from.
 *
 * Values have the shape of one sample: ONNX's first dimension, the samples, is left out of shapes, and counted by the
 * axes of attributes. Constants have none. Operators come in an order in which they can be computed. A graph is built
 * by one thread; then it is constant, and any number of threads may read it. */
#ifndef OPERATORS_GRAPH_H
#define OPERATORS_GRAPH_H

#include "base/error.h"
#include "operators/operator_types.h"

enum graph_source {
    GRAPH_INPUT,    /* given */
    GRAPH_CONSTANT, /* weights, states and other numbers */
    GRAPH_RESULT    /* of an operator */
};

#define GRAPH_NO_VALUE SIZE_MAX

struct graph_value {
    char *name; /* no two are alike: "conv1.weight", "swish1/Mul" */
    enum graph_source source;
    struct nnrun_shape shape; /* of a sample or of the constant; rank 0: a number */
    size_t values;            /* floats of that; of a constant never 0 */
    const float *numbers;     /* [values], of a constant */
    float *own;               /* those that the graph frees; NULL: they outlive it */
    size_t given_by;          /* the operator whose result it is */
};

struct graph_operator {
    enum operator_kind kind;
    size_t input_count;
    size_t *inputs; /* values; GRAPH_NO_VALUE: an optional one that is left out */
    size_t output;
    struct operator_settings at;
    uint32_t set; /* a bit for each enum operator_attribute that is not ONNX's default */
    char *layer;  /* the name of the layer that described it */
};

struct graph {
    struct graph_value *values;
    size_t value_count;
    struct graph_operator *operators;
    size_t operator_count;
    size_t output; /* the value that is the network's or the layer's */
};

/* Empty; NULL after setting error. */
struct graph *graph_create(struct error *error);
void graph_destroy(struct graph *graph); /* NULL: nothing */

/* These return the number of a new value, or GRAPH_NO_VALUE after setting error. The name is copied, with "_2" and so
 * on behind it if there is one of that name. */
size_t graph_add_input(struct graph *graph, const char *name, const struct nnrun_shape *shape,
                       struct error *error);

/* `numbers` outlive the graph, or with `copied` are copied, NULL: zeroes, to be filled in own[]. */
size_t graph_add_constant(struct graph *graph, const char *name, const struct nnrun_shape *shape,
                          const float *numbers, bool copied, struct error *error);

/* An operator with its defaults; the shape of its result is set by graph_shapes. */
size_t graph_add_operator(struct graph *graph, const char *layer, enum operator_kind kind,
                          const size_t *inputs, size_t input_count, struct error *error);

/* A value of that name; GRAPH_NO_VALUE: there is none. */
size_t graph_find(const struct graph *graph, const char *name);
#endif
