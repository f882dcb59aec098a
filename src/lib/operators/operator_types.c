/* operator_types.c: see operator_types.h. */
#include "operators/operator_types.h"

#include <string.h>

#define REAL(name, member)                                                                                   \
    {                                                                                                        \
        name, ATTRIBUTE_REAL, offsetof(struct operator_settings, member), 1, 0, 0                            \
    }
#define INT(name, member, low, high)                                                                         \
    {                                                                                                        \
        name, ATTRIBUTE_INT, offsetof(struct operator_settings, member), 1, low, high                        \
    }
#define INTS(name, member, count, low)                                                                       \
    {                                                                                                        \
        name, ATTRIBUTE_INTS, offsetof(struct operator_settings, member), count, low, INT32_MAX              \
    }

const struct attribute_type operator_attributes[OPERATOR_ATTRIBUTES] = {
    [ATTRIBUTE_ALPHA] = REAL("alpha", alpha),
    [ATTRIBUTE_AXIS] = INT("axis", axis, -NNRUN_MAX_RANK, NNRUN_MAX_RANK),
    [ATTRIBUTE_BETA] = REAL("beta", beta),
    [ATTRIBUTE_BIAS] = REAL("bias", bias),
    [ATTRIBUTE_COUNT_INCLUDE_PAD] = INT("count_include_pad", count_include_pad, 0, 1),
    [ATTRIBUTE_DILATIONS] = INTS("dilations", dilations, 2, 1),
    [ATTRIBUTE_EPSILON] = REAL("epsilon", epsilon),
    [ATTRIBUTE_GAMMA] = REAL("gamma", gamma),
    [ATTRIBUTE_GROUP] = INT("group", group, 1, INT32_MAX),
    [ATTRIBUTE_KERNEL_SHAPE] = INTS("kernel_shape", kernel_shape, 2, 1),
    [ATTRIBUTE_PADS] = INTS("pads", pads, 4, 0),
    [ATTRIBUTE_SHAPE] = INTS("shape", shape, 0, 0),
    [ATTRIBUTE_SIZE] = INT("size", size, 1, INT32_MAX),
    [ATTRIBUTE_STRIDES] = INTS("strides", strides, 2, 1),
    [ATTRIBUTE_TRANS_A] = INT("transA", trans_a, 0, 0),
    [ATTRIBUTE_TRANS_B] = INT("transB", trans_b, 0, 1),
};

#define BIT(attribute)  ((uint32_t)1 << (attribute))
#define WINDOW_BITS     (BIT(ATTRIBUTE_KERNEL_SHAPE) | BIT(ATTRIBUTE_PADS) | BIT(ATTRIBUTE_STRIDES))
#define WINDOW_DEFAULTS .strides = {1, 1}, .dilations = {1, 1}, .group = 1
#define UNARY(word)                                                                                          \
    {                                                                                                        \
        .name = (word), .family = FAMILY_UNARY, .least_inputs = 1, .most_inputs = 1                          \
    }
#define BROADCAST(word, least, most)                                                                         \
    {                                                                                                        \
        .name = (word), .family = FAMILY_BROADCAST, .least_inputs = (least), .most_inputs = (most)           \
    }
#define COPY(word)                                                                                           \
    {                                                                                                        \
        .name = (word), .family = FAMILY_COPY, .least_inputs = 1, .most_inputs = 1                           \
    }
#define CHANNELS(word)                                                                                       \
    {                                                                                                        \
        .name = (word), .family = FAMILY_CHANNELS, .least_inputs = 1, .most_inputs = 1                       \
    }

