/* leaky_relu.c: y = x where x > 0, else slope x (PyTorch's LeakyReLU); y has x's sign. */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "leaky_relu_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "leaky_relu_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "leaky_relu_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "slope",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct leaky_relu, slope),
     .low = 0,
     .high = 1,
     .default_value = 0.01,
     .doc = "what negative values are multiplied by"},
};

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t y = nnrun_apply1(graph, "LeakyRelu", graph->x(graph, 0));

    graph->set_real(graph, y, "alpha", (float)((const struct leaky_relu *)self)->slope);
    return y;
}

WORDS(WORDS_TYPE("lrelu|leaky", NULL), WORDS_KEY("negative_slope|alpha", "slope"));

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "leaky_relu",
    .doc = "leaky rectified linear unit: y = x where x > 0, else slope x",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct leaky_relu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
