/* sigmoid.c: y = 1 / (1 + e^-x), dx = dy y (1 - y). */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

#define ELEMENTWISE_FROM(s) ((s)->y)
#define NNRUN_LEVEL         0
#include "sigmoid.c"
#define NNRUN_LEVEL 1
#include "sigmoid.c"
#define NNRUN_LEVEL 2
#include "sigmoid.c"

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "sigmoid",
    .doc = "the logistic function: y = 1 / (1 + e^-x)",
    .flags = NNRUN_READS_Y | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elementwise),
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const struct elementwise *self, nnrun_vec x)
{
    (void)self;
    return nnrun_set(1.0f) / (nnrun_set(1.0f) + nnrun_exp(-x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct elementwise *self, nnrun_vec y)
{
    (void)self;
    return y * (nnrun_set(1.0f) - y);
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
