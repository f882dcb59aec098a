/* unit_operators.c: operators of ONNX give the shapes and values that its specification says, and refuse what it excludes. The
 * figures are those of the specification's examples or were computed by hand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/net_create.h"
#include "operators/describe.h"
#include "operators/graph_shapes.h"
#include "operators/reference.h"
#include "unit.h"

enum { MOST = 64 };

/* An input or a constant of a case, with the values 1, 2, 3 ... if none are given. */
struct given {
    struct nnrun_shape shape;
    float numbers[MOST];
    bool constant, ascending, left_out;
};

#define SAMPLE(...)                                                                                          \
    {                                                                                                        \
        .shape = __VA_ARGS__, .ascending = true                                                              \
    }
#define SAMPLE_OF(a_shape, ...)                                                                              \
    {                                                                                                        \
        .shape = a_shape, .numbers = __VA_ARGS__                                                             \
    }
#define CONSTANT_OF(a_shape, ...)                                                                            \
    {                                                                                                        \
        .shape = a_shape, .numbers = __VA_ARGS__, .constant = true                                           \
    }
#define VECTOR(a)                                                                                            \
    {                                                                                                        \
        .rank = 1, .dim = { a }                                                                              \
    }
#define MATRIX(a, b)                                                                                         \
    {                                                                                                        \
        .rank = 2, .dim = { a, b }                                                                           \
    }
#define PICTURE(a, b, c)                                                                                     \
    {                                                                                                        \
        .rank = 3, .dim = { a, b, c }                                                                        \
    }
#define FILTERS(a, b, c, d)                                                                                  \
    {                                                                                                        \
        .rank = 4, .dim = { a, b, c, d }                                                                     \
    }
#define LEFT_OUT                                                                                             \
    {                                                                                                        \
        .left_out = true                                                                                     \
    }

struct example {
    const char *name;
    enum operator_kind kind;
    struct given x[5];
    size_t inputs;
    struct operator_settings at; /* those in `set`; the others have their defaults */
    uint32_t set;
    struct nnrun_shape shape; /* rank 0: it is refused, */
    double y[MOST];
    const char *refusal; /* with a message that has this */
};

#define SET(attribute) ((uint32_t)1 << ATTRIBUTE_##attribute)

/* Adds an example's operator to a graph. */
static void build(struct graph *graph, const struct example *example, struct error *error)
{
    size_t inputs[5];
    struct graph_operator *one;

    for (size_t k = 0; k < example->inputs; k++) {
        const struct given *x = &example->x[k];
        if (x->left_out)
            inputs[k] = GRAPH_NO_VALUE;
        else if (x->constant)
            inputs[k] = graph_add_constant(graph, "w", &x->shape, x->numbers, false, error);
        else
            inputs[k] = graph_add_input(graph, "x", &x->shape, error);
    }
    graph->output = graph_add_operator(graph, "layer", example->kind, inputs, example->inputs, error);
    CU_ASSERT_NOT_EQUAL_FATAL(graph->output, GRAPH_NO_VALUE);
    one = &graph->operators[0];
    for (unsigned i = 0; i < OPERATOR_ATTRIBUTES; i++) {
        const struct attribute_type *type = &operator_attributes[i];
        const size_t count = i == ATTRIBUTE_SHAPE ? OPERATOR_MOST_NUMBERS : (size_t)type->count;
        if (example->set >> i & 1)
            memcpy((char *)&one->at + type->offset, (const char *)&example->at + type->offset,
                   count * sizeof(int32_t));
    }
    one->at.shape_count = example->at.shape_count;
    one->set = example->set;
}

static void fill_inputs(const struct graph *graph, const struct example *example, struct reference *reference)
{
    for (size_t k = 0; k < example->inputs; k++) {
        const struct given *x = &example->x[k];
        const size_t value = graph->operators[0].inputs[k];
        for (size_t i = 0; !x->left_out && !x->constant && i < graph->values[value].values; i++)
            reference_value(reference, value)[i] = x->ascending ? (double)i + 1 : (double)x->numbers[i];
    }
}

static void compare(const struct graph *graph, const struct example *example, struct error *error)
{
    const struct graph_value *value = &graph->values[graph->output];
    struct reference *reference = reference_create(graph, error);
    const double *y;

    CU_ASSERT_PTR_NOT_NULL_FATAL(reference);
    fill_inputs(graph, example, reference);
    reference_run(reference);
    y = reference_value(reference, graph->output);
    CU_ASSERT_EQUAL(value->shape.rank, example->shape.rank);
    for (int32_t i = 0; i < value->shape.rank; i++)
        CU_ASSERT_EQUAL(value->shape.dim[i], example->shape.dim[i]);
    for (size_t i = 0; i < value->values; i++)
        if (isnan(example->y[i]) ? !isnan(y[i])
                                 : !(fabs(y[i] - example->y[i]) <= 1e-6 * fmax(1, fabs(example->y[i])))) {
            printf("\n    %s: y[%zu] is %.9g, not %.9g\n", example->name, i, y[i], example->y[i]);
            CU_FAIL("a value");
        }
    reference_destroy(reference);
}

