/* add.c: y = x[0] + x[1] + ..., summed in the order of the inputs; each dx is dy. */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "add_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "add_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "add_kernels.h"

static int plan(void *self, struct nnrun_plan *plan)
{
    const struct nnrun_shape *first = &plan->input[0];

    for (int32_t k = 1; k < plan->inputs; k++) {
        if (plan->input[k].rank != first->rank)
            return plan->fail(plan, "inputs", "input %d has %d dimensions, and the first has %d", k + 1,
                              plan->input[k].rank, first->rank);
        for (int32_t i = 0; i < first->rank; i++)
            if (plan->input[k].dim[i] != first->dim[i])
                return plan->fail(plan, "inputs", "dimension %d of input %d is %d, of the first %d", i, k + 1,
                                  plan->input[k].dim[i], first->dim[i]);
    }
    plan->output = *first;
    ((struct add *)self)->floats = nnrun_values(first) * NNRUN_LANES;
    plan->forward_flops = (double)nnrun_values(first) * (plan->inputs - 1);
    return 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    int32_t y = graph->x(graph, 0);

    (void)self;
    for (int32_t k = 1; k < graph->inputs; k++)
        y = nnrun_apply2(graph, "Add", y, graph->x(graph, k));
    return y;
}

WORDS(WORDS_TYPE("sum|plus|residual|shortcut|skip|eltwise|merge", NULL));

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "add",
    .doc = "the sum of its inputs",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 2,
    .max_inputs = 64,
    .instance_size = sizeof(struct add),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
