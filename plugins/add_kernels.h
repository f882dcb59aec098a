/* add_kernels.h: what add.c computes, included once for each code level. */
#ifndef ADD_KERNELS_H
#define ADD_KERNELS_H
#include <nnrun/layer.h>

#include <string.h>

struct add {
    size_t floats; /* of a slice */
};
#endif

#include <nnrun/math.h>

NNRUN_INLINE void NNRUN_FN(sum)(uint32_t inputs, const float *const *x, size_t floats, float *y)
{
    for (size_t i = 0; i < floats; i += NNRUN_WIDTH) {
        nnrun_vec sum = nnrun_load(x[0] + i);

        for (uint32_t k = 1; k < inputs; k++)
            sum += nnrun_load(x[k] + i);
        nnrun_store(y + i, sum);
    }
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    NNRUN_FN(sum)(s->inputs, s->x, ((const struct add *)self)->floats, s->y);
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    NNRUN_FN(sum)(s->inputs, s->x, ((const struct add *)self)->floats / NNRUN_LANES, s->y);
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    for (uint32_t k = 0; k < s->inputs; k++)
        if (s->dx[k] && s->dx[k] != s->dy)
            memcpy(s->dx[k], s->dy, ((const struct add *)self)->floats * sizeof(float));
}

#include <nnrun/math_end.h>
