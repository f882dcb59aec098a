/* dropout.c: in training each value is dropped with probability `rate`, the others are divided by 1 - rate
 * (PyTorch's Dropout); in evaluation y = x. A value has 16 random bits: the rate is rounded to n / 65536, n <
 * 65536, and so is what the others are divided by. */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "dropout_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "dropout_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "dropout_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "rate",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_HIGH,
     .offset = offsetof(struct dropout, rate),
     .low = 0,
     .high = 1,
     .default_value = 0.5,
     .doc = "probability that a value is dropped"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct dropout *dropout = self;

    plan->output = plan->input[0];
    dropout->values = nnrun_values(&plan->output);
    if (dropout->values > UINT32_MAX / NNRUN_LANES)
        return plan->fail(plan, NULL, "the input is too large");
    dropout->least = (int32_t)(dropout->rate * 65536 + 0.5);
    if (dropout->least > 65535)
        dropout->least = 65535;
    dropout->factor = (float)(65536.0 / (65536 - dropout->least));
    plan->random_words = (uint32_t)dropout->values;
    plan->keep_bytes = dropout->values * NNRUN_LANES * sizeof(int16_t);
    plan->forward_flops = plan->dx_flops = (double)dropout->values;
    return 0;
}

static void run_one(const void *self, const struct nnrun_one_sample *s)
{
    memcpy(s->y, s->x[0], ((const struct dropout *)self)->values * sizeof *s->y);
}

static const struct nnrun_traits traits = {.always = NNRUN_LINEAR | NNRUN_ELEMENTWISE | NNRUN_KEEPS_SIGN};
WORDS(WORDS_TYPE("drop", NULL),
      WORDS_KEY("p|prob|probability|ratio|dropout|dropout_rate|dropout_ratio|drop_prob", "rate"),
      WORDS_ADVICE("keep_prob|keep", "rate is the part that is dropped, 1 - keep_prob"));
static const struct nnrun_one one = {.forward = {run_one}};
static const struct nnrun_operators operators = {.describe = describe_input};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "dropout",
    .doc = "drops values at random in training",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct dropout),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
