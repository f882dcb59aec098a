/* tanh.c: y = tanh x, dx = dy (1 - y^2). */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

#define ELEMENTWISE_FROM(s) ((s)->y)
#define NNRUN_LEVEL         0
#include "tanh.c"
#define NNRUN_LEVEL 1
#include "tanh.c"
#define NNRUN_LEVEL 2
#include "tanh.c"

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "tanh",
    .doc = "the hyperbolic tangent",
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
    return nnrun_tanh(x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct elementwise *self, nnrun_vec y)
{
    (void)self;
    return nnrun_fma(-y, y, nnrun_set(1.0f));
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
