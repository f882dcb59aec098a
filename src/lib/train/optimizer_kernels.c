/* optimizer_kernels.c: the optimisers' arithmetic, once per code level.
 *
 * What decays to 0, or is near it, becomes 0 at 2^-100: long before a normal float holds it no more, where processors
 * differ. So do gradients before they are scaled, and one below 2^-50 counts as 0 in its square. */
#ifndef NNRUN_LEVEL
#include "train/optimizer.h"

#define NNRUN_LEVEL 0
#include "optimizer_kernels.c"
#define NNRUN_LEVEL 1
#include "optimizer_kernels.c"
#define NNRUN_LEVEL 2
#include "optimizer_kernels.c"

#define CODES(type)                                                                                          \
    {                                                                                                        \
        {sum_portable, type##_portable}, {sum_avx2, type##_avx2},                                            \
        {                                                                                                    \
            sum_avx512, type##_avx512                                                                        \
        }                                                                                                    \
    }

const struct optimizer_code *optimizer_code(unsigned level, int type)
{
    static const struct optimizer_code codes[][NNRUN_LEVELS] = {CODES(sgd), CODES(adam), CODES(adamw)};

    return &codes[type][level];
}

#else
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(flush)(nnrun_vec a)
{
    return nnrun_flush(a, 0x1p-100f);
}

/* The groups' sum at i, pairwise by index. */
NNRUN_INLINE nnrun_vec NNRUN_FN(add_groups)(const struct optimizer_step *s, size_t i)
{
    nnrun_vec t[OPTIMIZER_MOST_GROUPS];

    if (s->groups == 1)
        return nnrun_load(s->gradients[0] + i);
    if (s->groups == 2)
        return nnrun_load(s->gradients[0] + i) + nnrun_load(s->gradients[1] + i);
    if (s->groups == 4)
        return (nnrun_load(s->gradients[0] + i) + nnrun_load(s->gradients[1] + i)) +
               (nnrun_load(s->gradients[2] + i) + nnrun_load(s->gradients[3] + i));
    t[0] = nnrun_load(s->gradients[0] + i);
    for (unsigned g = 1; g < s->groups; g++)
        t[g] = nnrun_load(s->gradients[g] + i);
    for (unsigned stride = 1; stride < s->groups; stride *= 2)
        for (unsigned g = 0; g + stride < s->groups; g += 2 * stride)
            t[g] += t[g + stride];
    return t[0];
}

static double NNRUN_FN(sum)(const struct optimizer_step *s, size_t from, size_t to)
{
    double norm = 0;

    for (size_t i = from; i < to; i += NNRUN_WIDTH)
        nnrun_store(s->gradients[0] + i, NNRUN_FN(add_groups)(s, i));
    for (size_t i = from; i < to; i++)
        norm += (double)s->gradients[0][i] * (double)s->gradients[0][i];
    return norm;
}

/* The gradient of the loss at i. */
NNRUN_INLINE nnrun_vec NNRUN_FN(gradient)(const struct optimizer_step *s, size_t i, nnrun_vec scale)
{
    return NNRUN_FN(flush)(NNRUN_FN(add_groups)(s, i)) * scale;
}

/* [from, to) falls into a part that decays and one that does not. */
NNRUN_INLINE size_t NNRUN_FN(border)(const struct optimizer_step *s, size_t from, size_t to)
{
    return s->decayed < from ? from : s->decayed > to ? to : s->decayed;
}

/* g += decay w; b = momentum b + g; w -= rate (b, or g + momentum b with Nesterov): torch.optim.SGD. */
NNRUN_INLINE void NNRUN_FN(sgd_part)(const struct optimizer_step *s, size_t from, size_t to, float decay)
{
    const nnrun_vec scale = nnrun_set(s->scale), rate = nnrun_set(-s->rate),
                    momentum = nnrun_set(s->momentum);
    float *slot = s->slot[0];

    for (size_t i = from; i < to; i += NNRUN_WIDTH) {
        nnrun_vec w = nnrun_load(s->weights + i), g = NNRUN_FN(gradient)(s, i, scale);
        if (decay != 0.0f)
            g = nnrun_fma(nnrun_set(decay), w, g);
        if (slot) {
            nnrun_vec b = NNRUN_FN(flush)(nnrun_fma(momentum, nnrun_load(slot + i), g));
            nnrun_store(slot + i, b);
            g = s->nesterov != 0.0f ? nnrun_fma(momentum, b, g) : b;
        }
        w = nnrun_fma(rate, g, w);
        nnrun_store(s->weights + i, decay != 0.0f ? NNRUN_FN(flush)(w) : w);
    }
}

static void NNRUN_FN(sgd)(const struct optimizer_step *s, size_t from, size_t to)
{
    const size_t border = NNRUN_FN(border)(s, from, to);

    NNRUN_FN(sgd_part)(s, from, border, s->decay);
    NNRUN_FN(sgd_part)(s, border, to, 0.0f);
}

NNRUN_INLINE nnrun_vec NNRUN_FN(root)(nnrun_vec a)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 0
    return (nnrun_vec)_mm_sqrt_ps((__m128)a);
#elif defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_vec)_mm256_sqrt_ps((__m256)a);
#elif defined(__x86_64__) && !defined(NNRUN_WIDE_ON_AVX2)
    return (nnrun_vec)_mm512_sqrt_ps((__m512)a);
#else
    for (int i = 0; i < NNRUN_WIDTH; i++)
        a[i] = __builtin_sqrtf(a[i]);
    return a;
#endif
}

