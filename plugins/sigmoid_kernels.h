/* sigmoid_kernels.h: what sigmoid.c computes, included once for each code level. */
#include "elementwise_kernels.h"
#include "tails.h"

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const void *self, nnrun_vec x)
{
    (void)self;
    return NNRUN_FN(sigmoid)(x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const void *self, nnrun_vec y)
{
    (void)self;
    return y * (nnrun_set(1.0f) - y);
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
