/* conv.c: two-dimensional convolution, cross-correlation as in PyTorch's Conv2d:
 *
 *   y[o][i][j] = bias[o] + sum over c, u, v of
 *                weight[o][c][u][v] * x[c][i * stride + u - pad][j * stride + v - pad]
 *
 * Every sum is one chain of FMAs a lane, in this order at every code level and tile size:
 *   y      from bias[o] or 0, over c, u, v; the padding takes part as zeros
 *   dx     from 0, over o, u, v ascending; only terms that exist
 *   dw     from 0, over i, j, the padding as zeros; then the lanes' tree, added to dw or stored
 *   dbias  from 0, plain sums over i, j; then likewise
 * So tiles may overlap: what two of them compute is the same. Where a kernel of 3, 5 or 7 columns steps by 1, and the
 * shapes are such that it pays, conv_toom_kernels.h's expressions stand in place of these, each likewise one chain. */
#define NNRUN_NEEDS 1 /* backward_scratch_bytes */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "conv_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "conv_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "conv_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "filters",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct conv, filters),
     .low = 1,
     .high = INT32_MAX,
     .doc = "channels of the output"},
    KERNEL_SETTING(offsetof(struct conv, windows)),
    STRIDE_SETTING(offsetof(struct conv, windows), 1, "step from window to window, height and width"),
    PAD_SETTING(offsetof(struct conv, windows), 32767, "zeros added on each side, height and width"),
    {.name = "bias",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct conv, has_bias),
     .high = 1,
     .default_value = 1,
     .doc = "add a learned constant to each output channel"},
    {.name = "init",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct conv, init),
     .high = 2,
     .choices = "torch|he|xavier",
     .doc = "initial weights: PyTorch's default, He or Xavier (both with zero biases)"},
};

/* a * b * c, or -1 if it is larger than `limit`. */
static int64_t product_of(ptrdiff_t a, ptrdiff_t b, ptrdiff_t c, int64_t limit)
{
    int64_t product;

    if (__builtin_mul_overflow(a, b, &product) || __builtin_mul_overflow(product, c, &product) ||
        product > limit)
        return -1;
    return product;
}

static int plan_weights(const struct conv *conv, struct nnrun_plan *plan, int32_t fan_in, int32_t fan_out)
{
    static const uint32_t inits[] = {NNRUN_FAN_IN, NNRUN_HE, NNRUN_XAVIER};
    const ptrdiff_t *kernel = conv->windows.kernel;
    struct nnrun_tensor tensor = {
        .name = "weight",
        .shape = {.rank = 4,
                  .dim = {conv->filters, (int32_t)conv->in_channels, (int32_t)kernel[0], (int32_t)kernel[1]}},
        .role = NNRUN_WEIGHT,
        .init = inits[conv->init],
        .flags = NNRUN_DECAY,
        .fan_in = fan_in,
        .fan_out = fan_out};

    if (plan->tensor(plan, &tensor) != 0)
        return -1;
    if (!conv->has_bias)
        return 0;
    tensor.name = "bias";
    tensor.shape = (struct nnrun_shape){.rank = 1, .dim = {conv->filters}};
    tensor.init = conv->init == 0 ? NNRUN_FAN_IN : NNRUN_ZEROS;
    tensor.flags = 0;
    return plan->tensor(plan, &tensor);
}

static void plan_scratch(const struct conv *conv, struct nnrun_plan *plan)
{
    const size_t points = (size_t)conv->toom.points, tiles = (size_t)conv->toom.tiles;
    const size_t x = points * toom_x_floats(conv), y = points * toom_y_floats(conv);

    plan->scratch_bytes = (!conv->toom.forward ? conv->padded_floats
                           : conv->toom.few    ? x
                                               : x + y) *
                          sizeof(float);
    plan->backward_scratch_bytes =
        (conv->toom.backward
             ? tiles * (x + y) + toom_dw_floats(conv)
             : conv->padded_floats + conv_dw_floats(conv->windows.kernel[0], conv->in_channels)) *
        sizeof(float);
}

