/* alone.c: a fixture that evaluates one sample without lanes: y[i] = w[i] x[i] + b, b a state. -DLIE_...: breaks a promise
 * of the contract. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

struct alone {
    size_t values;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct nnrun_tensor weight = {.name = "weight", .init = NNRUN_CONSTANT, .value = 1};
    struct nnrun_tensor state = {
        .name = "state", .shape = {.rank = 1, .dim = {1}}, .role = NNRUN_STATE, .momentum = 0.5};
    size_t *values = &((struct alone *)self)->values;

    *values = nnrun_values(&plan->input[0]);
    plan->output = plan->input[0];
    weight.shape = plan->input[0];
    return plan->tensor(plan, &weight) || plan->tensor(plan, &state) ? -1 : 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct alone *)self)->values * NNRUN_LANES; i++)
        s->y[i] = s->w[0][i / NNRUN_LANES] * s->x[0][i] + s->w[1][0];
    if (s->training)
        s->dw[1][0] = 0.5f;
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct alone *)self)->values * NNRUN_LANES; i++) {
        s->dw[0][i / NNRUN_LANES] += s->dy[i] * s->x[0][i];
        if (s->dx[0])
            s->dx[0][i] = s->w[0][i / NNRUN_LANES] * s->dy[i];
    }
}

/* ---- one sample: its weights are w, then b; scratch takes the products ---------------------------------------- */

static void need(const void *self, struct nnrun_one_need *need)
{
    need->scratch_bytes = ((const struct alone *)self)->values * sizeof(float);
    need->weight_bytes = need->scratch_bytes + sizeof(float);
    need->parts = 2;
}

static void make(const void *self, const float *const *w, void *weights, uint32_t part)
{
    const size_t values = ((const struct alone *)self)->values;
    float *to = weights;

#ifdef LIE_gap
    if (part == 1)
        return;
#endif
    if (part == 0)
        memcpy(to, w[0], values * sizeof *to);
    else
        to[values] = w[1][0];
#ifdef LIE_order
    to[values] += part == 0 ? 1.0f : 0.0f;
#endif
#ifdef LIE_make_behind
    to[values + 1] = 0;
#endif
#ifdef LIE_make_w
    ((float *)(size_t)w[1])[0] = 3;
#endif
}

static void one(const void *self, const struct nnrun_one_sample *s)
{
    const size_t values = ((const struct alone *)self)->values;
    const float *weights = s->weights;
    float *product = s->scratch;

#ifdef LIE_stops
    abort();
#endif
#ifdef LIE_scratch
    const float before = product[0];
#endif
    for (size_t i = 0; i < values; i++)
        product[i] = weights[i] * s->x[0][i];
    for (size_t i = 0; i < values; i++)
        s->y[i] = product[i] + weights[values];
#ifdef LIE_scratch
    s->y[0] += before == before ? 0.5f : 0.0f;
#endif
#ifdef LIE_bits
    s->y[values - 1] += 1e-6f;
#endif
#ifdef LIE_nan
    s->y[0] = s->y[0] == s->y[0] ? s->y[0] : 0;
#endif
#ifdef LIE_end
    s->y[values - 1] += s->x[0][values] == s->x[0][values] ? 1.0f : 0.0f;
#endif
#ifdef LIE_behind
    s->y[values + NNRUN_ONE_SPARE] = 0;
#endif
#ifdef LIE_x
    ((float *)(size_t)s->x[0])[0] = 7;
#endif
#ifdef LIE_weights
    ((float *)(size_t)s->weights)[0] = 7;
#endif
#ifdef LIE_self
    ((struct alone *)(size_t)self)->values = 0;
#endif
}

static const struct nnrun_one alone = {.need = need, .make = {make}, .forward = {one}};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &alone}, {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {.head = NNRUN_HEAD,
                                         .type = "alone",
                                         .doc = "each value times a weight, plus a state",
                                         .flags = NNRUN_READS_X,
                                         .min_inputs = 1,
                                         .max_inputs = 1,
                                         .instance_size = sizeof(struct alone),
                                         .plan = plan,
                                         .code = {{forward, backward}},
                                         .capabilities = capabilities};
