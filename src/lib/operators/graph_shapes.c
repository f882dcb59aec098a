/* graph_shapes.c: see graph_shapes.h. */
#include "operators/graph_shapes.h"

#include <stdarg.h>
#include <stdio.h>

#include "net/net.h"

/* An operator whose shape is looked for. */
struct look {
    struct graph *graph;
    struct graph_operator *one;
    struct nnrun_shape shape; /* found */
    struct error *error;
};

/* NULL: it is left out. */
static const struct graph_value *input(const struct look *look, size_t k)
{
    if (k >= look->one->input_count || look->one->inputs[k] == GRAPH_NO_VALUE)
        return NULL;
    return &look->graph->values[look->one->inputs[k]];
}

__attribute__((format(printf, 2, 3))) static int refuse(const struct look *look, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(look->error, ERROR_CONFIG, "%s %s", operator_types[look->one->kind].name, text);
}

static int expect_constant(const struct look *look, size_t k, int32_t rank)
{
    const struct graph_value *value = input(look, k);

    if (!value || value->source != GRAPH_CONSTANT || value->shape.rank != rank)
        return refuse(look, "takes a constant of %d dimensions as input %zu", (int)rank, k + 1);
    return 0;
}

static int expect_rank(const struct look *look, int32_t rank)
{
    char text[NET_SHAPE_TEXT];

    if (look->shape.rank != rank)
        return refuse(look, "takes %s, not %s", rank == 1 ? "a vector" : "channels, height and width",
                      net_shape_text(&look->shape, text));
    return 0;
}

/* Counts the axis from the front. */
static int expect_axis(const struct look *look)
{
    struct operator_settings *at = &look->one->at;
    const int32_t rank = look->shape.rank + 1;

    if (at->axis < 0)
        at->axis += rank;
    if (at->axis < 1 || at->axis >= rank)
        return refuse(look, "has an axis that is not one of a sample's: 1 to %d", (int)rank - 1);
    return 0;
}

static int shape_unary(struct look *look)
{
    for (size_t k = 1; k < look->one->input_count; k++)
        if (input(look, k) && expect_constant(look, k, 0) != 0)
            return -1;
    return 0;
}

/* Stretches the shape that is found so far to that of another input. */
static int stretch(struct look *look, size_t k)
{
    const struct graph_value *value = input(look, k);
    const int32_t shift = look->shape.rank - value->shape.rank;
    char here[NET_SHAPE_TEXT], there[NET_SHAPE_TEXT];
    bool fits = value->source == GRAPH_CONSTANT ? shift >= 0 : shift == 0;

    for (int32_t i = 0; fits && i < value->shape.rank; i++) {
        int32_t *dim = &look->shape.dim[shift + i];
        fits = *dim == value->shape.dim[i] || *dim == 1 || value->shape.dim[i] == 1;
        if (*dim == 1)
            *dim = value->shape.dim[i];
    }
    if (!fits)
        return refuse(look, "cannot stretch input %zu, %s, and %s to one shape", k + 1,
                      net_shape_text(&value->shape, there), net_shape_text(&look->shape, here));
    return 0;
}

static int shape_broadcast(struct look *look)
{
    const struct graph_value *sample = NULL;

    for (size_t k = 0; k < look->one->input_count && !sample; k++)
        if (input(look, k)->source != GRAPH_CONSTANT)
            sample = input(look, k);
    if (!sample)
        return refuse(look, "has constants alone as its inputs");
    look->shape = sample->shape;
    for (size_t k = 0; k < look->one->input_count; k++)
        if (stretch(look, k) != 0)
            return -1;
    if (look->one->kind == OPERATOR_PRELU &&
        net_shape_count(&look->shape) != net_shape_count(&input(look, 0)->shape))
        return refuse(look, "has more slopes than values");
    return 0;
}

static int shape_normalization(struct look *look)
{
    for (size_t k = 1; k < 5; k++)
        if (expect_constant(look, k, 1) != 0)
            return -1;
        else if (input(look, k)->shape.dim[0] != look->shape.dim[0])
            return refuse(look, "has %d channels, but input %zu is for %d", (int)look->shape.dim[0], k + 1,
                          (int)input(look, k)->shape.dim[0]);
    return 0;
}

static int shape_same(struct look *look)
{
    if (look->one->kind == OPERATOR_BATCH_NORMALIZATION)
        return shape_normalization(look);
    if (look->one->kind == OPERATOR_LRN)
        return expect_rank(look, 3);
    return expect_axis(look);
}

static int shape_copy(struct look *look)
{
    const struct operator_settings *at = &look->one->at;
    const size_t values = net_shape_count(&look->shape);
    char text[NET_SHAPE_TEXT];

    if (look->one->kind == OPERATOR_FLATTEN) {
        if (values > INT32_MAX)
            return refuse(look, "has more values than fit one dimension");
        look->shape = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)values}};
    }
    if (look->one->kind != OPERATOR_RESHAPE)
        return 0;
    look->shape.rank = at->shape_count - 1;
    for (int32_t i = 0; i < look->shape.rank; i++)
        look->shape.dim[i] = at->shape[1 + i];
    if (at->shape[0] != 0 || net_shape_count(&look->shape) != values)
        return refuse(look,
                      "takes a shape of 0, for the samples, and dimensions of %zu values in all; not %s",
                      values, net_shape_text(&look->shape, text));
    return 0;
}