static void try(const struct example *example)
{
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = graph_create(&error);
    int result;

    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    build(graph, example, &error);
    result = graph_shapes(graph, 0, &error);
    if (result == 0 && !example->refusal)
        compare(graph, example, &error);
    if ((result == 0) == (example->refusal != NULL) ||
        (example->refusal && !strstr(error_text(&error), example->refusal))) {
        printf("\n    %s: %s\n", example->name, result == 0 ? "not refused" : error_text(&error));
        CU_FAIL("a refusal");
    }
    graph_destroy(graph);
}

static void try_all(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        try(&examples[i]);
}
#define TRY_ALL(examples) try_all(examples, sizeof examples / sizeof examples[0])

static void curves(void)
{
    static const struct {
        enum operator_kind kind;
        double x, y;
    } curve[] = {
        {OPERATOR_ABS, -2, 2},
        {OPERATOR_ELU, -1, -0.6321205588285577},
        {OPERATOR_ELU, 2, 2},
        {OPERATOR_ERF, 0.5, 0.5204998778130465},
        {OPERATOR_EXP, 1, 2.718281828459045},
        {OPERATOR_HARD_SIGMOID, 1, 0.7},
        {OPERATOR_HARD_SIGMOID, 3, 1},
        {OPERATOR_HARD_SIGMOID, -3, 0},
        {OPERATOR_LEAKY_RELU, -2, -0.02},
        {OPERATOR_LEAKY_RELU, 2, 2},
        {OPERATOR_LOG, 2, 0.6931471805599453},
        {OPERATOR_NEG, 2, -2},
        {OPERATOR_RECIPROCAL, 4, 0.25},
        {OPERATOR_RELU, -1, 0},
        {OPERATOR_RELU, 1, 1},
        {OPERATOR_SELU, -1, -1.1113307378125625},
        {OPERATOR_SELU, 1, 1.0507009873554805},
        {OPERATOR_SIGMOID, 1, 0.7310585786300049},
        {OPERATOR_SIGMOID, -800, 0},
        {OPERATOR_SOFTPLUS, 1, 1.3132616875182228},
        {OPERATOR_SOFTPLUS, 800, 800},
        {OPERATOR_SOFTSIGN, -3, -0.75},
        {OPERATOR_SQRT, 2, 1.4142135623730951},
        {OPERATOR_TANH, 0.5, 0.46211715726000973},
        {OPERATOR_IDENTITY, 0.5, 0.5},
    };

    for (size_t i = 0; i < sizeof curve / sizeof curve[0]; i++)
        try(&(struct example){.name = operator_types[curve[i].kind].name,
                              .kind = curve[i].kind,
                              .x = {SAMPLE_OF(VECTOR(1), {(float)curve[i].x})},
                              .inputs = 1,
                              .shape = VECTOR(1),
                              .y = {curve[i].y}});
}

static void clipping(void)
{
    static const struct example examples[] = {
        {.name = "both ends",
         .kind = OPERATOR_CLIP,
         .x = {SAMPLE(VECTOR(4)), CONSTANT_OF({0}, {2}), CONSTANT_OF({0}, {3})},
         .inputs = 3,
         .shape = VECTOR(4),
         .y = {2, 2, 3, 3}},
        {.name = "the upper end alone",
         .kind = OPERATOR_CLIP,
         .x = {SAMPLE(VECTOR(4)), LEFT_OUT, CONSTANT_OF({0}, {3})},
         .inputs = 3,
         .shape = VECTOR(4),
         .y = {1, 2, 3, 3}},
        {.name = "a list of ends",
         .kind = OPERATOR_CLIP,
         .x = {SAMPLE(VECTOR(4)), CONSTANT_OF(VECTOR(1), {2})},
         .inputs = 2,
         .refusal = "Clip takes a constant of 0 dimensions as input 2"},
    };

    TRY_ALL(examples);
}

