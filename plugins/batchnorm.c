/* batchnorm.c: each channel brought to mean 0 and variance 1 (PyTorch's BatchNorm1d and BatchNorm2d; Ioffe
 * and Szegedy 2015), then weighted: y = (x - mean) / sqrt(var + eps) * w[c] + b[c].
 *
 * In training mean and variance are those of the slice: its samples that count times the area; var is the
 * biased one here, unbiased where it is observed for evaluation. A slice of one sample is normalised as in
 * evaluation, with the running state, and observes that state, so that nothing is learned from it.
 *
 * Sums over a channel run in four chains a lane, value i in chain i mod 4; the chains are added pairwise,
 * then the lanes that count. */
#include "channels.h"

#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "batchnorm_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "batchnorm_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "batchnorm_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "momentum",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct batchnorm, momentum),
     .low = 0,
     .high = 1,
     .default_value = 0.1,
     .doc = "the share of a step's mean and variance in the new running ones"},
    {.name = "eps",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct batchnorm, eps),
     .low = 0,
     .high = 1,
     .default_value = 1e-5,
     .doc = "added to the variance, so that nothing is divided by zero"},
    {.name = "affine",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct batchnorm, affine),
     .high = 1,
     .default_value = 1,
     .doc = "multiply each channel by a learned weight and add a learned bias"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct batchnorm *norm = self;
    const struct nnrun_shape *input = &plan->input[0];
    const double values = (double)nnrun_values(input);
    struct nnrun_tensor tensor = {.name = "running_mean", .role = NNRUN_STATE, .momentum = norm->momentum};

    plan->output = *input;
    norm->channels = channels_of(input);
    norm->area = nnrun_values(input) / norm->channels;
    plan->keep_bytes = norm->channels * sizeof(struct norm);
    plan->forward_flops = 6 * values;
    plan->dx_flops = 4 * values;
    plan->dw_flops = 4 * values;
    tensor.shape = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)norm->channels}};
    if (plan->tensor(plan, &tensor))
        return -1;
    tensor.name = "running_var";
    tensor.init = NNRUN_CONSTANT;
    tensor.value = 1;
    if (plan->tensor(plan, &tensor) || !norm->affine)
        return norm->affine ? -1 : 0;
    tensor = (struct nnrun_tensor){
        .name = "weight", .shape = tensor.shape, .role = NNRUN_WEIGHT, .init = NNRUN_CONSTANT, .value = 1};
    if (plan->tensor(plan, &tensor))
        return -1;
    tensor.name = "bias";
    tensor.init = NNRUN_ZEROS;
    return plan->tensor(plan, &tensor);
}

static void need(const void *self, struct nnrun_one_need *need)
{
    need->weight_bytes = ((const struct batchnorm *)self)->channels * sizeof(struct channel);
    need->parts = 1;
}

static void make(const void *self, const float *const *w, void *weights, uint32_t part)
{
    const struct batchnorm *norm = self;
    struct channel *channel = weights;

    (void)part;
    for (size_t c = 0; c < norm->channels; c++) {
        const struct norm by = batchnorm_norm(norm, w[MEAN][c], w[VARIANCE][c]);

        channel[c] = (struct channel){.mean = by.mean,
                                      .factor = batchnorm_factor(norm, w, c, by.inverse),
                                      .bias = batchnorm_bias(norm, w, c)};
    }
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const struct batchnorm *norm = self;
    const struct nnrun_shape each = {.rank = 1, .dim = {(int32_t)norm->channels}};
    const int32_t weight =
        norm->affine ? graph->weight(graph, WEIGHT, NULL) : graph->constant(graph, &each, NULL, 1.0f);
    const int32_t bias =
        norm->affine ? graph->weight(graph, BIAS, NULL) : graph->constant(graph, &each, NULL, 0.0f);
    const int32_t x = graph->input[0].rank == 2 ? describe_picture(graph) : graph->x(graph, 0);
    const int32_t inputs[] = {x, weight, bias, graph->weight(graph, MEAN, NULL),
                              graph->weight(graph, VARIANCE, NULL)};
    const int32_t y = graph->apply(graph, "BatchNormalization", inputs, 5);

    graph->set_real(graph, y, "epsilon", (float)norm->eps);
    return graph->input[0].rank == 2 ? nnrun_reshape(graph, y, &graph->input[0]) : y;
}

static const struct nnrun_traits traits = {.always = NNRUN_LINEAR | NNRUN_ELEMENTWISE};
WORDS(WORDS_TYPE("batch_norm|batch_norm1d|batch_norm2d|batch_normalization|bn", NULL),
      WORDS_KEY("epsilon", "eps"), WORDS_INPUT);
static const struct nnrun_one one = {.need = need, .make = {make}, .forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "batchnorm",
    .doc = "each channel brought to mean 0 and variance 1, then weighted",
    .flags = NNRUN_READS_X | NNRUN_IN_PLACE | NNRUN_MIXES_LANES,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct batchnorm),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
