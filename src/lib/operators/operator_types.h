/* operator_types.h: the operators of ONNX, opset 13, that a layer may describe itself by, and their attributes. [any thread] */
#ifndef OPERATORS_OPERATOR_TYPES_H
#define OPERATORS_OPERATOR_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnrun/layer.h"

enum operator_kind {
    OPERATOR_ABS,
    OPERATOR_ADD,
    OPERATOR_AVERAGE_POOL,
    OPERATOR_BATCH_NORMALIZATION,
    OPERATOR_CLIP,
    OPERATOR_CONCAT,
    OPERATOR_CONV,
    OPERATOR_DIV,
    OPERATOR_ELU,
    OPERATOR_ERF,
    OPERATOR_EXP,
    OPERATOR_FLATTEN,
    OPERATOR_GEMM,
    OPERATOR_GLOBAL_AVERAGE_POOL,
    OPERATOR_GLOBAL_MAX_POOL,
    OPERATOR_HARD_SIGMOID,
    OPERATOR_IDENTITY,
    OPERATOR_LEAKY_RELU,
    OPERATOR_LOG,
    OPERATOR_LRN,
    OPERATOR_MAX,
    OPERATOR_MAX_POOL,
    OPERATOR_MIN,
    OPERATOR_MUL,
    OPERATOR_NEG,
    OPERATOR_POW,
    OPERATOR_PRELU,
    OPERATOR_RECIPROCAL,
    OPERATOR_RELU,
    OPERATOR_RESHAPE,
    OPERATOR_SELU,
    OPERATOR_SIGMOID,
    OPERATOR_SOFTMAX,
    OPERATOR_SOFTPLUS,
    OPERATOR_SOFTSIGN,
    OPERATOR_SQRT,
    OPERATOR_SUB,
    OPERATOR_SUM,
    OPERATOR_TANH,
    OPERATOR_KINDS
};

/* How a shape follows from the inputs, and what is computed of them. */
enum operator_family {
    FAMILY_UNARY,     /* each value of one value of the first input */
    FAMILY_BROADCAST, /* each value of one of each input, stretched to a common shape */
    FAMILY_SAME,      /* the shape of the first input */
    FAMILY_COPY,      /* the same values in the same order, under another shape */
    FAMILY_WINDOWS,   /* of windows over rows and columns */
    FAMILY_CHANNELS,  /* a value for each channel of a picture */
    FAMILY_JOINED,    /* the inputs one after the other */
    FAMILY_PRODUCT    /* of matrices */
};

enum {
    OPERATOR_MOST_INPUTS = 64,
    OPERATOR_MOST_NUMBERS = NNRUN_MAX_RANK + 1 /* of an attribute */
};

/* An operator's attributes. As ONNX has them: axes count the samples, too, and are never negative here. */
struct operator_settings {
    float alpha, beta, gamma, epsilon, bias;
    int32_t axis, group, count_include_pad, trans_a, trans_b, size;
    int32_t kernel_shape[2], strides[2], dilations[2];
    int32_t pads[4];                      /* before rows, before columns, after rows, after columns */
    int32_t shape[OPERATOR_MOST_NUMBERS]; /* of Reshape, an input in ONNX; 0: the number of samples */
    int32_t shape_count;
};

enum operator_attribute {
    ATTRIBUTE_ALPHA,
    ATTRIBUTE_AXIS,
    ATTRIBUTE_BETA,
    ATTRIBUTE_BIAS,
    ATTRIBUTE_COUNT_INCLUDE_PAD,
    ATTRIBUTE_DILATIONS,
    ATTRIBUTE_EPSILON,
    ATTRIBUTE_GAMMA,
    ATTRIBUTE_GROUP,
    ATTRIBUTE_KERNEL_SHAPE,
    ATTRIBUTE_PADS,
    ATTRIBUTE_SHAPE,
    ATTRIBUTE_SIZE,
    ATTRIBUTE_STRIDES,
    ATTRIBUTE_TRANS_A,
    ATTRIBUTE_TRANS_B,
    OPERATOR_ATTRIBUTES
};

enum attribute_kind { ATTRIBUTE_REAL, ATTRIBUTE_INT, ATTRIBUTE_INTS };

struct attribute_type {
    const char *name; /* as in ONNX */
    enum attribute_kind kind;
    size_t offset;     /* in struct operator_settings */
    int32_t count;     /* of numbers: a list's has so many; 0: up to OPERATOR_MOST_NUMBERS of them */
    int32_t low, high; /* of each number */
};

struct operator_type {
    const char *name; /* as in ONNX */
    enum operator_family family;
    int32_t least_inputs, most_inputs;
    uint32_t attributes, required; /* a bit for each enum operator_attribute */
    struct operator_settings fallback;
};

extern const struct attribute_type operator_attributes[OPERATOR_ATTRIBUTES];
extern const struct operator_type operator_types[OPERATOR_KINDS];

/* By name; OPERATOR_KINDS or OPERATOR_ATTRIBUTES: there is none. */
enum operator_kind operator_find(const char *name);
enum operator_attribute operator_find_attribute(const char *name);

/* Whether the operator has that attribute. */
bool operator_has(enum operator_kind kind, enum operator_attribute attribute);
#endif
