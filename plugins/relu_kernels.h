/* relu_kernels.h: what relu.c computes, included once for each code level. */
#ifndef RELU_KERNELS_H
#define RELU_KERNELS_H
#include <nnrun/layer.h>

struct relu {
    size_t values;
};
#endif

#include <nnrun/math.h>

/* keep: a word a value, bit `lane` of which says that the gradient passes: y is not needed for that. */
static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct relu *)self)->values;
    const nnrun_vec zero = nnrun_set(0.0f);
    uint16_t *keep = s->keep;

    for (size_t i = 0; i < values; i++) {
        uint32_t word = 0;

        NNRUN_UNROLL
        for (int v = 0; v < NNRUN_VECS; v++) {
            const size_t at = i * NNRUN_LANES + (size_t)v * NNRUN_WIDTH;
            const nnrun_vec y = nnrun_max(zero, nnrun_load(s->x[0] + at));

            nnrun_store(s->y + at, y);
            /* negative where it is anything but 0 or -0 */
            const nnrun_ivec passes = -((nnrun_ivec)y & INT32_MAX);
            word |= nnrun_mask_bits(passes) << v * NNRUN_WIDTH;
        }
        if (keep)
            keep[i] = (uint16_t)word;
    }
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const nnrun_vec zero = nnrun_set(0.0f);

    for (size_t i = 0; i < ((const struct relu *)self)->values; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, nnrun_max(zero, nnrun_load(s->x[0] + i)));
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const size_t values = ((const struct relu *)self)->values;
    const uint16_t *keep = s->keep;

    for (size_t i = 0; s->dx[0] && i < values; i++)
        NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++) {
        const size_t at = i * NNRUN_LANES + (size_t)v * NNRUN_WIDTH;
        const nnrun_ivec passes = nnrun_bits_mask((uint32_t)keep[i] >> v * NNRUN_WIDTH);

        nnrun_store(s->dx[0] + at, nnrun_select(passes, nnrun_load(s->dy + at), nnrun_set(0.0f)));
    }
}

#include <nnrun/math_end.h>
