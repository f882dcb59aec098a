/* packed.c: a fixture for ABI 1.1: y[m] = sum over k of v[m][k] x[k], v = w + w^2 / 4, which the core makes of the
 * weights in two other forms: with rows and columns exchanged, and for evaluation alone with 16 outputs side by side.
 *
 * -DPLAIN: forward and backward compute v themselves, with the same bits. -DFORWARD_ONLY: without backward. -DMORE: a
 * further capability. -DLIE_...: breaks a promise of the contract. It is C++17 as well. */
#ifndef NNRUN_LEVEL
#define NNRUN_NEEDS 1
#include <nnrun/layer.h>

#include <math.h>
#include <string.h>

enum { ROWS = 8, SIDE = 16 }; /* of a part; outputs side by side */

struct packed {
    int32_t units;
    int32_t training;
    size_t in, out, padded; /* padded: out, to whole cache lines */
    size_t trained_parts, parts, trained_floats, floats;
};

static inline size_t packed_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

#define NNRUN_LEVEL 0
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 1
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 2
#include NNRUN_THIS_FILE

__extension__ static const struct nnrun_setting settings[] = {
    {.name = "units",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct packed, units),
     .max_count = 0,
     .low = 1,
     .high = 64,
     .default_value = 0,
     .text = NULL,
     .choices = NULL,
     .doc = "values of the output"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct packed *packed = (struct packed *)self;
    const size_t in = nnrun_values(&plan->input[0]), out = (size_t)packed->units;
    struct nnrun_tensor weight;

    memset(&weight, 0, sizeof weight);
    if (out == 13)
        return plan->refuse(plan, "units", "13 is 100% unlucky");
    packed->in = in;
    packed->out = out;
    packed->padded = (out + SIDE - 1) / SIDE * SIDE;
    packed->training = (int32_t)plan->training;
    packed->trained_parts = plan->training ? (in + ROWS - 1) / ROWS : 0;
    packed->parts = packed->trained_parts + packed->padded / SIDE;
    packed->trained_floats = plan->training ? in * packed->padded : 0;
    packed->floats = packed->trained_floats + in * packed->padded;
    plan->output.rank = 1;
    plan->output.dim[0] = packed->units;
    plan->backward_scratch_bytes = in * sizeof(float);
#ifdef LIE_plans_tensors
    weight.name = plan->training ? "weight" : "other";
#else
    weight.name = "weight";
#endif
    weight.shape.rank = 2;
    weight.shape.dim[0] = packed->units;
    weight.shape.dim[1] = (int32_t)in;
    weight.init = NNRUN_FAN_IN;
    weight.flags = NNRUN_DECAY;
    weight.fan_in = (int32_t)in;
#ifdef LIE_plans_shape
    if (!plan->training)
        weight.shape.rank = 1;
#endif
#ifdef LIE_plans_output
    if (!plan->training)
        plan->output.dim[0]++;
#endif
#ifdef LIE_plans_more
    if (plan->training && plan->tensor(plan, &weight) != 0)
        return -1;
    weight.name = "more";
#endif
    return plan->tensor(plan, &weight);
}

static void need(const void *self, struct nnrun_derived_need *need)
{
    const struct packed *packed = (const struct packed *)self;

    need->bytes = packed->floats * sizeof(float);
    need->parts = (uint32_t)packed->parts;
    need->evaluation_parts = (uint32_t)(packed->parts - packed->trained_parts);
#ifdef LIE_no_parts
    need->parts = 0;
#endif
#ifdef HUGE
    need->bytes = (size_t)1 << 50;
#endif
#ifdef LIE_too_large
    need->bytes = SIZE_MAX - 8;
#endif
}

__extension__ static const struct nnrun_derived derived = {.need = need, .make = NNRUN_EACH_LEVEL(make)};

__extension__ static const struct nnrun_capability capabilities[] = {
#ifndef PLAIN
    {.id = NNRUN_DERIVED_1, .flags = NNRUN_NEEDED, .table = &derived},
#endif
#ifdef MORE
    {.id = "fusion/1", .flags = MORE, .table = NULL},
#endif
    {.id = NULL, .flags = 0, .table = NULL},
};

__extension__ const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "packed",
    .doc = "fully connected, of weights that are prepared",
    .flags = NNRUN_READS_X,
    .target = NNRUN_NO_TARGET,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct packed),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
#ifdef FORWARD_ONLY
    .code = {{forward_portable, NULL}, {forward_avx2, NULL}, {forward_avx512, NULL}},
#else
    .code = NNRUN_CODE(forward, backward),
#endif
    .capabilities = capabilities,
};

#else
#include <nnrun/math.h>

static inline float NNRUN_FN(prepared)(float w)
{
    float v[NNRUN_WIDTH];

#ifdef LIE_hidden_nan
    w = w > -1e30f ? w : 0;
#endif
    nnrun_storeu(v, nnrun_fma(nnrun_set(w * 0.25f), nnrun_set(w), nnrun_set(w)));
    return v[0];
}

