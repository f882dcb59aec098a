/* elu.c: y = x where x > 0, else alpha (e^x - 1) (PyTorch's ELU); dx = dy there, else dy (y + alpha). */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

struct elu {
    struct elementwise elementwise;
    double alpha;
};

#define ELEMENTWISE_FROM(s) ((s)->y)
#define NNRUN_LEVEL         0
#include "elu.c"
#define NNRUN_LEVEL 1
#include "elu.c"
#define NNRUN_LEVEL 2
#include "elu.c"

static const struct nnrun_setting settings[] = {
    {.name = "alpha",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct elu, alpha),
     .low = 0,
     .high = 1000,
     .fallback = 1,
     .doc = "minus what it tends to for small x"},
};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "elu",
    .doc = "exponential linear unit: y = x where x > 0, else alpha (e^x - 1)",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const struct elu *self, nnrun_vec x)
{
    return nnrun_select(x > nnrun_set(0.0f), x, nnrun_set((float)self->alpha) * nnrun_expm1(x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct elu *self, nnrun_vec y)
{
    return nnrun_select(y > nnrun_set(0.0f), nnrun_set(1.0f), y + nnrun_set((float)self->alpha));
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
