/* dense.c: a fully connected layer, y[m] = bias[m] + sum over k of weight[m][k] * x[k] (PyTorch's Linear).
 *
 * Every sum is one chain of FMAs, in this order at every code level and tile size:
 *   y[m]      from bias[m] or 0, over k, a chain a lane
 *   dx[k]     from 0, over m, a chain a lane
 *   dw[m][k]  from dw[m][k], or 0 on the first call of a group, over the lanes
 *   dbias[m]  the lanes' tree, added to dbias[m] or stored */
#define NNRUN_NEEDS 1 /* backward_scratch_bytes */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "dense_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "dense_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "dense_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "units",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct dense, units),
     .low = 1,
     .high = INT32_MAX,
     .doc = "values of the output"},
    {.name = "bias",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct dense, has_bias),
     .high = 1,
     .default_value = 1,
     .doc = "add a learned constant to each output value"},
    {.name = "init",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct dense, init),
     .high = 2,
     .choices = "torch|he|xavier",
     .doc = "initial weights: PyTorch's default, He or Xavier (both with zero biases)"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    static const uint32_t inits[] = {NNRUN_FAN_IN, NNRUN_HE, NNRUN_XAVIER};
    struct dense *dense = self;
    const struct nnrun_shape *input = &plan->input[0];
    int64_t in = 1, bytes;

    for (int32_t i = 0; i < input->rank; i++)
        if (__builtin_mul_overflow(in, input->dim[i], &in) || in > INT32_MAX)
            return plan->fail(plan, NULL, "a sample has more than %d values", INT32_MAX);
    if (__builtin_mul_overflow(in * dense->units, (int64_t)sizeof(float), &bytes) || bytes > PTRDIFF_MAX)
        return plan->fail(plan, "units", "%d times %d inputs are too many weights", dense->units, (int)in);
    dense->in = (ptrdiff_t)in;
    dense->out = dense->units;
    plan->output = (struct nnrun_shape){.rank = 1, .dim = {dense->units}};
    /* x turned, its rows padded to whole vectors; the end of a tile's rows of dw */
    plan->backward_scratch_bytes = (((size_t)in + 15) / 16 * 16 + 64) * NNRUN_LANES * sizeof(float);
    plan->forward_flops = 2.0 * (double)in * dense->units;
    plan->dx_flops = plan->dw_flops = plan->forward_flops;

    struct nnrun_tensor tensor = {.name = "weight",
                                  .shape = {.rank = 2, .dim = {dense->units, (int32_t)in}},
                                  .role = NNRUN_WEIGHT,
                                  .init = inits[dense->init],
                                  .flags = NNRUN_DECAY,
                                  .fan_in = (int32_t)in,
                                  .fan_out = dense->units};
    if (plan->tensor(plan, &tensor) != 0)
        return -1;
    if (!dense->has_bias)
        return 0;
    tensor.name = "bias";
    tensor.shape = plan->output;
    tensor.init = dense->init == 0 ? NNRUN_FAN_IN : NNRUN_ZEROS;
    tensor.flags = 0;
    return plan->tensor(plan, &tensor);
}

static ptrdiff_t blocks_of(const struct dense *dense)
{
    return (dense->out + SIDE - 1) / SIDE;
}

static void need(const void *self, struct nnrun_one_need *need)
{
    const struct dense *dense = self;
    const size_t padded = ((size_t)dense->out + 15) / 16 * 16;

    need->weight_bytes = ((size_t)dense->in + 1) * padded * sizeof(float);
    need->parts = blocks_of(dense) < SIDE_PARTS ? (uint32_t)blocks_of(dense) : SIDE_PARTS;
}

/* Output m of row k; row -1 are the biases. */
static float value_of(const struct dense *dense, const float *const *w, ptrdiff_t m, ptrdiff_t k)
{
    if (m >= dense->out || (k < 0 && !dense->has_bias))
        return 0.0f;
    return k < 0 ? w[1][m] : w[0][m * dense->in + k];
}

static void make(const void *self, const float *const *w, void *weights, uint32_t part)
{
    const struct dense *dense = self;

    for (ptrdiff_t first = (ptrdiff_t)part * SIDE; first < dense->out;
         first += (ptrdiff_t)SIDE_PARTS * SIDE) {
        const ptrdiff_t width = dense_block_width(dense, first);
        float *to = (float *)weights + first * (dense->in + 1);

        for (ptrdiff_t k = -1; k < dense->in; k++)
            for (ptrdiff_t i = 0; i < width; i++)
                *to++ = value_of(dense, w, first + i, k);
    }
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t bias = ((const struct dense *)self)->has_bias ? graph->weight(graph, 1, NULL) : 0;
    const int32_t y =
        nnrun_apply3(graph, "Gemm", describe_vector(graph), graph->weight(graph, 0, NULL), bias);

    graph->set_int(graph, y, "transB", 1);
    return y;
}

static const struct nnrun_traits traits = {.always = NNRUN_LINEAR};
WORDS(
    WORDS_TYPE("linear|fc|fully_connected|inner_product|connected|affine", NULL),
    WORDS_KEY(
        "out_features|neurons|outputs|output|output_size|nodes|width|size|hidden|num_units|num_output|filters",
        "units"),
    WORDS_WEIGHTS, WORDS_INPUT, WORDS_ACTIVATION);
static const struct nnrun_one one = {.need = need, .make = {make}, .forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "dense",
    .doc = "fully connected: y = weight x + bias",
    .flags = NNRUN_READS_X | NNRUN_STORES,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct dense),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
