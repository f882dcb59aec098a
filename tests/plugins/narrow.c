/* narrow.c: a fixture that is a loss with an output of another size than its input: y = x[0] and `values` - 1 zeroes,
 * loss = sum over i of (x[i] - t[i])^2. */
#include "fixture.h"

#include <stddef.h>
#include <string.h>

struct narrow {
    int32_t values;
    size_t floats;
};

static const struct nnrun_setting settings[] = {{.name = "values",
                                                 .kind = NNRUN_INT,
                                                 .offset = offsetof(struct narrow, values),
                                                 .low = 1,
                                                 .high = 1000,
                                                 .fallback = 2,
                                                 .doc = "values of its output"}};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct narrow *narrow = self;

    narrow->floats = floats_of(&plan->input[0]);
    plan->output = (struct nnrun_shape){1, {narrow->values}};
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct narrow *narrow = self;
    const float *target = s->target;

    memset(s->y, 0, (size_t)narrow->values * NNRUN_LANES * sizeof *s->y);
    memcpy(s->y, s->x[0], NNRUN_LANES * sizeof *s->y);
    if (!s->loss)
        return;
    memset(s->loss, 0, NNRUN_LANES * sizeof *s->loss);
    for (size_t i = 0; i < narrow->floats; i++)
        s->loss[i % NNRUN_LANES] += (s->x[0][i] - target[i]) * (s->x[0][i] - target[i]);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const float *target = s->target;

    for (size_t i = 0; s->dx[0] && i < ((const struct narrow *)self)->floats; i++)
        if (s->dy)
            s->dx[0][i] = i < NNRUN_LANES ? s->dy[i] : 0.0f;
        else
            s->dx[0][i] = i % NNRUN_LANES < s->count ? 2.0f * (s->x[0][i] - target[i]) : 0.0f;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "narrow",
    .doc = "sum of squared differences, of which little is told",
    .settings = settings,
    .setting_count = sizeof settings / sizeof settings[0],
    .flags = NNRUN_READS_X,
    .target = NNRUN_DENSE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct narrow),
    .plan = plan,
    .code = {{forward, backward}},
};
