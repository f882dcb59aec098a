/* running.c: a fixture with averaged state: y = x - mean of all samples seen before, value by value. */
#include "fixture.h"

struct running {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct running *running = self;
    struct nnrun_tensor mean = {.name = "mean", .role = NNRUN_STATE, .momentum = 0.25};

    running->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    mean.shape = plan->input[0];
    return plan->tensor(plan, &mean);
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct running *)self)->floats / NNRUN_LANES; i++) {
        const float *x = s->x[0] + i * NNRUN_LANES;
        float sum = 0;
        for (uint32_t lane = 0; lane < s->count; lane++)
            sum += x[lane];
        for (uint32_t lane = 0; lane < NNRUN_LANES; lane++)
            s->y[i * NNRUN_LANES + lane] = x[lane] - s->w[0][i];
        if (s->training)
            s->dw[0][i] = sum / (float)s->count;
    }
}

#ifndef FORWARD_ONLY
static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < ((const struct running *)self)->floats; i++)
        s->dx[0][i] = s->dy[i];
}
#else
#define backward NULL
#endif

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "running",
    .doc = "y = x - its running mean",
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct running),
    .plan = plan,
    .code = {{forward, backward}},
};
