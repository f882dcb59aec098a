/* limit.c: clamp.c with a setting, the second exercise of step 10 of nnrun-tutorial(7). */
#include <nnrun/layer.h>

struct limit {
    double limit;
    size_t floats; /* of a slice: 16 samples, side by side */
};

static const struct nnrun_setting settings[] = {
    {.name = "limit",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_LOW, /* 0 itself is out of range */
     .offset = offsetof(struct limit, limit),
     .low = 0,
     .high = 1000,
     .default_value = 1,
     .doc = "the largest value, and minus the smallest"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct limit *limit = self;

    plan->output = plan->input[0];
    limit->floats = nnrun_values(&plan->output) * NNRUN_LANES;
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct limit *limit = self;
    const float most = (float)limit->limit;

    for (size_t i = 0; i < limit->floats; i++) {
        const float x = s->x[0][i];
        s->y[i] = x > most ? most : x < -most ? -most : x;
    }
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const struct limit *limit = self;
    const float most = (float)limit->limit;

    if (!s->dx[0])
        return;
    for (size_t i = 0; i < limit->floats; i++) {
        const float x = s->x[0][i];
        s->dx[0][i] = x > -most && x < most ? s->dy[i] : 0;
    }
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "limit",
    .doc = "y = max(-limit, min(limit, x))",
    .flags = NNRUN_READS_X,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct limit),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = {{forward, backward}},
};
