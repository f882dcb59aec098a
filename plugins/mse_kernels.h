/* mse_kernels.h: what mse.c computes, included once for each code level. */
#ifndef MSE_KERNELS_H
#define MSE_KERNELS_H
#include <nnrun/layer.h>

#include <string.h>

struct mse {
    size_t values;
};
#endif

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
