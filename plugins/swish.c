/* swish.c: y = x sigmoid(x) (PyTorch's SiLU), dx = dy (s + x s (1 - s)) with s = sigmoid(x). */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "swish_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "swish_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "swish_kernels.h"

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t x = graph->x(graph, 0);

    (void)self;
    return nnrun_apply2(graph, "Mul", x, nnrun_apply1(graph, "Sigmoid", x));
}

WORDS(WORDS_TYPE("silu", NULL));

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "swish",
    .doc = "y = x sigmoid(x)",
    .flags = NNRUN_READS_X | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elementwise),
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