static void stretching(void)
{
    static const struct example examples[] = {
        {.name = "a constant for each channel",
         .kind = OPERATOR_MUL,
         .x = {SAMPLE(PICTURE(2, 1, 2)), CONSTANT_OF(PICTURE(2, 1, 1), {10, 100})},
         .inputs = 2,
         .shape = PICTURE(2, 1, 2),
         .y = {10, 20, 300, 400}},
        {.name = "a constant for each column, first",
         .kind = OPERATOR_SUB,
         .x = {CONSTANT_OF(VECTOR(2), {10, 20}), SAMPLE(MATRIX(2, 2))},
         .inputs = 2,
         .shape = MATRIX(2, 2),
         .y = {9, 18, 7, 16}},
        {.name = "two samples, each stretched",
         .kind = OPERATOR_ADD,
         .x = {SAMPLE(MATRIX(2, 1)), SAMPLE_OF(MATRIX(1, 3), {10, 20, 30})},
         .inputs = 2,
         .shape = MATRIX(2, 3),
         .y = {11, 21, 31, 12, 22, 32}},
        {.name = "three",
         .kind = OPERATOR_SUM,
         .x = {SAMPLE(VECTOR(2)), SAMPLE(VECTOR(2)), CONSTANT_OF({0}, {5})},
         .inputs = 3,
         .shape = VECTOR(2),
         .y = {7, 9}},
        {.name = "quotients",
         .kind = OPERATOR_DIV,
         .x = {SAMPLE(VECTOR(2)), CONSTANT_OF({0}, {4})},
         .inputs = 2,
         .shape = VECTOR(2),
         .y = {0.25, 0.5}},
        {.name = "powers",
         .kind = OPERATOR_POW,
         .x = {SAMPLE(VECTOR(3)), CONSTANT_OF({0}, {2})},
         .inputs = 2,
         .shape = VECTOR(3),
         .y = {1, 4, 9}},
        {.name = "the larger",
         .kind = OPERATOR_MAX,
         .x = {SAMPLE(VECTOR(3)), CONSTANT_OF({0}, {2})},
         .inputs = 2,
         .shape = VECTOR(3),
         .y = {2, 2, 3}},
        {.name = "the smaller",
         .kind = OPERATOR_MIN,
         .x = {SAMPLE(VECTOR(3)), CONSTANT_OF({0}, {2})},
         .inputs = 2,
         .shape = VECTOR(3),
         .y = {1, 2, 2}},
        {.name = "a slope for each channel",
         .kind = OPERATOR_PRELU,
         .x = {SAMPLE_OF(PICTURE(2, 1, 2), {-1, 1, -1, 1}), CONSTANT_OF(PICTURE(2, 1, 1), {0.5, 0.25})},
         .inputs = 2,
         .shape = PICTURE(2, 1, 2),
         .y = {-0.5, 1, -0.25, 1}},
        {.name = "shapes that do not fit",
         .kind = OPERATOR_ADD,
         .x = {SAMPLE(VECTOR(2)), SAMPLE(VECTOR(3))},
         .inputs = 2,
         .refusal = "Add cannot stretch input 2, 3, and 2 to one shape"},
        {.name = "samples of different ranks, which would stretch the samples",
         .kind = OPERATOR_ADD,
         .x = {SAMPLE(MATRIX(2, 2)), SAMPLE(VECTOR(2))},
         .inputs = 2,
         .refusal = "Add cannot stretch"},
        {.name = "a constant with more dimensions",
         .kind = OPERATOR_ADD,
         .x = {SAMPLE(VECTOR(2)), CONSTANT_OF(MATRIX(1, 2), {1, 1})},
         .inputs = 2,
         .refusal = "Add cannot stretch"},
        {.name = "constants alone",
         .kind = OPERATOR_ADD,
         .x = {CONSTANT_OF(VECTOR(2), {1, 1}), CONSTANT_OF(VECTOR(2), {1, 1})},
         .inputs = 2,
         .refusal = "Add has constants alone"},
        {.name = "slopes that stretch the values",
         .kind = OPERATOR_PRELU,
         .x = {SAMPLE(MATRIX(1, 2)), CONSTANT_OF(MATRIX(2, 1), {1, 1})},
         .inputs = 2,
         .refusal = "PRelu has more slopes than values"},
        {.name = "an input left out",
         .kind = OPERATOR_ADD,
         .x = {SAMPLE(VECTOR(2)), LEFT_OUT},
         .inputs = 2,
         .refusal = "Add needs input 2"},
    };

    TRY_ALL(examples);
}

