/* scale.c: each channel times a weight plus a bias, both learned: y = w[c] x + b[c]; dx = w[c] dy, dw[c] =
 * sum of dy x, db[c] = sum of dy. A vector has a weight for each value. Sums run over a channel's values in
 * each lane, then over the lanes. */
#include "channels.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "scale_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "scale_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "scale_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "bias",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct scale, bias),
     .high = 1,
     .default_value = 1,
     .doc = "add a learned bias to each channel"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct scale *scale = self;
    const struct nnrun_shape *input = &plan->input[0];
    const double values = (double)nnrun_values(input);
    struct nnrun_tensor tensor = {.name = "weight", .init = NNRUN_CONSTANT, .value = 1};

    plan->output = *input;
    scale->channels = channels_of(input);
    scale->area = nnrun_values(input) / scale->channels;
    plan->forward_flops = (1 + scale->bias) * values;
    plan->dx_flops = values;
    plan->dw_flops = (2 + scale->bias) * values;
    tensor.shape = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)scale->channels}};
    if (plan->tensor(plan, &tensor))
        return -1;
    tensor.name = "bias";
    tensor.init = NNRUN_ZEROS;
    return scale->bias ? plan->tensor(plan, &tensor) : 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const struct scale *scale = self;
    const struct nnrun_shape each = {.rank = graph->input[0].rank == 3 ? 3 : 1,
                                     .dim = {(int32_t)scale->channels, 1, 1}};
    const int32_t y = nnrun_apply2(graph, "Mul", graph->x(graph, 0), graph->weight(graph, 0, &each));

    return scale->bias ? nnrun_apply2(graph, "Add", y, graph->weight(graph, 1, &each)) : y;
}

static const struct nnrun_traits traits = {.always = NNRUN_LINEAR | NNRUN_ELEMENTWISE};
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "scale",
    .doc = "each channel times a learned weight plus a learned bias",
    .flags = NNRUN_READS_X | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct scale),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
