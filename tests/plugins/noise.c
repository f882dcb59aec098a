/* noise.c: a fixture that reads random words, an odd number of them: y = x + amount * u with u drawn from
 * [-1/2, 1/2) in training, y = x else. */
#include "fixture.h"

struct noise {
    double amount;
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct noise *noise = self;

    noise->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    plan->random_words = (uint32_t)(noise->floats / NNRUN_LANES) | 1;
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct noise *noise = self;
    const float step = (float)noise->amount / 65536.0f;

    for (size_t i = 0; i < noise->floats; i++)
        s->y[i] = s->training ? s->x[0][i] + step * (float)((int32_t)s->random[i] - 32768) : s->x[0][i];
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < ((const struct noise *)self)->floats; i++)
        s->dx[0][i] = s->dy[i];
}

static const struct nnrun_setting settings[] = {
    {.name = "amount",
     .kind = NNRUN_REAL,
     .offset = offsetof(struct noise, amount),
     .high = 100,
     .fallback = 1,
     .doc = "width of the noise"},
};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "noise",
    .doc = "y = x + noise while training",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct noise),
    .setting_count = 1,
    .settings = settings,
    .plan = plan,
    .code = {{forward, backward}},
};
