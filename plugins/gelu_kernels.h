/* gelu_kernels.h: what gelu.c computes, included once for each code level. */
#ifndef GELU_KERNELS_H
#define GELU_KERNELS_H
#include "elementwise.h"

enum { NORMAL = 0, TANH = 1 };

struct gelu {
    struct elementwise elementwise;
    int32_t approximate;
};
#endif

#include "elementwise_kernels.h"
#include "tails.h"

/* e^(-x^2 / 2) */
NNRUN_INLINE nnrun_vec NNRUN_FN(bell)(nnrun_vec x)
{
    return NNRUN_FN(tail)(nnrun_set(-0.5f) * x * x);
}

/* Phi(x), given bell(x). */
NNRUN_INLINE nnrun_vec NNRUN_FN(phi)(nnrun_vec x, nnrun_vec bell)
{
    const nnrun_vec z = nnrun_select(x < nnrun_set(0.0f), -x, x) * nnrun_set(0.707106781f);
    const nnrun_vec t = nnrun_set(1.0f) / nnrun_fma(nnrun_set(0.3275911f), z, nnrun_set(1.0f));
    nnrun_vec p = nnrun_set(1.061405429f);
    p = nnrun_fma(p, t, nnrun_set(-1.453152027f));
    p = nnrun_fma(p, t, nnrun_set(1.421413741f));
    p = nnrun_fma(p, t, nnrun_set(-0.284496736f));
    p = nnrun_fma(p, t, nnrun_set(0.254829592f));
    const nnrun_vec tail = nnrun_set(0.5f) * p * t * bell;
    return nnrun_select(x < nnrun_set(0.0f), tail, nnrun_set(1.0f) - tail);
}

/* tanh(sqrt(2 / pi) (x + 0.044715 x^3)) */
NNRUN_INLINE nnrun_vec NNRUN_FN(bent)(nnrun_vec x)
{
    const nnrun_vec cube = nnrun_fma(nnrun_set(0.044715f) * x * x, x, x);

    return nnrun_tanh(nnrun_set(0.797884561f) * cube);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const void *self, nnrun_vec x)
{
    const struct gelu *gelu = self;

    if (gelu->approximate == TANH)
        return nnrun_set(0.5f) * x * (nnrun_set(1.0f) + NNRUN_FN(bent)(x));
    return x * NNRUN_FN(phi)(x, NNRUN_FN(bell)(x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const void *self, nnrun_vec x)
{
    const struct gelu *gelu = self;

    if (gelu->approximate == TANH) {
        const nnrun_vec t = NNRUN_FN(bent)(x), half = nnrun_set(0.5f);
        const nnrun_vec inner = nnrun_fma(nnrun_set(0.107032224f) * x, x, nnrun_set(0.797884561f));
        return nnrun_fma(half * x * inner, nnrun_fma(-t, t, nnrun_set(1.0f)), nnrun_fma(half, t, half));
    }
    const nnrun_vec bell = NNRUN_FN(bell)(x);
    return nnrun_fma(nnrun_set(0.398942280f) * x, bell, NNRUN_FN(phi)(x, bell));
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
