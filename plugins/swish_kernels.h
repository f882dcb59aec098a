/* swish_kernels.h: what swish.c computes, included once for each code level. */
#include "elementwise_kernels.h"
#include "tails.h"

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const void *self, nnrun_vec x)
{
    (void)self;
    return x * NNRUN_FN(sigmoid)(x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const void *self, nnrun_vec x)
{
    (void)self;
    const nnrun_vec s = NNRUN_FN(sigmoid)(x);

    return nnrun_fma(x * s, nnrun_set(1.0f) - s, s);
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
    NNRUN_FN(elementwise_backward)(self, s, s->x[0], NNRUN_FN(slope));
}

#include <nnrun/math_end.h>
