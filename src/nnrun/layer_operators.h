/* nnrun/layer_operators.h: the part of nnrun/layer.h by which a layer leaves nnrun: it describes what it computes as
 * operators of ONNX. Include that one. */
#ifndef NNRUN_LAYER_OPERATORS_H
#define NNRUN_LAYER_OPERATORS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id of struct nnrun_operators: what a layer computes in evaluation, in operators of ONNX, opset 13. Everything that
 * a network is exported to is made of them; nothing is computed from them here, but gradcheck holds them against
 * forward. nnrun-layer(3) lists the operators and their attributes. */
#define NNRUN_OPERATORS_1 "operators/1"

/* A description under way. Its functions are called within describe() alone.
 *
 * A value is a number, of a tensor. That of x(), and of every operator, has the samples as its first dimension, which
 * ONNX counts, too: an axis of 1 is the first of a sample's shape. That of weight() and constant() has not, and is
 * stretched by ONNX's rules: (channels, 1, 1) goes with pictures. 0 stands for an optional input that is left out.
 *
 * After an error values are negative, and calls with them do nothing: nothing need be checked. */
struct nnrun_graph {
    /* given */
    uint32_t minor; /* the core's ABI minor */
    int32_t inputs;
    const struct nnrun_shape *input; /* [inputs], as plan() had them, without the samples */
    /* to be called: a value each */
    int32_t (*x)(struct nnrun_graph *graph, int32_t input);
    /* Tensor number `tensor`, in the order of plan(), states included. With a shape: the same values in C order under
     * that, NULL: under its own. */
    int32_t (*weight)(struct nnrun_graph *graph, int32_t tensor, const struct nnrun_shape *shape);
    /* values[], which is copied; NULL: `fill` everywhere. A shape of rank 0 is a single number. */
    int32_t (*constant)(struct nnrun_graph *graph, const struct nnrun_shape *shape, const float *values,
                        float fill);
    /* What the operator of that name gives for these inputs, not all of them constants */
    int32_t (*apply)(struct nnrun_graph *graph, const char *name, const int32_t *inputs, int32_t count);
    /* An attribute of the operator that gave `value`; one that is not set has ONNX's default. */
    void (*set_int)(struct nnrun_graph *graph, int32_t value, const char *attribute, int32_t number);
    void (*set_ints)(struct nnrun_graph *graph, int32_t value, const char *attribute, const int32_t *numbers,
                     int32_t count);
    void (*set_real)(struct nnrun_graph *graph, int32_t value, const char *attribute, float number);
    /* Says why operators cannot say what the instance computes; `reason` is not a format. Returns a value. */
    int32_t (*refuse)(struct nnrun_graph *graph, const char *reason);
    void *core; /* the core's own */
};

struct nnrun_operators {
    /* Returns the value that is y, of the shape that plan() gave; it may be that of x(). A function of self. [setup] */
    int32_t (*describe)(const void *self, struct nnrun_graph *graph);
};

/* An operator of one, two or three inputs. */
static inline int32_t nnrun_apply1(struct nnrun_graph *graph, const char *name, int32_t a)
{
    return graph->apply(graph, name, &a, 1);
}

static inline int32_t nnrun_apply2(struct nnrun_graph *graph, const char *name, int32_t a, int32_t b)
{
    const int32_t inputs[2] = {a, b};

    return graph->apply(graph, name, inputs, 2);
}

static inline int32_t nnrun_apply3(struct nnrun_graph *graph, const char *name, int32_t a, int32_t b,
                                   int32_t c)
{
    const int32_t inputs[3] = {a, b, c};

    return graph->apply(graph, name, inputs, 3);
}

/* A number. */
static inline int32_t nnrun_number(struct nnrun_graph *graph, float number)
{
    const struct nnrun_shape shape = {0, {0}};

    return graph->constant(graph, &shape, NULL, number);
}

/* The values of each sample of x, under another shape. */
static inline int32_t nnrun_reshape(struct nnrun_graph *graph, int32_t x, const struct nnrun_shape *shape)
{
    const int32_t y = graph->apply(graph, "Reshape", &x, 1);
    int32_t numbers[NNRUN_MAX_RANK + 1];

    numbers[0] = 0; /* as many samples as there are */
    for (int32_t i = 0; i < shape->rank; i++)
        numbers[1 + i] = shape->dim[i];
    graph->set_ints(graph, y, "shape", numbers, 1 + shape->rank);
    return y;
}

#ifdef __cplusplus
}
#endif
#endif
