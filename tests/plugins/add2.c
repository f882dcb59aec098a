/* add2.c: a fixture with two inputs: y = a + b. */
#include "fixture.h"

struct add2 {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    ((struct add2 *)self)->floats = floats_of(&plan->input[0]);
    if (floats_of(&plan->input[1]) != ((struct add2 *)self)->floats)
        return plan->fail(plan, NULL, "the inputs are not alike");
    plan->output = plan->input[0];
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct add2 *)self)->floats; i++)
        s->y[i] = s->x[0][i] + s->x[1][i];
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; s->dx[k] && i < ((const struct add2 *)self)->floats; i++)
            s->dx[k][i] = s->dy[i];
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "add2",
    .doc = "y = a + b",
    .min_inputs = 2,
    .max_inputs = 2,
    .instance_size = sizeof(struct add2),
    .plan = plan,
    .code = {{forward, backward}},
};
