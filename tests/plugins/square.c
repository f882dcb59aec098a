/* square.c: a fixture that is a loss against floats: y = x, loss = sum over i of (x[i] - t[i])^2. */
#include "fixture.h"

#include <string.h>

struct square {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    ((struct square *)self)->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const float *target = s->target;

    if (s->loss)
        memset(s->loss, 0, NNRUN_LANES * sizeof *s->loss);
    for (size_t i = 0; i < ((const struct square *)self)->floats; i++) {
        s->y[i] = s->x[0][i];
        if (s->loss)
            s->loss[i % NNRUN_LANES] += (s->y[i] - target[i]) * (s->y[i] - target[i]);
    }
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const float *target = s->target;

    for (size_t i = 0; s->dx[0] && i < ((const struct square *)self)->floats; i++)
        s->dx[0][i] = s->dy ? s->dy[i] : i % NNRUN_LANES < s->count ? 2.0f * (s->y[i] - target[i]) : 0.0f;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "square",
    .doc = "sum of squared differences",
    .flags = NNRUN_READS_Y,
    .target = NNRUN_DENSE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct square),
    .plan = plan,
    .code = {{forward, backward}},
};
