/* mse.c: y = x, and as a network's end the mean squared error (PyTorch's MSELoss): loss = mean over i of
 * (x[i] - t[i])^2, dx = 2 (x - t) / n. In the middle of a network dx = dy. Sums run in the order of i. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

#include <string.h>

struct mse {
    size_t values;
};

#define NNRUN_LEVEL 0
#include "mse.c"
#define NNRUN_LEVEL 1
#include "mse.c"
#define NNRUN_LEVEL 2
#include "mse.c"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct mse *mse = self;

    plan->output = plan->input[0];
    mse->values = nnrun_values(&plan->output);
    plan->forward_flops = 3.0 * (double)mse->values;
    plan->dx_flops = 2.0 * (double)mse->values;
    return 0;
}

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
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct mse *)self)->values, end = values * NNRUN_LANES;
    const float *target = s->target;

    if (s->y != s->x[0])
        memcpy(s->y, s->x[0], end * sizeof *s->y);
    for (size_t lane = 0; s->loss && lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec sum = nnrun_set(0.0f);

        for (size_t i = lane; i < end; i += NNRUN_LANES) {
            const nnrun_vec off = nnrun_load(s->y + i) - nnrun_load(target + i);
            sum = nnrun_fma(off, off, sum);
        }
        nnrun_store(s->loss + lane, sum / nnrun_set((float)values));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct mse *)self)->values, end = values * NNRUN_LANES;
    const float *target = s->target;
    float *dx = s->dx[0];

    if (!dx)
        return;
    if (s->dy) {
        if (dx != s->dy)
            memcpy(dx, s->dy, end * sizeof *dx);
        return;
    }
    for (size_t i = 0; i < end; i += NNRUN_WIDTH)
        nnrun_store(dx + i,
                    nnrun_set(2.0f / (float)values) * (nnrun_load(s->y + i) - nnrun_load(target + i)));
    for (size_t i = 0; i < end; i += NNRUN_LANES)
        memset(dx + i + s->count, 0, (NNRUN_LANES - s->count) * sizeof *dx);
}
#include <nnrun/math_end.h>
#endif
