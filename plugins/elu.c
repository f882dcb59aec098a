/* elu.c: y = x where x > 0, else alpha (e^x - 1) (PyTorch's ELU); dx = dy there, else dy (y + alpha). */
#define NNRUN_LEVEL 0 /* any processor */
#include "elu_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "elu_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "elu_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "alpha",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct elu, alpha),
     .low = 0,
     .high = 1000,
     .default_value = 1,
     .doc = "for very negative x the output tends to minus this value"},
};

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t y = nnrun_apply1(graph, "Elu", graph->x(graph, 0));

    graph->set_real(graph, y, "alpha", (float)((const struct elu *)self)->alpha);
    return y;
}

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {
    {.id = NNRUN_ONE_1, .table = &one}, {.id = NNRUN_OPERATORS_1, .table = &operators}, {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "elu",
    .doc = "exponential linear unit: y = x where x > 0, else alpha (e^x - 1)",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
