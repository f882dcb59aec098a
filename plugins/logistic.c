/* logistic.c: probabilities y[i] = 1 / (1 + e^-x[i]), each of a label of its own, and as a network's end the
 * mean of their binary cross-entropies (PyTorch's BCEWithLogitsLoss): loss = mean over i of max(x, 0) - x t +
 * log(1 + e^-|x|), dx = (y - t) / n. In the middle of a network dx = dy y (1 - y). Sums run in the order of
 * i. */
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "logistic_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "logistic_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "logistic_kernels.h"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct logistic *logistic = self;

    plan->output = plan->input[0];
    logistic->values = nnrun_values(&plan->output);
    plan->forward_flops = 4.0 * (double)logistic->values;
    plan->dx_flops = 2.0 * (double)logistic->values;
    return 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return nnrun_apply1(graph, "Sigmoid", graph->x(graph, 0));
}

static const struct nnrun_traits traits = {.always = NNRUN_NOT_NEGATIVE | NNRUN_TAKES_LOGITS};
WORDS(WORDS_TYPE("bce|bce_loss|bce_with_logits|bce_with_logits_loss|binary_crossentropy|binary_cross_entropy|"
                 "sigmoid_cross_entropy",
                 NULL));
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "logistic",
    .doc = "a probability for each label; at the end of a network the loss is their binary cross-entropy",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .target = NNRUN_LABELS,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct logistic),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
