/* softmax_kernels.h: what softmax.c computes, included once for each code level. */
#ifndef SOFTMAX_KERNELS_H
#define SOFTMAX_KERNELS_H
#include <nnrun/layer.h>

struct softmax {
    size_t values;
};
#endif

#include "tails.h"

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const size_t end = ((const struct softmax *)self)->values * NNRUN_LANES;
    const int32_t *target = s->target;
    float right[NNRUN_LANES] __attribute__((aligned(64))) = {0}; /* x of the target: y may overwrite it */

    for (size_t lane = 0; target && lane < NNRUN_LANES; lane++)
        right[lane] = s->x[0][(size_t)target[lane] * NNRUN_LANES + lane];
    for (size_t lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec max = nnrun_load(s->x[0] + lane), sum = nnrun_set(0.0f);

        for (size_t i = lane; i < end; i += NNRUN_LANES)
            max = nnrun_max(max, nnrun_load(s->x[0] + i));
        for (size_t i = lane; i < end; i += NNRUN_LANES) {
            const nnrun_vec power = NNRUN_FN(tail)(nnrun_load(s->x[0] + i) - max);
            nnrun_store(s->y + i, power);
            sum += power;
        }
        for (size_t i = lane; i < end; i += NNRUN_LANES)
            nnrun_store(s->y + i, nnrun_load(s->y + i) / sum);
        if (target)
            nnrun_store(right + lane, nnrun_log(sum) - (nnrun_load(right + lane) - max));
    }
    if (target && s->loss)
        memcpy(s->loss, right, sizeof right);
}

/* Values past the end are computed, too, but have no part in the sum. */
static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const size_t values = ((const struct softmax *)self)->values;
    float max = s->x[0][0], sum = 0.0f;

    for (size_t i = 0; i < values; i++)
        max = max > s->x[0][i] ? max : s->x[0][i];
    for (size_t i = 0; i < values; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, nnrun_exp(nnrun_load(s->x[0] + i) - nnrun_set(max)));
    for (size_t i = 0; i < values; i++)
        sum += s->y[i];
    for (size_t i = 0; i < values; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, nnrun_load(s->y + i) / nnrun_set(sum));
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const size_t end = ((const struct softmax *)self)->values * NNRUN_LANES;
    const int32_t *target = s->target;
    float *dx = s->dx[0];

    if (!dx)
        return;
    for (size_t lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec sum = nnrun_set(0.0f);

        for (size_t i = lane; s->dy && i < end; i += NNRUN_LANES)
            sum = nnrun_fma(nnrun_load(s->dy + i), nnrun_load(s->y + i), sum);
        for (size_t i = lane; i < end; i += NNRUN_LANES) {
            const nnrun_vec y = nnrun_load(s->y + i);
            nnrun_store(dx + i, s->dy ? y * (nnrun_load(s->dy + i) - sum) : y);
        }
    }
    for (size_t lane = 0; !s->dy && lane < NNRUN_LANES; lane++) {
        if (lane < s->count)
            dx[(size_t)target[lane] * NNRUN_LANES + lane] -= 1.0f;
        for (size_t i = lane; lane >= s->count && i < end; i += NNRUN_LANES)
            dx[i] = 0.0f;
    }
}

#include <nnrun/math_end.h>
