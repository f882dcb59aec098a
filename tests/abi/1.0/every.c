/* every.c: a layer for ABI 1.0 that has a setting of each kind, a weight, a state, random words, keep and scratch:
 *
 *     y[i] = w[i] * c[i] * t[i]         t[i] = x[i] + shift[i] + noise * u - (mode = "centred": mean[i])
 *                                       c[i] = factor[i] * sign[i] * (twice: 2)
 *
 * with lists and the string `signs` repeated, u in [-1/2, 1/2) in training, 0 else. It also holds the core to its
 * side of the contract: where that does not keep it, a result is NaN. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

#include <math.h>
#include <string.h>

enum { PLAIN = 0, CENTRED = 1 };
enum { WEIGHT = 0, MEAN = 1 };

struct every {
    int32_t shift, twice, mode;
    double noise;
    const char *signs;
    struct nnrun_ints shifts;
    struct nnrun_reals factors;
    size_t values;
};

static inline float every_shift(const struct every *self, size_t i)
{
    return (float)(self->shift + self->shifts.value[i % (size_t)self->shifts.count]);
}

static inline float every_factor(const struct every *self, size_t i)
{
    const float factor = (float)self->factors.value[i % (size_t)self->factors.count];

    return (self->signs[i % strlen(self->signs)] == '-' ? -factor : factor) * (self->twice ? 2.0f : 1.0f);
}

static inline int every_off(const void *pointer)
{
    return (uintptr_t)pointer % 64 != 0;
}

/* 0, or NaN if the core broke a promise. */
static inline float every_promises(const void *self, const struct nnrun_slice *s, int backward)
{
    int broken = every_off(self) || every_off(s->x[0]) || every_off(s->y) || every_off(s->w[WEIGHT]) ||
                 every_off(s->w[MEAN]) || every_off(s->keep) || every_off(s->scratch) || every_off(s->random) ||
                 every_off(s->dy);

    broken |= s->count < 1 || s->count > NNRUN_LANES || s->inputs != 1 || !s->scratch || !s->x[0] || !s->y;
    broken |= s->target || s->loss;
    broken |= s->training ? !s->keep || !s->dw || !s->dw[WEIGHT] || !s->dw[MEAN] || every_off(s->dw[WEIGHT]) ||
                                every_off(s->dw[MEAN])
                          : s->keep || s->dw;
    broken |= (s->training && !backward) != (s->random != NULL);
    broken |= backward ? !s->training || !s->dy || !s->dx || every_off(s->dx[0]) : s->dy || s->dx;
    for (size_t i = 0; backward && i < ((const struct every *)self)->values; i++)
        for (uint32_t lane = s->count; lane < NNRUN_LANES; lane++)
            broken |= s->dy[i * NNRUN_LANES + lane] != 0;
    return broken ? NAN : 0.0f;
}

#define NNRUN_LEVEL 0
#include "every.c"
#define NNRUN_LEVEL 1
#include "every.c"
#define NNRUN_LEVEL 2
#include "every.c"

static const struct nnrun_setting settings[] = {
    {.name = "shift",
     .kind = NNRUN_INT,
     .offset = offsetof(struct every, shift),
     .low = -3,
     .high = 3,
     .fallback = 1,
     .doc = "added to all values"},
    {.name = "twice",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct every, twice),
     .fallback = 0,
     .doc = "doubles the factors"},
    {.name = "mode",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct every, mode),
     .choices = "plain|centred",
     .fallback = CENTRED,
     .doc = "whether the running mean is taken off"},
    {.name = "noise",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_HIGH,
     .offset = offsetof(struct every, noise),
     .low = 0,
     .high = 2,
     .fallback = 0.25,
     .doc = "width of the noise"},
    {.name = "signs",
     .kind = NNRUN_STRING,
     .offset = offsetof(struct every, signs),
     .text = "+-",
     .doc = "the signs of the factors"},
    {.name = "shifts",
     .kind = NNRUN_INTS,
     .offset = offsetof(struct every, shifts),
     .most = NNRUN_MAX_LIST,
     .low = -3,
     .high = 3,
     .fallback = 0,
     .doc = "added to the values in turn"},
    {.name = "factors",
     .kind = NNRUN_REALS,
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct every, factors),
     .most = NNRUN_MAX_LIST,
     .low = 0,
     .high = 4,
     .fallback = 1,
     .doc = "what the values are multiplied by in turn"},
};

