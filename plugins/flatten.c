/* flatten.c: the same values in the same order as one vector (PyTorch's Flatten): y[i] = x[i], dx = dy. */
#include <nnrun/layer.h>

#include <string.h>

#include "operators.h"
#include "words.h"

struct flatten {
    size_t bytes; /* of a slice */
};

static int plan(void *self, struct nnrun_plan *plan)
{
    const size_t values = nnrun_values(&plan->input[0]);

    if (values > INT32_MAX)
        return plan->fail(plan, NULL, "%zu values do not fit one dimension", values);
    plan->output = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)values}};
    ((struct flatten *)self)->bytes = values * NNRUN_LANES * sizeof(float);
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    if (s->y != s->x[0])
        memcpy(s->y, s->x[0], ((const struct flatten *)self)->bytes);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    if (s->dx[0] && s->dx[0] != s->dy)
        memcpy(s->dx[0], s->dy, ((const struct flatten *)self)->bytes);
}

static void run_one(const void *self, const struct nnrun_one_sample *s)
{
    memcpy(s->y, s->x[0], ((const struct flatten *)self)->bytes / NNRUN_LANES);
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return describe_vector(graph);
}

static const struct nnrun_traits traits = {.always = NNRUN_LINEAR | NNRUN_ELEMENTWISE | NNRUN_KEEPS_SIGN};
WORDS(WORDS_TYPE("reshape|view", NULL));
static const struct nnrun_one one = {.forward = {run_one}};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "flatten",
    .doc = "the same values as one vector",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct flatten),
    .plan = plan,
    .code = {{forward, backward}},
    .capabilities = capabilities,
};
