/* scale.c: each channel times a weight plus a bias, both learned: y = w[c] x + b[c]; dx = w[c] dy, dw[c] =
 * sum of dy x, db[c] = sum of dy. A vector has a weight for each value. Sums run over a channel's values in
 * each lane, then over the lanes. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

struct scale {
    int32_t bias;
    size_t channels, area;
};

#define NNRUN_LEVEL 0
#include "scale.c"
#define NNRUN_LEVEL 1
#include "scale.c"
#define NNRUN_LEVEL 2
#include "scale.c"

static const struct nnrun_setting settings[] = {
    {.name = "bias",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct scale, bias),
     .high = 1,
     .fallback = 1,
     .doc = "add a learned bias to each channel"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct scale *scale = self;
    const struct nnrun_shape *input = &plan->input[0];
    const double values = (double)nnrun_values(input);
    struct nnrun_tensor tensor = {.name = "weight", .init = NNRUN_CONSTANT, .value = 1};

    plan->output = *input;
    scale->channels = input->rank == 2 ? 1 : (size_t)input->dim[0];
    scale->area = nnrun_values(input) / scale->channels;
    plan->forward_flops = (1 + scale->bias) * values;
    plan->dx_flops = values;
    plan->dw_flops = (2 + scale->bias) * values;
    tensor.shape = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)scale->channels}};
    if (plan->tensor(plan, &tensor))
        return -1;
    tensor.name = "bias";
    tensor.init = NNRUN_ZEROS;
    return scale->bias ? plan->tensor(plan, &tensor) : 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "scale",
    .doc = "each channel times a learned weight plus a learned bias",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct scale),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct scale *scale = self;
    const size_t run = scale->area * NNRUN_LANES;

    for (size_t c = 0; c < scale->channels; c++) {
        const nnrun_vec weight = nnrun_set(s->w[0][c]), bias = nnrun_set(scale->bias ? s->w[1][c] : 0.0f);

        for (size_t i = c * run; i < (c + 1) * run; i += NNRUN_WIDTH)
            nnrun_store(s->y + i, nnrun_fma(weight, nnrun_load(s->x[0] + i), bias));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct scale *scale = self;
    const size_t run = scale->area * NNRUN_LANES;

    for (size_t c = 0; c < scale->channels; c++) {
        const nnrun_vec weight = nnrun_set(s->w[0][c]);
        nnrun_vec by_weight[NNRUN_VECS] = {{0}}, by_bias[NNRUN_VECS] = {{0}};

        for (size_t i = c * run; i < (c + 1) * run; i += NNRUN_LANES) {
            NNRUN_UNROLL
            for (size_t v = 0; v < NNRUN_VECS; v++) {
                const size_t at = i + v * NNRUN_WIDTH;
                const nnrun_vec dy = nnrun_load(s->dy + at);

                by_weight[v] = nnrun_fma(dy, nnrun_load(s->x[0] + at), by_weight[v]);
                by_bias[v] += dy;
                if (s->dx[0])
                    nnrun_store(s->dx[0] + at, weight * dy);
            }
        }
        s->dw[0][c] += nnrun_lane_sum(by_weight);
        if (scale->bias)
            s->dw[1][c] += nnrun_lane_sum(by_bias);
    }
}
#include <nnrun/math_end.h>
#endif