static int plan(void *self, struct nnrun_plan *plan)
{
    const int64_t most_values = PTRDIFF_MAX / (NNRUN_LANES * (int64_t)sizeof(float));
    struct conv *conv = self;
    const struct windows *win = &conv->windows;
    const ptrdiff_t *kernel = win->kernel, *out = win->out;

    if (windows_plan(&conv->windows, plan) != 0)
        return -1;
    conv->in_channels = (ptrdiff_t)channels_of(&plan->input[0]);
    conv->out_channels = conv->filters;
    plan->output = (struct nnrun_shape){.rank = 3, .dim = {conv->filters, (int32_t)out[0], (int32_t)out[1]}};

    const int64_t values = product_of(conv->out_channels, out[0], out[1], most_values);
    const int64_t padded = product_of(conv->in_channels, win->padded[0], win->padded[1], most_values / 2);
    const int64_t fan_in = product_of(conv->in_channels, kernel[0], kernel[1], INT32_MAX);
    const int64_t fan_out = product_of(conv->out_channels, kernel[0], kernel[1], INT32_MAX);
    if (padded < 0)
        return plan->fail(plan, "pad", "the padded input is too large");
    if (values < 0 || fan_in < 0 || fan_out < 0)
        return plan->fail(plan, "filters", "%d of %td x %td are too large", conv->filters, kernel[0],
                          kernel[1]);
    if (win->pad[0] > 0 || win->pad[1] > 0)
        conv->padded_floats = (size_t)padded * NNRUN_LANES;
    toom_choose(conv);
    one_choose(conv);
    if (conv->toom.forward || conv->toom.backward)
        plan->algorithm = !conv->toom.backward  ? "Toom-Cook forward"
                          : !conv->toom.forward ? "Toom-Cook backward"
                                                : "Toom-Cook";
    plan_scratch(conv, plan);
    plan->forward_flops = 2.0 * (double)values * (double)fan_in;
    plan->dx_flops = plan->dw_flops = plan->forward_flops;
    return plan_weights(conv, plan, (int32_t)fan_in, (int32_t)fan_out);
}

static void derived_need(const void *self, struct nnrun_derived_need *need)
{
    const struct conv *conv = self;

    if (!conv->toom.forward && !conv->toom.backward)
        return;
    need->bytes = (size_t)conv->toom.points * toom_w_floats(conv) * sizeof(float);
    need->parts = (uint32_t)conv->out_channels;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const struct conv *conv = self;
    const int32_t bias = conv->has_bias ? graph->weight(graph, 1, NULL) : 0;
    const int32_t y =
        nnrun_apply3(graph, "Conv", describe_picture(graph), graph->weight(graph, 0, NULL), bias);

    describe_windows(graph, y, &conv->windows);
    return y;
}

static const struct nnrun_derived derived = {.need = derived_need, .make = NNRUN_EACH_LEVEL(toom_weights)};
static const struct nnrun_one one = {
    .need = one_need, .make = NNRUN_EACH_LEVEL(one_weights), .forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_traits traits = {.always = NNRUN_LINEAR};
WORDS(WORDS_TYPE("conv2d|convolution|convolution2d|convolutional|convolutional2d", NULL),
      WORDS_KEY("out_channels|output_channels|channels|num_filters|n_filters|num_output|maps|units",
                "filters"),
      WORDS_WINDOW, WORDS_WEIGHTS, WORDS_INPUT, WORDS_ACTIVATION);
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {
    {.id = NNRUN_DERIVED_1, .table = &derived},     {.id = NNRUN_ONE_1, .table = &one},
    {.id = NNRUN_OPERATORS_1, .table = &operators}, {.id = NNRUN_TRAITS_1, .table = &traits},
    {.id = NNRUN_WORDS_1, .table = words},          {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "conv",
    .doc = "two-dimensional convolution with learned filters",
    .flags = NNRUN_READS_X | NNRUN_STORES,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct conv),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
