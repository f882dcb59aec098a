/* softmax.c: probabilities y[i] = exp(x[i] - max x) / sum of the same over all values of a sample, and as a
 * network's end the cross-entropy against a class t: loss = log(sum) - (x[t] - max x), dx = y - onehot(t). In
 * the middle of a network dx[i] = y[i] * (dy[i] - sum over j of dy[j] * y[j]). Sums run in the order of i. */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "softmax_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "softmax_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "softmax_kernels.h"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct softmax *softmax = self;

    plan->output = plan->input[0];
    softmax->values = nnrun_values(&plan->output);
    plan->forward_flops = 5.0 * (double)softmax->values;
    plan->dx_flops = 4.0 * (double)softmax->values;
    return 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t y = nnrun_apply1(graph, "Softmax", describe_vector(graph));

    (void)self;
    graph->set_int(graph, y, "axis", 1);
    return describe_back(graph, y, 1);
}

static const struct nnrun_traits traits = {.always = NNRUN_DISTRIBUTION | NNRUN_TAKES_LOGITS};
WORDS(WORDS_TYPE("cross_entropy|cross_entropy_loss|softmax_cross_entropy|softmax_loss|softmax_with_loss|"
                 "categorical_crossentropy|sparse_categorical_crossentropy|log_softmax|nll|nll_loss",
                 NULL),
      WORDS_ADVICE("dim|axis|units|classes|num_classes", "leave it out, each value of its input is a class"));
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "softmax",
    .doc = "probabilities of the classes; at the end of a network the loss is their cross-entropy",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .target = NNRUN_CLASS,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct softmax),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
