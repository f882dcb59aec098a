/* leaky_relu_kernels.h: what leaky_relu.c computes, included once for each code level. */
#ifndef LEAKY_RELU_KERNELS_H
#define LEAKY_RELU_KERNELS_H
#include "elementwise.h"

struct leaky_relu {
    struct elementwise elementwise;
    double slope;
};
#endif

#include "elementwise_kernels.h"

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const void *self, nnrun_vec x)
{
    const struct leaky_relu *leaky_relu = self;

    return nnrun_select(x > nnrun_set(0.0f), x, nnrun_set((float)leaky_relu->slope) * x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const void *self, nnrun_vec y)
{
    const struct leaky_relu *leaky_relu = self;

    return nnrun_select(y > nnrun_set(0.0f), nnrun_set(1.0f), nnrun_set((float)leaky_relu->slope));
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    NNRUN_FN(elementwise_forward)(self, s, NNRUN_FN(value));
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    NNRUN_FN(elementwise_one)(self, s, NNRUN_FN(value));
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    NNRUN_FN(elementwise_backward)(self, s, s->y, NNRUN_FN(slope));
}

#include <nnrun/math_end.h>