const struct operator_type operator_types[OPERATOR_KINDS] = {
    [OPERATOR_ABS] = UNARY("Abs"),
    [OPERATOR_ADD] = BROADCAST("Add", 2, 2),
    [OPERATOR_AVERAGE_POOL] = {.name = "AveragePool",
                               .family = FAMILY_WINDOWS,
                               .least_inputs = 1,
                               .most_inputs = 1,
                               .attributes = WINDOW_BITS | BIT(ATTRIBUTE_COUNT_INCLUDE_PAD),
                               .required = BIT(ATTRIBUTE_KERNEL_SHAPE),
                               .fallback = {WINDOW_DEFAULTS}},
    [OPERATOR_BATCH_NORMALIZATION] = {.name = "BatchNormalization",
                                      .family = FAMILY_SAME,
                                      .least_inputs = 5,
                                      .most_inputs = 5,
                                      .attributes = BIT(ATTRIBUTE_EPSILON),
                                      .fallback = {.epsilon = 1e-5f}},
    [OPERATOR_CLIP] = {.name = "Clip", .family = FAMILY_UNARY, .least_inputs = 1, .most_inputs = 3},
    [OPERATOR_CONCAT] = {.name = "Concat",
                         .family = FAMILY_JOINED,
                         .least_inputs = 1,
                         .most_inputs = OPERATOR_MOST_INPUTS,
                         .attributes = BIT(ATTRIBUTE_AXIS),
                         .required = BIT(ATTRIBUTE_AXIS)},
    [OPERATOR_CONV] = {.name = "Conv",
                       .family = FAMILY_WINDOWS,
                       .least_inputs = 2,
                       .most_inputs = 3,
                       .attributes = WINDOW_BITS | BIT(ATTRIBUTE_DILATIONS) | BIT(ATTRIBUTE_GROUP),
                       .required = BIT(ATTRIBUTE_KERNEL_SHAPE),
                       .fallback = {WINDOW_DEFAULTS}},
    [OPERATOR_DIV] = BROADCAST("Div", 2, 2),
    [OPERATOR_ELU] = {.name = "Elu",
                      .family = FAMILY_UNARY,
                      .least_inputs = 1,
                      .most_inputs = 1,
                      .attributes = BIT(ATTRIBUTE_ALPHA),
                      .fallback = {.alpha = 1}},
    [OPERATOR_ERF] = UNARY("Erf"),
    [OPERATOR_EXP] = UNARY("Exp"),
    [OPERATOR_FLATTEN] = COPY("Flatten"),
    [OPERATOR_GEMM] = {.name = "Gemm",
                       .family = FAMILY_PRODUCT,
                       .least_inputs = 2,
                       .most_inputs = 3,
                       .attributes = BIT(ATTRIBUTE_ALPHA) | BIT(ATTRIBUTE_BETA) | BIT(ATTRIBUTE_TRANS_A) |
                                     BIT(ATTRIBUTE_TRANS_B),
                       .fallback = {.alpha = 1, .beta = 1}},
    [OPERATOR_GLOBAL_AVERAGE_POOL] = CHANNELS("GlobalAveragePool"),
    [OPERATOR_GLOBAL_MAX_POOL] = CHANNELS("GlobalMaxPool"),
    [OPERATOR_HARD_SIGMOID] = {.name = "HardSigmoid",
                               .family = FAMILY_UNARY,
                               .least_inputs = 1,
                               .most_inputs = 1,
                               .attributes = BIT(ATTRIBUTE_ALPHA) | BIT(ATTRIBUTE_BETA),
                               .fallback = {.alpha = 0.2f, .beta = 0.5f}},
    [OPERATOR_IDENTITY] = COPY("Identity"),
    [OPERATOR_LEAKY_RELU] = {.name = "LeakyRelu",
                             .family = FAMILY_UNARY,
                             .least_inputs = 1,
                             .most_inputs = 1,
                             .attributes = BIT(ATTRIBUTE_ALPHA),
                             .fallback = {.alpha = 0.01f}},
    [OPERATOR_LOG] = UNARY("Log"),
    [OPERATOR_LRN] = {.name = "LRN",
                      .family = FAMILY_SAME,
                      .least_inputs = 1,
                      .most_inputs = 1,
                      .attributes = BIT(ATTRIBUTE_ALPHA) | BIT(ATTRIBUTE_BETA) | BIT(ATTRIBUTE_BIAS) |
                                    BIT(ATTRIBUTE_SIZE),
                      .required = BIT(ATTRIBUTE_SIZE),
                      .fallback = {.alpha = 1e-4f, .beta = 0.75f, .bias = 1}},
    [OPERATOR_MAX] = BROADCAST("Max", 1, OPERATOR_MOST_INPUTS),
    [OPERATOR_MAX_POOL] = {.name = "MaxPool",
                           .family = FAMILY_WINDOWS,
                           .least_inputs = 1,
                           .most_inputs = 1,
                           .attributes = WINDOW_BITS | BIT(ATTRIBUTE_DILATIONS),
                           .required = BIT(ATTRIBUTE_KERNEL_SHAPE),
                           .fallback = {WINDOW_DEFAULTS}},
    [OPERATOR_MIN] = BROADCAST("Min", 1, OPERATOR_MOST_INPUTS),
    [OPERATOR_MUL] = BROADCAST("Mul", 2, 2),
    [OPERATOR_NEG] = UNARY("Neg"),
    [OPERATOR_POW] = BROADCAST("Pow", 2, 2),
    [OPERATOR_PRELU] = BROADCAST("PRelu", 2, 2),
    [OPERATOR_RECIPROCAL] = UNARY("Reciprocal"),
    [OPERATOR_RELU] = UNARY("Relu"),
    [OPERATOR_RESHAPE] = {.name = "Reshape",
                          .family = FAMILY_COPY,
                          .least_inputs = 1,
                          .most_inputs = 1,
                          .attributes = BIT(ATTRIBUTE_SHAPE),
                          .required = BIT(ATTRIBUTE_SHAPE)},
    [OPERATOR_SELU] = {.name = "Selu",
                       .family = FAMILY_UNARY,
                       .least_inputs = 1,
                       .most_inputs = 1,
                       .attributes = BIT(ATTRIBUTE_ALPHA) | BIT(ATTRIBUTE_GAMMA),
                       .fallback = {.alpha = 1.67326319217681884765625f,
                                    .gamma = 1.05070102214813232421875f}},
    [OPERATOR_SIGMOID] = UNARY("Sigmoid"),
    [OPERATOR_SOFTMAX] = {.name = "Softmax",
                          .family = FAMILY_SAME,
                          .least_inputs = 1,
                          .most_inputs = 1,
                          .attributes = BIT(ATTRIBUTE_AXIS),
                          .fallback = {.axis = -1}},
    [OPERATOR_SOFTPLUS] = UNARY("Softplus"),
    [OPERATOR_SOFTSIGN] = UNARY("Softsign"),
    [OPERATOR_SQRT] = UNARY("Sqrt"),
    [OPERATOR_SUB] = BROADCAST("Sub", 2, 2),
    [OPERATOR_SUM] = BROADCAST("Sum", 1, OPERATOR_MOST_INPUTS),
    [OPERATOR_TANH] = UNARY("Tanh"),
};

enum operator_kind operator_find(const char *name)
{
    unsigned kind = 0;

    while (kind < OPERATOR_KINDS && strcmp(operator_types[kind].name, name) != 0)
        kind++;
    return kind;
}

enum operator_attribute operator_find_attribute(const char *name)
{
    unsigned attribute = 0;

    while (attribute < OPERATOR_ATTRIBUTES && strcmp(operator_attributes[attribute].name, name) != 0)
        attribute++;
    return attribute;
}

bool operator_has(enum operator_kind kind, enum operator_attribute attribute)
{
    return operator_types[kind].attributes & BIT(attribute);
}
