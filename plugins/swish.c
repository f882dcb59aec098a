/* swish.c: y = x sigmoid(x) (PyTorch's SiLU), dx = dy (s + x s (1 - s)) with s = sigmoid(x). */
#ifndef NNRUN_LEVEL
#include "elementwise.h"

#define ELEMENTWISE_FROM(s) ((s)->x[0])
#define NNRUN_LEVEL         0
#include "swish.c"
#define NNRUN_LEVEL 1
#include "swish.c"
#define NNRUN_LEVEL 2
#include "swish.c"

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "swish",
    .doc = "y = x sigmoid(x)",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct elementwise),
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(sigmoid)(nnrun_vec x)
{
    return nnrun_set(1.0f) / (nnrun_set(1.0f) + nnrun_exp(-x));
}

NNRUN_INLINE nnrun_vec NNRUN_FN(value)(const struct elementwise *self, nnrun_vec x)
{
    (void)self;
    return x * NNRUN_FN(sigmoid)(x);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(slope)(const struct elementwise *self, nnrun_vec x)
{
    (void)self;
    const nnrun_vec s = NNRUN_FN(sigmoid)(x);

    return nnrun_fma(x * s, nnrun_set(1.0f) - s, s);
}

#include "elementwise.h"
#include <nnrun/math_end.h>
#endif
