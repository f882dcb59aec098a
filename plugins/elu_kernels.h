/* elu_kernels.h: what elu.c computes, included once for each code level. */
#ifndef ELU_KERNELS_H
#define ELU_KERNELS_H
#include "elementwise.h"

struct elu {
    struct elementwise elementwise;
    double alpha;
};
#endif

#include "elementwise_kernels.h"

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const void *self, nnrun_vec x)
{
    const struct elu *elu = self;

    return nnrun_select(x > nnrun_set(0.0f), x, nnrun_set((float)elu->alpha) * nnrun_expm1(x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const void *self, nnrun_vec y)
{
    const struct elu *elu = self;

    return nnrun_select(y > nnrun_set(0.0f), nnrun_set(1.0f), y + nnrun_set((float)elu->alpha));
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
