/* logistic_kernels.h: what logistic.c computes, included once for each code level. */
#ifndef LOGISTIC_KERNELS_H
#define LOGISTIC_KERNELS_H
#include <nnrun/layer.h>

#include <string.h>

struct logistic {
    size_t values;
};
#endif

#include "tails.h"

/* 1 / (1 + e^-x), given power = e^-|x|. */
NNRUN_INLINE nnrun_vec NNRUN_FN(probability)(nnrun_vec x, nnrun_vec power)
{
    const nnrun_vec one = nnrun_set(1.0f);

    return nnrun_select(x < nnrun_set(0.0f), power, one) / (one + power);
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct logistic *)self)->values, end = values * NNRUN_LANES;
    const nnrun_vec zero = nnrun_set(0.0f), one = nnrun_set(1.0f);
    const float *target = s->target;

    for (size_t lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec sum = zero;

        for (size_t i = lane; i < end; i += NNRUN_LANES) {
            const nnrun_vec x = nnrun_load(s->x[0] + i), power = NNRUN_FN(tail)(nnrun_min(x, -x));

            nnrun_store(s->y + i, NNRUN_FN(probability)(x, power));
            if (s->loss)
                sum += nnrun_fma(-x, nnrun_load(target + i), nnrun_max(x, zero)) + nnrun_log(one + power);
        }
        if (s->loss)
            nnrun_store(s->loss + lane, sum / nnrun_set((float)values));
    }
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    for (size_t i = 0; i < ((const struct logistic *)self)->values; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(s->x[0] + i);

        nnrun_store(s->y + i, NNRUN_FN(probability)(x, nnrun_exp(nnrun_min(x, -x))));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct logistic *)self)->values, end = values * NNRUN_LANES;
    const nnrun_vec one = nnrun_set(1.0f), share = nnrun_set(1.0f / (float)values);
    const float *target = s->target;
    float *dx = s->dx[0];

    if (!dx)
        return;
    for (size_t i = 0; i < end; i += NNRUN_WIDTH) {
        const nnrun_vec y = nnrun_load(s->y + i);

        nnrun_store(dx + i,
                    s->dy ? nnrun_load(s->dy + i) * (y * (one - y)) : share * (y - nnrun_load(target + i)));
    }
    for (size_t i = 0; !s->dy && i < end; i += NNRUN_LANES)
        memset(dx + i + s->count, 0, (NNRUN_LANES - s->count) * sizeof *dx);
}

#include <nnrun/math_end.h>
