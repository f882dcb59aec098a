/* gelu.c: y = x Phi(x), Phi the distribution function of the normal distribution (PyTorch's GELU): by the
 * error function, within 2e-7 (Abramowitz and Stegun 7.1.26), or approximate = "tanh" (Hendrycks and Gimpel
 * 2016). */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

enum { NORMAL = 0, TANH = 1 };

struct gelu {
    struct elementwise elementwise;
    int32_t approximate;
};

#define ELEMENTWISE_FROM(s) ((s)->x[0])
#define NNRUN_LEVEL         0
#include "gelu.c"
#define NNRUN_LEVEL 1
#include "gelu.c"
#define NNRUN_LEVEL 2
#include "gelu.c"

static const struct nnrun_setting settings[] = {
    {.name = "approximate",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct gelu, approximate),
     .high = 1,
     .choices = "none|tanh",
     .doc = "how the normal distribution is computed"},
};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "gelu",
    .doc = "Gaussian error linear unit: y = x Phi(x)",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct gelu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

/* e^(-x^2 / 2) */
NNRUN_INLINE nnrun_vec NNRUN_FN(bell)(nnrun_vec x)
{
    return nnrun_exp(nnrun_set(-0.5f) * x * x);
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

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const struct gelu *self, nnrun_vec x)
{
    if (self->approximate == TANH)
        return nnrun_set(0.5f) * x * (nnrun_set(1.0f) + NNRUN_FN(bent)(x));
    return x * NNRUN_FN(phi)(x, NNRUN_FN(bell)(x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct gelu *self, nnrun_vec x)
{
    if (self->approximate == TANH) {
        const nnrun_vec t = NNRUN_FN(bent)(x), half = nnrun_set(0.5f);
        const nnrun_vec inner = nnrun_fma(nnrun_set(0.107032224f) * x, x, nnrun_set(0.797884561f));
        return nnrun_fma(half * x * inner, nnrun_fma(-t, t, nnrun_set(1.0f)), nnrun_fma(half, t, half));
    }
    const nnrun_vec bell = NNRUN_FN(bell)(x);
    return nnrun_fma(nnrun_set(0.398942280f) * x, bell, NNRUN_FN(phi)(x, bell));
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
