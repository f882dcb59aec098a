/* softsign.c: y = x / (1 + |x|), dx = dy / (1 + |x|)^2. Its instance is the number of floats in a slice. */
#include <math.h>
#include <nnrun/layer.h>

static int plan(void *self, struct nnrun_plan *plan)
{
    plan->output = plan->input[0];
    *(size_t *)self = nnrun_values(&plan->output) * NNRUN_LANES;
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < *(const size_t *)self; i++)
        s->y[i] = s->x[0][i] / (1 + fabsf(s->x[0][i]));
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < *(const size_t *)self; i++)
        s->dx[0][i] = s->dy[i] / ((1 + fabsf(s->x[0][i])) * (1 + fabsf(s->x[0][i])));
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "softsign",
    .doc = "y = x / (1 + |x|)",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(size_t),
    .plan = plan,
    .code = {{forward, backward}},
};
