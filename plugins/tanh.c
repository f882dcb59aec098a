/* tanh.c: y = tanh x, dx = dy (1 - y^2). */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "tanh_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "tanh_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "tanh_kernels.h"

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return nnrun_apply1(graph, "Tanh", graph->x(graph, 0));
}

WORDS(WORDS_TYPE("tansig|hyperbolic_tangent", NULL));

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "tanh",
    .doc = "the hyperbolic tangent",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elementwise),
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