static void convolutions(void)
{
    static const struct example examples[] = {
        {.name = "the specification's, padded, stride 2",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE_OF(PICTURE(1, 3, 3), {0, 1, 2, 3, 4, 5, 6, 7, 8}),
               CONSTANT_OF(FILTERS(1, 1, 3, 3), {1, 1, 1, 1, 1, 1, 1, 1, 1})},
         .inputs = 2,
         .at = {.kernel_shape = {3, 3}, .strides = {2, 2}, .pads = {1, 1, 1, 1}},
         .set = SET(KERNEL_SHAPE) | SET(STRIDES) | SET(PADS),
         .shape = PICTURE(1, 2, 2),
         .y = {8, 12, 20, 24}},
        {.name = "not turned round, with a bias and channels",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(2, 1, 2)), CONSTANT_OF(FILTERS(2, 2, 1, 2), {1, 10, 100, 1000, 1, 0, 0, 0}),
               CONSTANT_OF(VECTOR(2), {0.5, 0.25})},
         .inputs = 3,
         .at = {.kernel_shape = {1, 2}},
         .set = SET(KERNEL_SHAPE),
         .shape = PICTURE(2, 1, 1),
         .y = {4321.5, 1.25}},
        {.name = "in groups, padded at the end alone, spread",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(2, 1, 3)), CONSTANT_OF(FILTERS(2, 1, 1, 2), {1, 10, 2, 20})},
         .inputs = 2,
         .at = {.kernel_shape = {1, 2}, .dilations = {1, 2}, .pads = {0, 0, 0, 1}, .group = 2},
         .set = SET(KERNEL_SHAPE) | SET(DILATIONS) | SET(PADS) | SET(GROUP),
         .shape = PICTURE(2, 1, 2),
         .y = {31, 2, 128, 10}},
        {.name = "a kernel that is too large",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(1, 1, 1)), CONSTANT_OF(FILTERS(1, 1, 2, 2), {1, 1, 1, 1})},
         .inputs = 2,
         .at = {.kernel_shape = {2, 2}},
         .set = SET(KERNEL_SHAPE),
         .refusal = "Conv has a window that does not fit"},
        {.name = "weights for other channels",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(2, 1, 1)), CONSTANT_OF(FILTERS(1, 1, 1, 1), {1})},
         .inputs = 2,
         .at = {.kernel_shape = {1, 1}},
         .set = SET(KERNEL_SHAPE),
         .refusal = "Conv has weights for 1 channels in 1 groups, but its input has 2"},
        {.name = "weights for another kernel",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(1, 2, 2)), CONSTANT_OF(FILTERS(1, 1, 1, 1), {1})},
         .inputs = 2,
         .at = {.kernel_shape = {2, 2}},
         .set = SET(KERNEL_SHAPE),
         .refusal = "Conv has weights for 1x1"},
        {.name = "a bias for other filters",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(1, 1, 1)), CONSTANT_OF(FILTERS(1, 1, 1, 1), {1}),
               CONSTANT_OF(VECTOR(2), {1, 1})},
         .inputs = 3,
         .at = {.kernel_shape = {1, 1}},
         .set = SET(KERNEL_SHAPE),
         .refusal = "Conv has a bias of 2 values, but 1 filters"},
        {.name = "a picture without channels",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(MATRIX(2, 2)), CONSTANT_OF(FILTERS(1, 1, 1, 1), {1})},
         .inputs = 2,
         .at = {.kernel_shape = {1, 1}},
         .set = SET(KERNEL_SHAPE),
         .refusal = "Conv takes channels, height and width, not 2x2"},
        {.name = "no kernel",
         .kind = OPERATOR_CONV,
         .x = {SAMPLE(PICTURE(1, 1, 1)), CONSTANT_OF(FILTERS(1, 1, 1, 1), {1})},
         .inputs = 2,
         .refusal = "Conv lacks an attribute"},
    };

    TRY_ALL(examples);
}

static void pools(void)
{
    static const struct example examples[] = {
        {.name = "the largest; the padding has no part, and what is left over is left out",
         .kind = OPERATOR_MAX_POOL,
         .x = {SAMPLE_OF(PICTURE(1, 1, 4), {-4, -3, -2, -1})},
         .inputs = 1,
         .at = {.kernel_shape = {1, 2}, .strides = {1, 2}, .pads = {0, 1, 0, 0}},
         .set = SET(KERNEL_SHAPE) | SET(STRIDES) | SET(PADS),
         .shape = PICTURE(1, 1, 2),
         .y = {-4, -2}},
        {.name = "NaN stays the largest",
         .kind = OPERATOR_MAX_POOL,
         .x = {SAMPLE_OF(PICTURE(1, 1, 4), {NAN, 1, 2, NAN})},
         .inputs = 1,
         .at = {.kernel_shape = {1, 2}, .strides = {1, 1}},
         .set = SET(KERNEL_SHAPE),
         .shape = PICTURE(1, 1, 3),
         .y = {NAN, 2, NAN}},
        {.name = "NaN stays the largest of a channel",
         .kind = OPERATOR_GLOBAL_MAX_POOL,
         .x = {SAMPLE_OF(PICTURE(2, 1, 2), {NAN, 1, 1, 2})},
         .inputs = 1,
         .shape = PICTURE(2, 1, 1),
         .y = {NAN, 2}},
        {.name = "windows in the padding alone",
         .kind = OPERATOR_MAX_POOL,
         .x = {SAMPLE(PICTURE(1, 1, 1))},
         .inputs = 1,
         .at = {.kernel_shape = {1, 2}, .dilations = {1, 2}, .pads = {0, 1, 0, 1}},
         .set = SET(KERNEL_SHAPE) | SET(DILATIONS) | SET(PADS),
         .refusal = "MaxPool is spread so far that windows may lie in its padding alone"},
        {.name = "the mean of what is there",
         .kind = OPERATOR_AVERAGE_POOL,
         .x = {SAMPLE(PICTURE(1, 2, 2))},
         .inputs = 1,
         .at = {.kernel_shape = {2, 2}, .strides = {2, 2}, .pads = {1, 1, 1, 1}},
         .set = SET(KERNEL_SHAPE) | SET(STRIDES) | SET(PADS),
         .shape = PICTURE(1, 2, 2),
         .y = {1, 2, 3, 4}},
        {.name = "the mean with the padding",
         .kind = OPERATOR_AVERAGE_POOL,
         .x = {SAMPLE(PICTURE(1, 2, 2))},
         .inputs = 1,
         .at = {.kernel_shape = {2, 2}, .strides = {2, 2}, .pads = {1, 1, 1, 1}, .count_include_pad = 1},
         .set = SET(KERNEL_SHAPE) | SET(STRIDES) | SET(PADS) | SET(COUNT_INCLUDE_PAD),
         .shape = PICTURE(1, 2, 2),
         .y = {0.25, 0.5, 0.75, 1}},
        {.name = "the mean of a channel",
         .kind = OPERATOR_GLOBAL_AVERAGE_POOL,
         .x = {SAMPLE(PICTURE(2, 1, 2))},
         .inputs = 1,
         .shape = PICTURE(2, 1, 1),
         .y = {1.5, 3.5}},
        {.name = "the largest of a channel",
         .kind = OPERATOR_GLOBAL_MAX_POOL,
         .x = {SAMPLE(PICTURE(2, 1, 2))},
         .inputs = 1,
         .shape = PICTURE(2, 1, 1),
         .y = {2, 4}},
        {.name = "a padding as large as the kernel",
         .kind = OPERATOR_MAX_POOL,
         .x = {SAMPLE(PICTURE(1, 2, 2))},
         .inputs = 1,
         .at = {.kernel_shape = {1, 1}, .pads = {0, 0, 1, 0}},
         .set = SET(KERNEL_SHAPE) | SET(PADS),
         .refusal = "MaxPool has a padding that is not smaller"},
        {.name = "a vector",
         .kind = OPERATOR_GLOBAL_MAX_POOL,
         .x = {SAMPLE(VECTOR(2))},
         .inputs = 1,
         .refusal = "GlobalMaxPool takes channels, height and width, not 2"},
    };

    TRY_ALL(examples);
}

