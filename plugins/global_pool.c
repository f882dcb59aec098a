/* global_pool.c: the mean or the largest value of each channel, a vector (PyTorch's AdaptiveAvgPool2d(1) or
 * AdaptiveMaxPool2d(1), flattened). Sums run in the order of the values; of equal largest values the first
 * gets the gradient, and NaN counts as largest. */
#include "channels.h"

#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "global_pool_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "global_pool_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "global_pool_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "mode",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct global_pool, mode),
     .high = 1,
     .choices = "average|max",
     .doc = "which value replaces a channel: its average or its maximum"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct global_pool *pool = self;
    const struct nnrun_shape *input = &plan->input[0];

    if (input->rank < 2)
        return plan->fail(plan, NULL, "takes channels, height and width, not a vector");
    pool->channels = channels_of(input);
    pool->area = nnrun_values(input) / pool->channels;
    if (pool->area > INT32_MAX)
        return plan->fail(plan, NULL, "the input is too large");
    plan->output = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)pool->channels}};
    if (pool->mode == MODE_MAX)
        plan->keep_bytes = pool->channels * NNRUN_LANES * sizeof(int32_t);
    plan->forward_flops = plan->dx_flops = (double)nnrun_values(input);
    return 0;
}

static float mean(const float *x, size_t area)
{
    float sum = 0.0f;

    for (size_t i = 0; i < area; i++)
        sum += x[i];
    return sum / (float)area;
}

static float largest(const float *x, size_t area)
{
    float best = x[0];

    for (size_t i = 1; i < area; i++)
        if (x[i] > best || (x[i] != x[i] && best == best))
            best = x[i];
    return best;
}

static void run_one(const void *self, const struct nnrun_one_sample *s)
{
    const struct global_pool *pool = self;

    for (size_t c = 0; c < pool->channels; c++) {
        const float *x = s->x[0] + c * pool->area;
        s->y[c] = pool->mode == MODE_AVERAGE ? mean(x, pool->area) : largest(x, pool->area);
    }
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int largest = ((const struct global_pool *)self)->mode == MODE_MAX;
    const int32_t x = describe_picture(graph);

    return nnrun_apply1(graph, "Flatten",
                        nnrun_apply1(graph, largest ? "GlobalMaxPool" : "GlobalAveragePool", x));
}

/* A mean is linear. */
static uint32_t also(const void *self)
{
    return ((const struct global_pool *)self)->mode == MODE_MAX ? 0 : NNRUN_LINEAR;
}

static const struct nnrun_traits traits = {.always = NNRUN_KEEPS_SIGN, .also = also};
WORDS(WORDS_TYPE("gap|global_avg_pool|global_average_pool|global_average_pooling|global_average_pooling2d|"
                 "adaptive_avg_pool|adaptive_avg_pool2d",
                 NULL),
      WORDS_TYPE(
          "global_max_pool|global_max_pooling|global_max_pooling2d|adaptive_max_pool|adaptive_max_pool2d",
          "mode = \"max\""),
      WORDS_KEY("pooling|method|operation|reduce", "mode"), WORDS_VALUE("avg|ave|mean", "average"),
      WORDS_VALUE("maximum", "max"), WORDS_INPUT);
static const struct nnrun_one one = {.forward = {run_one}};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "global_pool",
    .doc = "the mean or the largest value of each channel",
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct global_pool),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