static int check_convolution(const struct look *look)
{
    const struct operator_settings *at = &look->one->at;
    const struct graph_value *weight = input(look, 1), *bias = input(look, 2);
    const int32_t *dim;

    if (!weight || expect_constant(look, 1, 4) != 0 || (bias && expect_constant(look, 2, 1) != 0))
        return -1;
    dim = weight->shape.dim;
    if (dim[2] != at->kernel_shape[0] || dim[3] != at->kernel_shape[1])
        return refuse(look, "has weights for %dx%d, not for its kernel", (int)dim[2], (int)dim[3]);
    if (dim[0] % at->group != 0 || look->shape.dim[0] % at->group != 0 ||
        dim[1] != look->shape.dim[0] / at->group)
        return refuse(look, "has weights for %d channels in %d groups, but its input has %d", (int)dim[1],
                      (int)at->group, (int)look->shape.dim[0]);
    if (bias && bias->shape.dim[0] != dim[0])
        return refuse(look, "has a bias of %d values, but %d filters", (int)bias->shape.dim[0], (int)dim[0]);
    return 0;
}

static int shape_windows(struct look *look)
{
    const struct operator_settings *at = &look->one->at;
    const bool convolution = look->one->kind == OPERATOR_CONV;

    if (expect_rank(look, 3) != 0 || (convolution && check_convolution(look) != 0))
        return -1;
    if (convolution)
        look->shape.dim[0] = input(look, 1)->shape.dim[0];
    for (int axis = 0; axis < 2; axis++) {
        const int64_t pads = (int64_t)at->pads[axis] + at->pads[2 + axis];
        const int64_t window = (int64_t)at->dilations[axis] * (at->kernel_shape[axis] - 1) + 1;
        const int64_t rest = look->shape.dim[1 + axis] + pads - window;
        if (!convolution &&
            (at->pads[axis] >= at->kernel_shape[axis] || at->pads[2 + axis] >= at->kernel_shape[axis]))
            return refuse(look, "has a padding that is not smaller than its kernel");
        if (!convolution && pads > 0 && at->dilations[axis] > look->shape.dim[1 + axis])
            return refuse(look, "is spread so far that windows may lie in its padding alone");
        if (rest < 0 || rest / at->strides[axis] + 1 > INT32_MAX)
            return refuse(look, "has a window that does not fit its padded input");
        look->shape.dim[1 + axis] = (int32_t)(rest / at->strides[axis] + 1);
    }
    return 0;
}

static int shape_channels(struct look *look)
{
    if (expect_rank(look, 3) != 0)
        return -1;
    look->shape.dim[1] = look->shape.dim[2] = 1;
    return 0;
}

static int shape_joined(struct look *look)
{
    int64_t length;
    int32_t axis;

    if (expect_axis(look) != 0)
        return -1;
    axis = look->one->at.axis - 1;
    length = look->shape.dim[axis];
    for (size_t k = 1; k < look->one->input_count; k++) {
        const struct graph_value *value = input(look, k);
        bool fits = value->source != GRAPH_CONSTANT && value->shape.rank == look->shape.rank;
        for (int32_t i = 0; fits && i < look->shape.rank; i++)
            fits = i == axis || value->shape.dim[i] == look->shape.dim[i];
        if (!fits)
            return refuse(look, "has an input %zu that differs from the first in more than axis %d", k + 1,
                          (int)axis + 1);
        length += value->shape.dim[axis];
    }
    if (length > INT32_MAX)
        return refuse(look, "has an output that is too large");
    look->shape.dim[axis] = (int32_t)length;
    return 0;
}

static int shape_product(struct look *look)
{
    const struct graph_value *weight = input(look, 1), *bias = input(look, 2);
    const int turned = look->one->at.trans_b;
    int32_t in, out;

    if (!weight || expect_rank(look, 1) != 0 || expect_constant(look, 1, 2) != 0)
        return -1;
    in = weight->shape.dim[turned];
    out = weight->shape.dim[1 - turned];
    if (in != look->shape.dim[0])
        return refuse(look, "has weights for %d values, but its input has %d", (int)in,
                      (int)look->shape.dim[0]);
    if (bias && (expect_constant(look, 2, 1) != 0 || bias->shape.dim[0] != out))
        return refuse(look, "takes a bias of %d values", (int)out);
    look->shape.dim[0] = out;
    return 0;
}

static int shape_of(struct look *look)
{
    static int (*const by_family[])(struct look *) = {
        [FAMILY_UNARY] = shape_unary,     [FAMILY_BROADCAST] = shape_broadcast,
        [FAMILY_SAME] = shape_same,       [FAMILY_COPY] = shape_copy,
        [FAMILY_WINDOWS] = shape_windows, [FAMILY_CHANNELS] = shape_channels,
        [FAMILY_JOINED] = shape_joined,   [FAMILY_PRODUCT] = shape_product,
    };
    const struct operator_type *type = &operator_types[look->one->kind];

    for (size_t k = 0; k < (size_t)type->least_inputs; k++)
        if (!input(look, k))
            return refuse(look, "needs input %zu", k + 1);
    if (type->required & ~look->one->set)
        return refuse(look, "lacks an attribute that it needs");
    if (type->family != FAMILY_BROADCAST && input(look, 0)->source == GRAPH_CONSTANT)
        return refuse(look, "has a constant as its first input");
    look->shape = input(look, 0)->shape;
    return by_family[type->family](look);
}

int graph_shapes(struct graph *graph, size_t first, struct error *error)
{
    for (size_t i = first; i < graph->operator_count; i++) {
        struct look look = {.graph = graph, .one = &graph->operators[i], .error = error};
        struct graph_value *result = &graph->values[look.one->output];
        if (shape_of(&look) != 0)
            return -1;
        result->shape = look.shape;
        result->values = net_shape_count(&look.shape);
        if (result->values == 0)
            return refuse(&look, "has an output that is too large");
    }
    return 0;
}
