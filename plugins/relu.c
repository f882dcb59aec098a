/* relu.c: y = max(x, 0); dx = dy where y > 0, else 0. NaN stays NaN, its gradient passes, as in PyTorch. */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "relu_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "relu_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "relu_kernels.h"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct relu *relu = self;

    plan->output = plan->input[0];
    relu->values = nnrun_values(&plan->output);
    plan->keep_bytes = relu->values * sizeof(uint16_t);
    plan->forward_flops = plan->dx_flops = (double)relu->values;
    return 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return nnrun_apply1(graph, "Relu", graph->x(graph, 0));
}

static const struct nnrun_traits traits = {.always = NNRUN_NOT_NEGATIVE};
WORDS(WORDS_TYPE("rectifier|rectified_linear", NULL));
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "relu",
    .doc = "rectified linear unit: y = max(x, 0)",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct relu),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