static void normalizations(void)
{
    static const struct example examples[] = {
        {.name = "each channel by its figures",
         .kind = OPERATOR_BATCH_NORMALIZATION,
         .x = {SAMPLE(PICTURE(2, 1, 2)), CONSTANT_OF(VECTOR(2), {1, 10}), CONSTANT_OF(VECTOR(2), {0, 0.5}),
               CONSTANT_OF(VECTOR(2), {1, 2}), CONSTANT_OF(VECTOR(2), {3, 0})},
         .inputs = 5,
         .at = {.epsilon = 1},
         .set = SET(EPSILON),
         .shape = PICTURE(2, 1, 2),
         .y = {0, 0.5, 10.5, 20.5}},
        {.name = "figures for other channels",
         .kind = OPERATOR_BATCH_NORMALIZATION,
         .x = {SAMPLE(VECTOR(1)), CONSTANT_OF(VECTOR(1), {1}), CONSTANT_OF(VECTOR(1), {1}),
               CONSTANT_OF(VECTOR(2), {1, 1}), CONSTANT_OF(VECTOR(1), {1})},
         .inputs = 5,
         .refusal = "BatchNormalization has 1 channels, but input 4 is for 2"},
        {.name = "over rows",
         .kind = OPERATOR_SOFTMAX,
         .x = {SAMPLE_OF(MATRIX(2, 2), {1000, 1000, 0, 1.0986123f})},
         .inputs = 1,
         .shape = MATRIX(2, 2),
         .y = {0.5, 0.5, 0.25, 0.75}},
        {.name = "over columns",
         .kind = OPERATOR_SOFTMAX,
         .x = {SAMPLE_OF(MATRIX(2, 2), {0, 5, 1.0986123f, 5})},
         .inputs = 1,
         .at = {.axis = 1},
         .set = SET(AXIS),
         .shape = MATRIX(2, 2),
         .y = {0.25, 0.5, 0.75, 0.5}},
        {.name = "over samples",
         .kind = OPERATOR_SOFTMAX,
         .x = {SAMPLE(VECTOR(2))},
         .inputs = 1,
         .at = {.axis = 0},
         .set = SET(AXIS),
         .refusal = "Softmax has an axis that is not one of a sample's: 1 to 1"},
        {.name = "by neighbours among channels",
         .kind = OPERATOR_LRN,
         .x = {SAMPLE(PICTURE(3, 1, 1))},
         .inputs = 1,
         .at = {.alpha = 2, .beta = 1, .bias = 1, .size = 2},
         .set = SET(ALPHA) | SET(BETA) | SET(BIAS) | SET(SIZE),
         .shape = PICTURE(3, 1, 1),
         .y = {1.0 / 6, 2.0 / 14, 3.0 / 10}},
    };

    TRY_ALL(examples);
}

