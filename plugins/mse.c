/* mse.c: y = x, and as a network's end the mean squared error (PyTorch's MSELoss): loss = mean over i of
 * (x[i] - t[i])^2, dx = 2 (x - t) / n. In the middle of a network dx = dy. Sums run in the order of i. */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "mse_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "mse_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "mse_kernels.h"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct mse *mse = self;

    plan->output = plan->input[0];
    mse->values = nnrun_values(&plan->output);
    plan->forward_flops = 3.0 * (double)mse->values;
    plan->dx_flops = 2.0 * (double)mse->values;
    return 0;
}

static void run_one(const void *self, const struct nnrun_one_sample *s)
{
    memcpy(s->y, s->x[0], ((const struct mse *)self)->values * sizeof *s->y);
}

WORDS(WORDS_TYPE("mse_loss|mean_squared_error|l2_loss|euclidean_loss|squared_error", NULL));

static const struct nnrun_one one = {.forward = {run_one}};
static const struct nnrun_operators operators = {.describe = describe_input};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "mse",
    .doc = "its input; at the end of a network the loss is the mean squared error",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .target = NNRUN_DENSE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct mse),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
