/* sigmoid.c: y = 1 / (1 + e^-x), dx = dy y (1 - y). */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "sigmoid_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "sigmoid_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "sigmoid_kernels.h"

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return nnrun_apply1(graph, "Sigmoid", graph->x(graph, 0));
}

static const struct nnrun_traits traits = {.always = NNRUN_NOT_NEGATIVE};
WORDS(WORDS_TYPE("logsig", NULL));
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "sigmoid",
    .doc = "the logistic function: y = 1 / (1 + e^-x)",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elementwise),
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
