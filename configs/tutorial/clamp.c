/* clamp.c: y = x between -1 and 1, else the nearer of the two: step 10 of nnrun-tutorial(7). */
#include <nnrun/layer.h>

struct clamp {
    size_t floats; /* of a slice: 16 samples, side by side */
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct clamp *clamp = self;

    plan->output = plan->input[0];
    clamp->floats = nnrun_values(&plan->output) * NNRUN_LANES;
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct clamp *clamp = self;

    for (size_t i = 0; i < clamp->floats; i++) {
        const float x = s->x[0][i];
        s->y[i] = x > 1 ? 1 : x < -1 ? -1 : x;
    }
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const struct clamp *clamp = self;

    if (!s->dx[0]) /* nobody wants it: the first layer of a network */
        return;
    for (size_t i = 0; i < clamp->floats; i++) {
        const float x = s->x[0][i];
        s->dx[0][i] = x > -1 && x < 1 ? s->dy[i] : 0;
    }
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "clamp",
    .doc = "y = max(-1, min(1, x))",
    .flags = NNRUN_READS_X, /* backward needs x again */
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct clamp),
    .plan = plan,
    .code = {{forward, backward}},
};
