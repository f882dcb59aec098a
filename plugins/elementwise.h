/* elementwise.h: what layers share that compute each value from one value: y = f(x), dx = dy f'. The struct
 * of such a layer begins with `struct elementwise`, or is that; its kernels call elementwise_kernels.h. */
#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H
#include <nnrun/layer.h>

struct elementwise {
    size_t floats; /* of a slice */
};

static inline int elementwise_plan(void *self, struct nnrun_plan *plan)
{
    struct elementwise *elementwise = self;

    plan->output = plan->input[0];
    elementwise->floats = nnrun_values(&plan->output) * NNRUN_LANES;
    plan->forward_flops = plan->dx_flops = (double)elementwise->floats / NNRUN_LANES;
    return 0;
}
#endif
