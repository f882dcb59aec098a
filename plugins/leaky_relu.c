/* leaky_relu.c: y = x where x > 0, else slope x (PyTorch's LeakyReLU); y has x's sign. */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

struct leaky_relu {
    struct elementwise elementwise;
    double slope;
};

#define ELEMENTWISE_FROM(s) ((s)->y)
#define NNRUN_LEVEL         0
#include "leaky_relu.c"
#define NNRUN_LEVEL 1
#include "leaky_relu.c"
#define NNRUN_LEVEL 2
#include "leaky_relu.c"

static const struct nnrun_setting settings[] = {
    {.name = "slope",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct leaky_relu, slope),
     .low = 0,
     .high = 1,
     .fallback = 0.01,
     .doc = "what negative values are multiplied by"},
};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "leaky_relu",
    .doc = "leaky rectified linear unit: y = x where x > 0, else slope x",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct leaky_relu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const struct leaky_relu *self, nnrun_vec x)
{
    return nnrun_select(x > nnrun_set(0.0f), x, nnrun_set((float)self->slope) * x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct leaky_relu *self, nnrun_vec y)
{
    return nnrun_select(y > nnrun_set(0.0f), nnrun_set(1.0f), nnrun_set((float)self->slope));
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