/* beta old + (1 - beta) now, rest = 1 - beta. The smaller of both weighs the difference, as in torch.lerp:
 * in floats beta and rest do not add up to 1, and a beta of 1 - 1e-8 is 1. */
NNRUN_INLINE nnrun_vec NNRUN_FN(average)(nnrun_vec old, nnrun_vec now, float beta, float rest)
{
    if (rest < 0.5f)
        return nnrun_fma(nnrun_set(rest), now - old, old);
    return nnrun_fma(nnrun_set(-beta), now - old, now);
}

/* m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= step_size m / (sqrt(v) root_scale +
 * epsilon): Kingma and Ba 2015, algorithm 1, in torch.optim's form. Before that `add` w is added to g, and
 * `take` w taken from w. */
NNRUN_INLINE void NNRUN_FN(adam_part)(const struct optimizer_step *s, size_t from, size_t to, float add,
                                      float take)
{
    const nnrun_vec scale = nnrun_set(s->scale);
    const nnrun_vec step = nnrun_set(-s->step_size), root_scale = nnrun_set(s->root_scale);
    const nnrun_vec epsilon = nnrun_set(s->epsilon);
    const float beta1 = s->beta1, beta2 = s->beta2, rest1 = s->rest1, rest2 = s->rest2;

    for (size_t i = from; i < to; i += NNRUN_WIDTH) {
        nnrun_vec w = nnrun_load(s->weights + i), g = NNRUN_FN(gradient)(s, i, scale);
        if (add != 0.0f)
            g = nnrun_fma(nnrun_set(add), w, g);
        const nnrun_vec root = nnrun_flush(g, 0x1p-50f);
        const nnrun_vec m = NNRUN_FN(flush)(NNRUN_FN(average)(nnrun_load(s->slot[0] + i), g, beta1, rest1));
        const nnrun_vec v =
            NNRUN_FN(flush)(NNRUN_FN(average)(nnrun_load(s->slot[1] + i), root * root, beta2, rest2));
        nnrun_store(s->slot[0] + i, m);
        nnrun_store(s->slot[1] + i, v);
        nnrun_vec d = nnrun_fma(NNRUN_FN(root)(v), root_scale, epsilon);
        if (take != 0.0f)
            w += nnrun_fma(step, m / d, nnrun_set(-take) * w);
        else
            w = nnrun_fma(step, m / d, w);
        nnrun_store(s->weights + i, add != 0.0f || take != 0.0f ? NNRUN_FN(flush)(w) : w);
    }
}

/* Decay as a part of the gradient. */
static void NNRUN_FN(adam)(const struct optimizer_step *s, size_t from, size_t to)
{
    const size_t border = NNRUN_FN(border)(s, from, to);

    NNRUN_FN(adam_part)(s, from, border, s->decay, 0.0f);
    NNRUN_FN(adam_part)(s, border, to, 0.0f, 0.0f);
}

/* Decay of the weights themselves: Loshchilov and Hutter 2019. */
static void NNRUN_FN(adamw)(const struct optimizer_step *s, size_t from, size_t to)
{
    const size_t border = NNRUN_FN(border)(s, from, to);

    NNRUN_FN(adam_part)(s, from, border, 0.0f, s->decay);
    NNRUN_FN(adam_part)(s, border, to, 0.0f, 0.0f);
}
#include <nnrun/math_end.h>
#endif
