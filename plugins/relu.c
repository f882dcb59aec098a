/* relu.c: y = max(x, 0); dx = dy where y > 0, else 0. NaN stays NaN, its gradient passes, as in PyTorch. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

struct relu {
    size_t values;
};

#define NNRUN_LEVEL 0
#include "relu.c"
#define NNRUN_LEVEL 1
#include "relu.c"
#define NNRUN_LEVEL 2
#include "relu.c"

static int plan(void *self, struct nnrun_plan *plan)
{
    struct relu *relu = self;

    plan->output = plan->input[0];
    relu->values = nnrun_values(&plan->output);
    plan->forward_flops = plan->dx_flops = (double)relu->values;
    return 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "relu",
    .doc = "rectified linear unit: y = max(x, 0)",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct relu),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const size_t n = ((const struct relu *)self)->values * NNRUN_LANES;
    const nnrun_vec zero = nnrun_set(0.0f);

    for (size_t i = 0; i < n; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, nnrun_max(zero, nnrun_load(s->x[0] + i)));
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const size_t n = ((const struct relu *)self)->values * NNRUN_LANES;
    const nnrun_vec zero = nnrun_set(0.0f);

    if (!s->dx[0])
        return;
    for (size_t i = 0; i < n; i += NNRUN_WIDTH)
        nnrun_store(s->dx[0] + i, nnrun_select(nnrun_load(s->y + i) <= zero, zero, nnrun_load(s->dy + i)));
}
#include <nnrun/math_end.h>
#endif