static void arrangements(void)
{
    static const struct example examples[] = {
        {.name = "joined along rows",
         .kind = OPERATOR_CONCAT,
         .x = {SAMPLE(MATRIX(2, 1)), SAMPLE_OF(MATRIX(2, 2), {10, 20, 30, 40})},
         .inputs = 2,
         .at = {.axis = 2},
         .set = SET(AXIS),
         .shape = MATRIX(2, 3),
         .y = {1, 10, 20, 2, 30, 40}},
        {.name = "joined along the first axis, counted from the end",
         .kind = OPERATOR_CONCAT,
         .x = {SAMPLE(MATRIX(1, 2)), SAMPLE_OF(MATRIX(2, 2), {10, 20, 30, 40})},
         .inputs = 2,
         .at = {.axis = -2},
         .set = SET(AXIS),
         .shape = MATRIX(3, 2),
         .y = {1, 2, 10, 20, 30, 40}},
        {.name = "differing elsewhere",
         .kind = OPERATOR_CONCAT,
         .x = {SAMPLE(MATRIX(1, 2)), SAMPLE(MATRIX(1, 3))},
         .inputs = 2,
         .at = {.axis = 1},
         .set = SET(AXIS),
         .refusal = "Concat has an input 2 that differs from the first in more than axis 1"},
        {.name = "as a vector",
         .kind = OPERATOR_FLATTEN,
         .x = {SAMPLE(PICTURE(1, 2, 2))},
         .inputs = 1,
         .shape = VECTOR(4),
         .y = {1, 2, 3, 4}},
        {.name = "in another shape",
         .kind = OPERATOR_RESHAPE,
         .x = {SAMPLE(VECTOR(4))},
         .inputs = 1,
         .at = {.shape = {0, 2, 2}, .shape_count = 3},
         .set = SET(SHAPE),
         .shape = MATRIX(2, 2),
         .y = {1, 2, 3, 4}},
        {.name = "in a shape of a different size",
         .kind = OPERATOR_RESHAPE,
         .x = {SAMPLE(VECTOR(4))},
         .inputs = 1,
         .at = {.shape = {0, 3}, .shape_count = 2},
         .set = SET(SHAPE),
         .refusal = "Reshape takes a shape of 0, for the samples, and dimensions of 4 values in all; not 3"},
        {.name = "samples mixed",
         .kind = OPERATOR_RESHAPE,
         .x = {SAMPLE(VECTOR(4))},
         .inputs = 1,
         .at = {.shape = {1, 4}, .shape_count = 2},
         .set = SET(SHAPE),
         .refusal = "Reshape takes a shape of 0, for the samples"},
    };

    TRY_ALL(examples);
}

static void products(void)
{
    static const struct example examples[] = {
        {.name = "a row of weights for each output",
         .kind = OPERATOR_GEMM,
         .x = {SAMPLE(VECTOR(2)), CONSTANT_OF(MATRIX(3, 2), {1, 10, 2, 20, 3, 30}),
               CONSTANT_OF(VECTOR(3), {0.5, 0.25, 0})},
         .inputs = 3,
         .at = {.trans_b = 1},
         .set = SET(TRANS_B),
         .shape = VECTOR(3),
         .y = {21.5, 42.25, 63}},
        {.name = "a column, with factors",
         .kind = OPERATOR_GEMM,
         .x = {SAMPLE(VECTOR(2)), CONSTANT_OF(MATRIX(2, 1), {1, 10}), CONSTANT_OF(VECTOR(1), {3})},
         .inputs = 3,
         .at = {.alpha = 2, .beta = -1},
         .set = SET(ALPHA) | SET(BETA),
         .shape = VECTOR(1),
         .y = {39}},
        {.name = "weights for other values",
         .kind = OPERATOR_GEMM,
         .x = {SAMPLE(VECTOR(3)), CONSTANT_OF(MATRIX(2, 1), {1, 10})},
         .inputs = 2,
         .refusal = "Gemm has weights for 2 values, but its input has 3"},
        {.name = "a picture",
         .kind = OPERATOR_GEMM,
         .x = {SAMPLE(PICTURE(1, 1, 2)), CONSTANT_OF(MATRIX(2, 1), {1, 10})},
         .inputs = 2,
         .refusal = "Gemm takes a vector, not 1x1x2"},
        {.name = "a bias of a different size",
         .kind = OPERATOR_GEMM,
         .x = {SAMPLE(VECTOR(2)), CONSTANT_OF(MATRIX(2, 1), {1, 10}), CONSTANT_OF(VECTOR(2), {3, 3})},
         .inputs = 3,
         .refusal = "Gemm takes a bias of 1 values"},
    };

    TRY_ALL(examples);
}

static void names(void)
{
    static const struct nnrun_shape shape = VECTOR(1);
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = graph_create(&error);
    size_t x, a, b;

    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    x = graph_add_input(graph, "x", &shape, &error);
    a = graph_add_operator(graph, "layer", OPERATOR_RELU, &x, 1, &error);
    b = graph_add_operator(graph, "layer", OPERATOR_RELU, &a, 1, &error);
    CU_ASSERT_STRING_EQUAL(graph->values[a].name, "layer/Relu");
    CU_ASSERT_STRING_EQUAL(graph->values[b].name, "layer/Relu_2");
    CU_ASSERT_EQUAL(graph_find(graph, "layer/Relu_2"), b);
    CU_ASSERT_EQUAL(graph_find(graph, "layer"), GRAPH_NO_VALUE);
    for (unsigned kind = 0; kind < OPERATOR_KINDS; kind++)
        CU_ASSERT_EQUAL(operator_find(operator_types[kind].name), kind);
    graph_destroy(graph);
}

/* ---- descriptions --------------------------------------------------------------------------------------- */

static int32_t (*described)(struct nnrun_graph *graph, int32_t x); /* the description that is tried */

