/* relu_kernels.h: what relu.c computes, included once for each code level. */
#ifndef RELU_KERNELS_H
#define RELU_KERNELS_H
#include <nnrun/layer.h>

struct relu {
    size_t values;
};
#endif

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
