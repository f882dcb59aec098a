/* ends.cc: a loss for ABI 1.0 in C++17, y = gain * x with one learned gain; at the end of a network the loss is
 * sum over i of log(1 + (y[i] - t[i])^2). */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

namespace {

struct ends {
    size_t values;
};

int plan(void *instance, nnrun_plan *plan)
{
    nnrun_tensor gain = {};

    static_cast<ends *>(instance)->values = nnrun_values(&plan->input[0]);
    plan->output = plan->input[0];
    plan->forward_flops = plan->dx_flops = plan->dw_flops = 8.0 * static_cast<double>(nnrun_values(&plan->output));
    gain.name = "gain";
    gain.shape.rank = 1;
    gain.shape.dim[0] = 1;
    gain.init = NNRUN_CONSTANT;
    gain.value = 0.5;
    return plan->tensor(plan, &gain);
}

} // namespace

#define NNRUN_LEVEL 0
#include "ends.cc"
#define NNRUN_LEVEL 1
#include "ends.cc"
#define NNRUN_LEVEL 2
#include "ends.cc"

const nnrun_layer nnrun_plugin = {
    NNRUN_HEAD,
    "ends",
    "a gain, and the sum of log(1 + square) of what is off",
    NNRUN_READS_X | NNRUN_READS_Y,
    NNRUN_DENSE,
    1,
    1,
    sizeof(ends),
    0,
    nullptr,
    plan,
    NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const nnrun_slice *s)
{
    const size_t floats = static_cast<const ends *>(self)->values * NNRUN_LANES;
    const float *target = static_cast<const float *>(s->target);
    const nnrun_vec one = nnrun_set(1.0f), gain = nnrun_set(s->w[0][0]);

    for (size_t lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec sum = nnrun_set(0.0f);

        for (size_t i = lane; i < floats; i += NNRUN_LANES) {
            const nnrun_vec y = gain * nnrun_load(s->x[0] + i);

            nnrun_store(s->y + i, y);
            if (target) {
                const nnrun_vec off = y - nnrun_load(target + i);

                sum += nnrun_log(nnrun_fma(off, off, one));
            }
        }
        if (target)
            nnrun_store(s->loss + lane, sum);
    }
}

static void NNRUN_FN(backward)(const void *self, const nnrun_slice *s)
{
    const size_t floats = static_cast<const ends *>(self)->values * NNRUN_LANES;
    const float *target = static_cast<const float *>(s->target);
    const nnrun_vec one = nnrun_set(1.0f), gain = nnrun_set(s->w[0][0]);
    nnrun_vec sums[NNRUN_VECS];

    for (size_t v = 0; v < NNRUN_VECS; v++) {
        nnrun_vec sum = nnrun_set(0.0f), counts;

        for (size_t k = 0; k < NNRUN_WIDTH; k++)
            counts[k] = v * NNRUN_WIDTH + k < s->count ? 1.0f : 0.0f;
        for (size_t i = v * NNRUN_WIDTH; i < floats; i += NNRUN_LANES) {
            nnrun_vec dy;

            if (s->dy) {
                dy = nnrun_load(s->dy + i);
            } else {
                const nnrun_vec off = nnrun_load(s->y + i) - nnrun_load(target + i);

                dy = counts * (off + off) / nnrun_fma(off, off, one);
            }
            sum = nnrun_fma(dy, nnrun_load(s->x[0] + i), sum);
            if (s->dx[0])
                nnrun_store(s->dx[0] + i, dy * gain);
        }
        sums[v] = sum;
    }
    s->dw[0][0] += nnrun_lane_sum(sums);
}
#include <nnrun/math_end.h>
#endif
