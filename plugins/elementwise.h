/* elementwise.h: what layers share that compute each value from one value: y = f(x), dx = dy f'. Such a
 * plugin defines its struct with `struct elementwise` as the first member, and for each code level
 *
 *     static nnrun_vec NNRUN_FN(value)(const struct TYPE *self, nnrun_vec x);
 *     static nnrun_vec NNRUN_FN(slope)(const struct TYPE *self, nnrun_vec v);    f', of what ELEMENTWISE_FROM
 * names
 *
 * then includes this file, which is read once for its types and once per level. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

struct elementwise {
    size_t floats; /* of a slice */
};

static int elementwise_plan(void *self, struct nnrun_plan *plan)
{
    struct elementwise *elementwise = self;

    plan->output = plan->input[0];
    elementwise->floats = nnrun_values(&plan->output) * NNRUN_LANES;
    plan->forward_flops = plan->dx_flops = (double)elementwise->floats / NNRUN_LANES;
    return 0;
}

#else

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct elementwise *)self)->floats; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, NNRUN_FN(value)(self, nnrun_load(s->x[0] + i)));
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const float *from = ELEMENTWISE_FROM(s);

    for (size_t i = 0; s->dx[0] && i < ((const struct elementwise *)self)->floats; i += NNRUN_WIDTH)
        nnrun_store(s->dx[0] + i, nnrun_load(s->dy + i) * NNRUN_FN(slope)(self, nnrun_load(from + i)));
}
#endif