/* y of x's shape, with weights of 2 x 3 and a state of 4. */
static int plan_described(void *self, struct nnrun_plan *plan)
{
    static const struct nnrun_tensor weight = {.name = "weight", .shape = MATRIX(2, 3)};
    static const struct nnrun_tensor state = {
        .name = "state", .shape = VECTOR(4), .role = NNRUN_STATE, .momentum = 0.5};

    (void)self;
    plan->output = plan->input[0];
    return plan->tensor(plan, &weight) || plan->tensor(plan, &state) ? -1 : 0;
}

static int32_t run_described(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return described(graph, graph->x(graph, 0));
}

static const struct nnrun_operators operators = {.describe = run_described};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NULL}};
static const struct plugin plugin = {.layer = {.head = NNRUN_HEAD,
                                               .type = "described",
                                               .min_inputs = 1,
                                               .max_inputs = 1,
                                               .instance_size = 8,
                                               .plan = plan_described,
                                               .capabilities = capabilities}};

/* A graph of the description, NULL with its error. */
static struct graph *describe(int32_t (*description)(struct nnrun_graph *graph, int32_t x),
                              struct error *error)
{
    static const struct nnrun_shape input = MATRIX(2, 2);
    static const float weight[6] = {1, 2, 3, 4, 5, 6}, state[4] = {0};
    static const char *const names[] = {"input"};
    static const float *const w[] = {weight, state};
    const struct net_layer layer = {.name = "one",
                                    .type = "described",
                                    .plugin = &plugin,
                                    .instance = calloc(1, 8),
                                    .input_count = 1,
                                    .inputs = names};
    struct net_faults faults;
    struct net *net = net_create(&input, &layer, 1, false, &faults, error);
    struct graph *graph = graph_create(error);
    size_t x;

    CU_ASSERT_PTR_NOT_NULL_FATAL(net);
    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    x = graph_add_input(graph, "input", &input, error);
    described = description;
    if (graph_describe(
            graph,
            &(struct description){.node = &net->nodes[0], .inputs = &x, .tensors = net->tensors, .w = w},
            &graph->output, error) != 0) {
        graph_destroy(graph);
        graph = NULL;
    }
    net_destroy(net);
    return graph;
}

static int32_t weights_twice(struct nnrun_graph *graph, int32_t x)
{
    const struct nnrun_shape number = VECTOR(2), row = MATRIX(1, 2);
    const float two[] = {2, 3};
    const int32_t a = graph->constant(graph, &number, two, 0), b = graph->constant(graph, &row, NULL, 5);

    CU_ASSERT_EQUAL(graph->weight(graph, 0, NULL), graph->weight(graph, 0, NULL));
    return nnrun_apply2(graph, "Add", nnrun_apply2(graph, "Mul", x, a), b);
}

