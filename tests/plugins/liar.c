/* liar.c: layers that break one clause of the contract each, else y[i] = w x[i]^2. Compiled with
 * -DLIE_wrong_dx -DTYPE='"wrong_dx"' and so on; without a lie it is honest. */
#include "fixture.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct liar {
    size_t floats;
    size_t calls;
};

#ifdef LIE_mixes
#define OTHER(i) ((i) ^ 1)
#elif defined(LIE_evaluates_mixed)
#define OTHER(i) (((i) | 1) % NNRUN_LANES < s->count ? (i) ^ 1 : (i))
#else
#define OTHER(i) (i)
#endif
#ifdef LIE_hides_y
#define SQUARE(s, i) ((s)->y[i] / (s)->w[0][0])
#else
#define SQUARE(s, i) ((s)->x[0][i] * (s)->x[0][i])
#endif

static int plan(void *self, struct nnrun_plan *plan)
{
    struct nnrun_tensor weight = {
        .name = "weight", .shape = {1, {1}}, .init = NNRUN_CONSTANT, .value = 1, .flags = NNRUN_DECAY};

    ((struct liar *)self)->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    plan->keep_bytes = plan->scratch_bytes = 64;
    return plan->tensor(plan, &weight);
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct liar *liar = self;
    size_t end = liar->floats;

#ifdef LIE_changes_self
    ((struct liar *)(void *)(size_t)self)->calls++;
#endif
#ifdef LIE_writes_x
    ((float *)(size_t)s->x[0])[0] = 1;
#endif
#ifdef LIE_writes_w
    ((float *)(size_t)s->w[0])[0] = 2;
#endif
#ifdef LIE_leaves_out
    end -= NNRUN_LANES;
#endif
#ifdef LIE_place
    memset(s->y, 0, end * sizeof *s->y);
#endif
    for (size_t i = 0; i < end; i++)
        s->y[i] = s->w[0][0] * s->x[0][OTHER(i)] * s->x[0][OTHER(i)];
#ifdef LIE_over_y
    s->y[end] = 0;
#endif
#ifdef LIE_over_keep
    if (s->keep)
        ((char *)s->keep)[64] = 0;
#endif
#ifdef LIE_writes_keep
    if (s->keep)
        memset(s->keep, 1, 64);
#endif
#ifdef LIE_over_scratch
    ((char *)s->scratch)[-1] = 0;
#endif
#ifdef LIE_needs_scratch
    s->y[0] += (float)((const unsigned char *)s->scratch)[0];
#endif
#ifdef LIE_heeds_count
    s->y[0] += s->count < NNRUN_LANES ? 1 : 0;
#endif
#ifdef LIE_evaluates
    s->y[0] += s->training ? 0 : 1;
#endif
#ifdef LIE_writes_dw
    if (s->training)
        s->dw[0][0] = 0;
#endif
#if defined(LIE_rounds) && defined(__x86_64__)
    _mm_setcsr(0x1f80);
#endif
#ifdef LIE_remembers
    static float calls;
    s->y[0] += calls;
    calls += 1;
#endif
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const size_t end = ((const struct liar *)self)->floats;
    float sum = 0;

    for (size_t i = 0; i < end; i++)
        sum += s->dy[i] * SQUARE(s, OTHER(i));
    for (size_t i = 0; s->dx[0] && i < end; i++)
        s->dx[0][i] = 2.0f * s->w[0][0] * s->x[0][i] * s->dy[OTHER(i)];
#ifdef LIE_wrong_dx
    for (size_t i = 0; s->dx[0] && i < end; i++)
        s->dx[0][i] *= 1.03f;
#endif
#ifdef LIE_wrong_dw
    sum *= 1.03f;
#endif
#ifdef LIE_heeds_null
    sum += s->dx[0] ? 0.0f : 1.0f;
#endif
#ifdef LIE_heeds_first
    s->dw[0][0] = s->first ? sum : s->dw[0][0] + sum;
#elif defined(LIE_never_adds)
    s->dw[0][0] = sum;
#else
    s->dw[0][0] += sum;
#endif
#ifdef LIE_over_dx
    if (s->dx[0])
        s->dx[0][end] = 0;
#endif
#ifdef LIE_idle_dx
    for (size_t i = 0; s->dx[0] && i < end; i++)
        s->dx[0][i] += i % NNRUN_LANES < s->count ? 0 : 1;
#endif
#ifdef LIE_writes_keep
    memset(s->keep, 2, 64);
#endif
#ifdef LIE_over_dw
    s->dw[0][1] = 0;
#endif
#ifdef LIE_writes_y
    s->y[0] = 0;
#endif
}

#ifdef LIE_levels
static void forward_avx2(const void *self, const struct nnrun_slice *s)
{
    forward(self, s);
    for (size_t i = 0; i < ((const struct liar *)self)->floats; i++)
        s->y[i] *= 1.001f;
}
#endif

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = TYPE,
    .doc = "y = w x^2",
    .flags = 0
#ifndef LIE_hides_x
             | NNRUN_READS_X
#endif
#ifdef LIE_stores
             | NNRUN_STORES
#endif
#ifdef LIE_place
             | NNRUN_IN_PLACE
#endif
#ifdef LIE_evaluates_mixed
             | NNRUN_MIXES_LANES
#endif
    ,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct liar),
    .plan = plan,
    .code =
        {
            {forward, backward},
#ifdef LIE_levels
            {forward_avx2, backward},
#endif
        },
};
