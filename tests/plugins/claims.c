/* claims.c: a layer of any formula that claims any trait. Compiled with -DTYPE='"linear"' -DCLAIM=NNRUN_LINEAR and -DY=...
 * -DDX=..., which are formulas of x, dy, the number i of a value and the number n of all. */
#include "fixture.h"

struct claims {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    ((struct claims *)self)->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const size_t n = ((const struct claims *)self)->floats;
    const float *x = s->x[0];

    for (size_t i = 0; i < n; i++)
        s->y[i] = (Y);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const size_t n = ((const struct claims *)self)->floats;
    const float *x = s->x[0], *dy = s->dy;

    (void)x, (void)n;
    for (size_t i = 0; s->dx[0] && i < n; i++)
        s->dx[0][i] = (DX);
}

static const struct nnrun_traits traits = {.always = CLAIM};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = TYPE,
    .doc = "for the tests",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct claims),
    .plan = plan,
    .code = {{forward, backward}},
    .capabilities = capabilities,
};