static void good_description(void)
{
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = describe(weights_twice, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    CU_ASSERT_EQUAL(graph->value_count, 6); /* input, weight, two constants, two results */
    CU_ASSERT_STRING_EQUAL(graph->values[graph->output].name, "one/Add");
    CU_ASSERT_EQUAL(graph->values[graph_find(graph, "one.weight")].numbers[5], 6);
    CU_ASSERT_EQUAL(graph->values[graph_find(graph, "one/constant")].numbers[1], 3);
    CU_ASSERT_EQUAL(graph->values[graph_find(graph, "one/constant_2")].numbers[1], 5);
    graph_destroy(graph);
}

static int32_t no_input(struct nnrun_graph *graph, int32_t x)
{
    return nnrun_apply1(graph, "Relu", x + graph->x(graph, 1));
}

static int32_t no_tensor(struct nnrun_graph *graph, int32_t x)
{
    const int32_t wrong = graph->weight(graph, 2, NULL);

    CU_ASSERT(graph->weight(graph, 0, NULL) < 0); /* after an error nothing is right */
    CU_ASSERT(graph->x(graph, 0) < 0);
    CU_ASSERT(nnrun_number(graph, 1) < 0);
    graph->set_int(graph, wrong, "axis", 1);
    graph->set_real(graph, wrong, "alpha", 1);
    graph->set_ints(graph, wrong, "pads", &x, 1);
    CU_ASSERT(graph->refuse(graph, "too late") < 0);
    return nnrun_apply2(graph, "Add", x, wrong);
}

static int32_t other_size(struct nnrun_graph *graph, int32_t x)
{
    return nnrun_apply2(graph, "Add", x, graph->weight(graph, 0, &(struct nnrun_shape)VECTOR(5)));
}

static int32_t no_shape(struct nnrun_graph *graph, int32_t x)
{
    return nnrun_apply2(graph, "Add", x, graph->constant(graph, &(struct nnrun_shape)VECTOR(0), NULL, 1));
}

static int32_t endless(struct nnrun_graph *graph, int32_t x)
{
    for (int i = 0; i < 5000; i++)
        x = nnrun_apply1(graph, "Relu", x);
    return x;
}

static int32_t no_name(struct nnrun_graph *graph, int32_t x)
{
    return nnrun_apply1(graph, NULL, x);
}

static int32_t input_attribute(struct nnrun_graph *graph, int32_t x)
{
    graph->set_int(graph, x, "axis", 1);
    return x;
}

static int32_t pool_with(struct nnrun_graph *graph, int32_t x, const int32_t *kernel, int32_t count)
{
    const int32_t y = nnrun_apply1(graph, "MaxPool", x);

    graph->set_ints(graph, y, "kernel_shape", kernel, count);
    return y;
}

static int32_t long_list(struct nnrun_graph *graph, int32_t x)
{
    static const int32_t kernel[] = {1, 1, 1};

    return pool_with(graph, x, kernel, 3);
}

static int32_t zero_kernel(struct nnrun_graph *graph, int32_t x)
{
    static const int32_t kernel[] = {1, 0};

    return pool_with(graph, x, kernel, 2);
}

static int32_t no_attribute(struct nnrun_graph *graph, int32_t x)
{
    const int32_t y = nnrun_apply1(graph, "Elu", x);

    graph->set_real(graph, y, NULL, 1);
    return y;
}

static int32_t infinite_attribute(struct nnrun_graph *graph, int32_t x)
{
    const int32_t y = nnrun_apply1(graph, "Elu", x);

    graph->set_real(graph, y, "alpha", INFINITY);
    return y;
}

static int32_t constant_output(struct nnrun_graph *graph, int32_t x)
{
    (void)x;
    return graph->constant(graph, &(struct nnrun_shape)MATRIX(2, 2), NULL, 1);
}

static int32_t nothing(struct nnrun_graph *graph, int32_t x)
{
    (void)graph, (void)x;
    return 0;
}

static void broken_descriptions(void)
{
    static const struct {
        int32_t (*description)(struct nnrun_graph *graph, int32_t x);
        const char *words;
    } broken[] = {
        {no_input, "broken plugin: its description uses an input that there is not"},
        {no_tensor, "broken plugin: its description uses a tensor that plan did not ask for"},
        {other_size, "broken plugin: its description gives a shape of a different size to one.weight"},
        {no_shape, "broken plugin: its description gives a constant no shape"},
        {endless, "broken plugin: its description has too many operators"},
        {no_name, "broken plugin: its description uses an operator that is not known here: ?"},
        {input_attribute, "broken plugin: its description sets an attribute of what it does not compute"},
        {long_list, "broken plugin: its description has a wrong number of numbers for kernel_shape"},
        {zero_kernel, "broken plugin: its description has a number outside of the range of kernel_shape"},
        {no_attribute, "broken plugin: its description sets an attribute that is not known here, or of a "
                       "different kind, of Elu"},
        {infinite_attribute, "broken plugin: its description has a number that is not finite for alpha"},
        {constant_output, "broken plugin: its description gives 2x2 that do not depend on its inputs"},
        {nothing, "broken plugin: its description uses a value that it was not given"},
    };

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct error error UNIT_CLEARED = {0};

        CU_ASSERT_PTR_NULL(describe(broken[i].description, &error));
        CU_ASSERT_EQUAL(error.code, ERROR_CONFIG);
        CU_ASSERT_STRING_EQUAL(error_text(&error), broken[i].words);
    }
}

/* A pressure in Pa by its mean and deviation, as value * scale + shift: the product rounds away what the sum leaves. */
static void rounding(void)
{
    const struct nnrun_shape one = VECTOR(1);
    const float scale = 20, shift = -20 * 101325.0F;
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = graph_create(&error);
    struct reference *reference;
    size_t inputs[2];

    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    inputs[0] = graph_add_input(graph, "x", &one, &error);
    inputs[1] = graph_add_constant(graph, "scale", &one, &scale, false, &error);
    inputs[0] = graph_add_operator(graph, "x", OPERATOR_MUL, inputs, 2, &error);
    inputs[1] = graph_add_constant(graph, "shift", &one, &shift, false, &error);
    graph->output = graph_add_operator(graph, "x", OPERATOR_ADD, inputs, 2, &error);
    CU_ASSERT_EQUAL_FATAL(graph_shapes(graph, 0, &error), 0);
    reference = reference_create(graph, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reference);
    *reference_value(reference, 0) = 101325.0078125; /* a float */
    reference_run(reference);
    CU_ASSERT_EQUAL(*reference_value(reference, graph->output), 0.15625);
    reference_run_rounded(reference);
    CU_ASSERT_EQUAL(*reference_value(reference, graph->output), 0.125);
    reference_destroy(reference);
    graph_destroy(graph);
}

static const struct unit_test tests[] = {
    {"functions of one value are ONNX's", curves},
    {"Clip has either end or both", clipping},
    {"shapes are stretched by ONNX's rules, never the samples", stretching},
    {"convolutions have strides, padding, dilations and groups", convolutions},
    {"pools count the padding only where that is asked for", pools},
    {"normalizations go over the axis that is asked for, never over samples", normalizations},
    {"values are joined and rearranged within a sample", arrangements},
    {"Gemm has weights either way round", products},
    {"rounded to float after each operator, what a reader of a file loses is lost", rounding},
    {"a description has the layer's weights once, and constants", good_description},
    {"a description that is broken is refused with what is wrong with it", broken_descriptions},
    {"no two values have one name, and each operator is found by its own", names},
};

UNIT_MAIN("operators", tests)