static int plan(void *instance, struct nnrun_plan *plan)
{
    struct every *self = instance;
    struct nnrun_tensor weight = {.name = "weight", .init = NNRUN_CONSTANT, .value = 1, .flags = NNRUN_DECAY};
    struct nnrun_tensor mean = {.name = "mean", .role = NNRUN_STATE, .momentum = 0.5};

    if (plan->minor > UINT16_MAX || plan->inputs != 1 || plan->output.rank || plan->keep_bytes ||
        plan->scratch_bytes || plan->random_words || plan->flags || plan->forward_flops != 0)
        return plan->fail(plan, NULL, "the plan is not empty");
    if (self->signs[0] == '\0' || self->signs[strspn(self->signs, "+-")] != '\0')
        return plan->fail(plan, "signs", "\"%s\" is not made of + and -", self->signs);
    self->values = nnrun_values(&plan->input[0]);
    plan->output = plan->input[0];
    plan->keep_bytes = plan->scratch_bytes = self->values * NNRUN_LANES * sizeof(float);
    plan->random_words = (uint32_t)self->values;
    plan->forward_flops = 4.0 * (double)self->values;
    plan->dx_flops = (double)self->values;
    plan->dw_flops = 2.0 * (double)self->values;
    weight.shape = (struct nnrun_shape){.rank = 5, .dim = {1, 1, 1, 1, 1}};
    for (int32_t i = 0; i < plan->output.rank; i++)
        weight.shape.dim[i + 2] = plan->output.dim[i];
    mean.shape = plan->output;
    return plan->tensor(plan, &weight) || plan->tensor(plan, &mean) ? -1 : 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "every",
    .doc = "weighs and shifts each value",
    .flags = NNRUN_STORES,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct every),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *instance, const struct nnrun_slice *s)
{
    const struct every *self = instance;
    float *t = s->scratch, *keep = s->keep;

    for (size_t i = 0; i < self->values; i++) {
        const float *x = s->x[0] + i * NNRUN_LANES;
        const nnrun_vec factor = nnrun_set(s->w[WEIGHT][i] * every_factor(self, i));
        const float mean = self->mode == CENTRED ? s->w[MEAN][i] : 0.0f;
        float sum = 0;

        for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
            const float u = s->training ? (float)((int32_t)s->random[i * NNRUN_LANES + lane] - 32768) / 65536.0f : 0;
            const float moved = x[lane] + every_shift(self, i);
            const float noise = (float)self->noise * u;
            t[i * NNRUN_LANES + lane] = (moved + noise) - mean;
            sum += lane < s->count ? x[lane] : 0;
        }
        for (size_t at = i * NNRUN_LANES; at < (i + 1) * NNRUN_LANES; at += NNRUN_WIDTH)
            nnrun_store(s->y + at, nnrun_load(t + at) * factor);
        if (s->training)
            s->dw[MEAN][i] = sum / (float)s->count;
    }
    if (keep)
        memcpy(keep, t, self->values * NNRUN_LANES * sizeof *keep);
    s->y[0] += every_promises(self, s, 0);
}

static void NNRUN_FN(backward)(const void *instance, const struct nnrun_slice *s)
{
    const struct every *self = instance;
    const float *t = s->keep, promises = every_promises(self, s, 1);
    float *product = s->scratch;

    for (size_t i = 0; i < self->values; i++) {
        const nnrun_vec factor = nnrun_set(s->w[WEIGHT][i] * every_factor(self, i));
        nnrun_vec sums[NNRUN_VECS];
        float dw;

        for (size_t v = 0; v < NNRUN_VECS; v++) {
            const size_t at = i * NNRUN_LANES + v * NNRUN_WIDTH;
            const nnrun_vec dy = nnrun_load(s->dy + at);

            nnrun_store(product + at, dy * nnrun_load(t + at));
            sums[v] = nnrun_load(product + at);
            if (s->dx[0])
                nnrun_store(s->dx[0] + at, dy * factor);
        }
        dw = nnrun_lane_sum(sums) * every_factor(self, i) + promises;
        s->dw[WEIGHT][i] = s->first ? dw : s->dw[WEIGHT][i] + dw;
    }
}
#include <nnrun/math_end.h>
#endif
