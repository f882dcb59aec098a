/* swish.c: y = x sigmoid(x), dx = dy (s + x s (1 - s)) with s = sigmoid(x). */
#include <nnrun/layer.h>
#define NNRUN_LEVEL 0
#include <nnrun/math.h>

struct swish {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct swish *swish = self;

    plan->output = plan->input[0];
    swish->floats = NNRUN_LANES;
    for (int32_t i = 0; i < plan->output.rank; i++)
        swish->floats *= (size_t)plan->output.dim[i];
    return 0;
}

static nnrun_vec sigmoid(nnrun_vec x)
{
    return nnrun_set(1.0f) / (nnrun_set(1.0f) + nnrun_exp(-x));
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct swish *)self)->floats; i += NNRUN_WIDTH) {
        nnrun_vec x = nnrun_load(s->x[0] + i);
        nnrun_store(s->y + i, x * sigmoid(x));
    }
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < ((const struct swish *)self)->floats; i += NNRUN_WIDTH) {
        nnrun_vec x = nnrun_load(s->x[0] + i), g = sigmoid(x);
        nnrun_store(s->dx[0] + i, nnrun_load(s->dy + i) * (g + x * g * (nnrun_set(1.0f) - g)));
    }
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "swish",
    .doc = "y = x sigmoid(x)",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct swish),
    .plan = plan,
    .code = {{forward, backward}},
};