/* Rows k of v turned, or 16 outputs side by side: to[k][m], the places past the outputs zero. */
static inline void NNRUN_FN(turn)(const struct packed *packed, const float *w, size_t from_k, size_t to_k,
                                  size_t from_m, size_t width, float *to)
{
    for (size_t k = from_k; k < to_k; k++)
        for (size_t i = 0; i < width; i++, to++) {
            const size_t m = from_m + i;
            *to = m < packed->out ? NNRUN_FN(prepared)(w[m * packed->in + k]) : 0.0f;
        }
}

static inline void NNRUN_FN(make)(const void *self, const float *const *w, void *room, uint32_t part)
{
    const struct packed *packed = (const struct packed *)self;
    const size_t in = packed->in, padded = packed->padded, block = part - packed->trained_parts;
    float *to = (float *)room;

#ifdef LIE_gap
    const float before = to[packed->floats - 1];
#endif
    if (part < packed->trained_parts)
        NNRUN_FN(turn)
    (packed, w[0], part * ROWS, packed_least(in, part * ROWS + ROWS), 0, padded, to + part * ROWS * padded);
    else NNRUN_FN(turn)(packed, w[0], 0, in, block * SIDE, SIDE,
                        to + packed->trained_floats + block * SIDE * in);
#ifdef LIE_overlap
    to[0] = NNRUN_FN(prepared)(w[0][0]);
#endif
#if defined LIE_levels && NNRUN_LEVEL == 2
    if (part + 1 == packed->parts)
        to[packed->floats - 1] = 1;
#endif
#ifdef LIE_gap
    to[packed->floats - 1] = before;
#endif
#ifdef LIE_memory
    if (part == 0)
        to[0] += ((const unsigned char *)to)[packed->floats * sizeof *to - 1] == 0xff ? 0.0f : 1.0f;
#endif
#ifdef LIE_remembers
    static int calls;
    to[part < packed->trained_parts ? part * ROWS * padded : packed->trained_floats + block * SIDE * in] +=
        (float)calls++;
#endif
#ifdef LIE_behind
    to[packed->floats] = 0;
#endif
#ifdef LIE_in_front
    to[-1] = 0;
#endif
#ifdef LIE_changes_w
    ((float *)(size_t)w[0])[0] = 0.5f;
#endif
#ifdef LIE_changes_self
    ((struct packed *)(size_t)self)->training = 7;
#endif
}

/* v[m][k], as the pass reads it. */
static inline float NNRUN_FN(at)(const struct packed *packed, const struct nnrun_slice *s, size_t m, size_t k)
{
#ifdef PLAIN
    return NNRUN_FN(prepared)(s->w[0][m * packed->in + k]);
#else
    const float *v = (const float *)s->derived;
    const float side = v[packed->trained_floats + (m / SIDE * packed->in + k) * SIDE + m % SIDE];

#ifdef LIE_untrained
    return side;
#endif
#ifdef LIE_plans
    if (!packed->training)
        return 2 * side;
#endif
    return s->training ? v[k * packed->padded + m] : side;
#endif
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct packed *packed = (const struct packed *)self;

    for (size_t m = 0; m < packed->out; m++)
        for (size_t i = 0; i < NNRUN_LANES; i += NNRUN_WIDTH) {
            nnrun_vec sum = nnrun_set(0.0f);
            for (size_t k = 0; k < packed->in; k++)
                sum = nnrun_fma(nnrun_set(NNRUN_FN(at)(packed, s, m, k)),
                                nnrun_load(s->x[0] + k * NNRUN_LANES + i), sum);
            nnrun_store(s->y + m * NNRUN_LANES + i, sum);
        }
#ifdef LIE_changes_derived
    ((float *)(size_t)s->derived)[0] = 1;
#endif
}

#ifndef FORWARD_ONLY
static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct packed *packed = (const struct packed *)self;
    const size_t in = packed->in, out = packed->out;
    float *row = (float *)s->scratch;

    for (size_t k = 0; s->dx[0] && k < in; k++)
        for (size_t i = 0; i < NNRUN_LANES; i += NNRUN_WIDTH) {
            nnrun_vec sum = nnrun_set(0.0f);
            for (size_t m = 0; m < out; m++)
                sum = nnrun_fma(nnrun_set(NNRUN_FN(at)(packed, s, m, k)),
                                nnrun_load(s->dy + m * NNRUN_LANES + i), sum);
            nnrun_store(s->dx[0] + k * NNRUN_LANES + i, sum);
        }
    for (size_t m = 0; m < out; m++) {
        for (size_t k = 0; k < in; k++) {
            nnrun_vec product[NNRUN_VECS];
            for (size_t i = 0; i < NNRUN_VECS; i++)
                product[i] = nnrun_load(s->dy + m * NNRUN_LANES + i * NNRUN_WIDTH) *
                             nnrun_load(s->x[0] + k * NNRUN_LANES + i * NNRUN_WIDTH);
            row[k] = nnrun_lane_sum(product);
        }
        for (size_t k = 0; k < in; k++)
            s->dw[0][m * in + k] += row[k] * (1 + s->w[0][m * in + k] * 0.5f);
    }
}
#endif
#include <nnrun/math_end.h>
#endif
