/* add.c: y = x[0] + x[1] + ..., summed in the order of the inputs; each dx is dy. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

#include <string.h>

struct add {
    size_t floats; /* of a slice */
};

#define NNRUN_LEVEL 0
#include "add.c"
#define NNRUN_LEVEL 1
#include "add.c"
#define NNRUN_LEVEL 2
#include "add.c"

static int plan(void *self, struct nnrun_plan *plan)
{
    const struct nnrun_shape *first = &plan->input[0];

    for (int32_t k = 1; k < plan->inputs; k++) {
        if (plan->input[k].rank != first->rank)
            return plan->fail(plan, "inputs", "input %d has %d dimensions, the first has %d", k + 1,
                              plan->input[k].rank, first->rank);
        for (int32_t i = 0; i < first->rank; i++)
            if (plan->input[k].dim[i] != first->dim[i])
                return plan->fail(plan, "inputs", "dimension %d of input %d is %d, of the first %d", i, k + 1,
                                  plan->input[k].dim[i], first->dim[i]);
    }
    plan->output = *first;
    ((struct add *)self)->floats = nnrun_values(first) * NNRUN_LANES;
    plan->forward_flops = (double)nnrun_values(first) * (plan->inputs - 1);
    return 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "add",
    .doc = "the sum of its inputs",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 2,
    .max_inputs = 64,
    .instance_size = sizeof(struct add),
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct add *)self)->floats; i += NNRUN_WIDTH) {
        nnrun_vec sum = nnrun_load(s->x[0] + i);

        for (uint32_t k = 1; k < s->inputs; k++)
            sum += nnrun_load(s->x[k] + i);
        nnrun_store(s->y + i, sum);
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    for (uint32_t k = 0; k < s->inputs; k++)
        if (s->dx[k] && s->dx[k] != s->dy)
            memcpy(s->dx[k], s->dy, ((const struct add *)self)->floats * sizeof(float));
}
#include <nnrun/math_end.h>
#endif
