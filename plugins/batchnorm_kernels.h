/* batchnorm_kernels.h: what batchnorm.c computes, included once for each code level. */
#ifndef BATCHNORM_KERNELS_H
#define BATCHNORM_KERNELS_H
#include <nnrun/layer.h>

#include <math.h>

enum { MEAN = 0, VARIANCE = 1, WEIGHT = 2, BIAS = 3 }; /* the tensors */
enum { CHAINS = 4 };

struct batchnorm {
    double momentum, eps;
    int32_t affine;
    size_t channels, area;
};

/* A channel of a slice: what x becomes is (x - mean) * inverse. */
struct norm {
    float mean, inverse;
};

static inline struct norm batchnorm_norm(const struct batchnorm *self, float mean, float variance)
{
    return (struct norm){.mean = mean, .inverse = 1.0f / sqrtf(variance + (float)self->eps)};
}

/* What a channel's values less their mean are multiplied by, and what is added then. */
static inline float batchnorm_factor(const struct batchnorm *self, const float *const *w, size_t c,
                                     float inverse)
{
    return self->affine ? inverse * w[WEIGHT][c] : inverse;
}

static inline float batchnorm_bias(const struct batchnorm *self, const float *const *w, size_t c)
{
    return self->affine ? w[BIAS][c] : 0.0f;
}

enum { SUM, SUM_OF_SQUARES, SUMS_OF_GRADIENTS };

/* Over a channel: of x; of (x - mean)^2; of dy and of (x - mean) dy. */
struct sums {
    float plain, product;
};

/* A channel in evaluation, made ahead for one sample. */
struct channel {
    float mean, factor, bias;
};
#endif

#include <nnrun/math.h>

/* The sum of four chains over the lanes that count. */
NNRUN_INLINE float NNRUN_FN(total)(nnrun_vec chain[CHAINS][NNRUN_VECS], uint32_t count)
{
    nnrun_ivec number;

    for (int32_t i = 0; i < NNRUN_WIDTH; i++)
        number[i] = i;
    NNRUN_UNROLL
    for (int32_t v = 0; v < NNRUN_VECS; v++) {
        const nnrun_vec sum = (chain[0][v] + chain[1][v]) + (chain[2][v] + chain[3][v]);
        chain[0][v] = nnrun_select(number + v * NNRUN_WIDTH < (int32_t)count, sum, nnrun_set(0.0f));
    }
    return nnrun_lane_sum(chain[0]);
}

NNRUN_INLINE void NNRUN_FN(add)(int what, const float *x, nnrun_vec mean, const float *dy, nnrun_vec *plain,
                                nnrun_vec *product)
{
    if (what == SUM)
        *plain += nnrun_load(x);
    if (what == SUM_OF_SQUARES)
        *product = nnrun_fma(nnrun_load(x) - mean, nnrun_load(x) - mean, *product);
    if (what == SUMS_OF_GRADIENTS) {
        *plain += nnrun_load(dy);
        *product = nnrun_fma(nnrun_load(x) - mean, nnrun_load(dy), *product);
    }
}

/* In one pass over `area` values of a channel. */
NNRUN_INLINE struct sums NNRUN_FN(sums)(int what, const float *x, float mean, const float *dy, size_t area,
                                        uint32_t count)
{
    const nnrun_vec mean_vec = nnrun_set(mean);
    nnrun_vec plain[CHAINS][NNRUN_VECS] = {{{0}}}, product[CHAINS][NNRUN_VECS] = {{{0}}};
    size_t i = 0;

    for (; i + CHAINS <= area; i += CHAINS)
        NNRUN_UNROLL
    for (size_t v = 0; v < CHAINS * NNRUN_VECS; v++) {
        const size_t at = i * NNRUN_LANES + v * NNRUN_WIDTH;
        NNRUN_FN(add)
        (what, x + at, mean_vec, dy + at, &plain[v / NNRUN_VECS][v % NNRUN_VECS],
         &product[v / NNRUN_VECS][v % NNRUN_VECS]);
    }
    for (size_t k = 0; i < area; i++, k++)
        for (size_t v = 0; v < NNRUN_VECS; v++) {
            const size_t at = i * NNRUN_LANES + v * NNRUN_WIDTH;
            NNRUN_FN(add)(what, x + at, mean_vec, dy + at, &plain[k][v], &product[k][v]);
        }
    return (struct sums){what == SUM_OF_SQUARES ? 0.0f : NNRUN_FN(total)(plain, count),
                         what == SUM ? 0.0f : NNRUN_FN(total)(product, count)};
}

/* Mean and variance of channel c to normalise with; in training observes them. */
static struct norm NNRUN_FN(measure)(const struct batchnorm *self, const struct nnrun_slice *s, size_t c)
{
    const float *x = s->x[0] + c * self->area * NNRUN_LANES;
    const float n = (float)self->area * (float)s->count;
    float mean = s->w[MEAN][c], variance = s->w[VARIANCE][c], observed = variance;

    if (s->training && s->count > 1) {
        mean = NNRUN_FN(sums)(SUM, x, 0.0f, x, self->area, s->count).plain / n;
        variance = NNRUN_FN(sums)(SUM_OF_SQUARES, x, mean, x, self->area, s->count).product;
        observed = variance / (n - 1.0f);
        variance /= n;
    }
    if (s->training) {
        s->dw[MEAN][c] = mean;
        s->dw[VARIANCE][c] = observed;
    }
    return batchnorm_norm(self, mean, variance);
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct batchnorm *batchnorm = self;
    const size_t run = batchnorm->area * NNRUN_LANES;

    for (size_t c = 0; c < batchnorm->channels; c++) {
        const struct norm norm = NNRUN_FN(measure)(batchnorm, s, c);
        const nnrun_vec mean = nnrun_set(norm.mean);
        const nnrun_vec factor = nnrun_set(batchnorm_factor(batchnorm, s->w, c, norm.inverse));
        const nnrun_vec bias = nnrun_set(batchnorm_bias(batchnorm, s->w, c));

        for (size_t i = c * run; i < (c + 1) * run; i += NNRUN_WIDTH)
            nnrun_store(s->y + i, nnrun_fma(nnrun_load(s->x[0] + i) - mean, factor, bias));
        if (s->keep)
            ((struct norm *)s->keep)[c] = norm;
    }
}

/* The next channel overwrites what is too much of a vector. */
static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const struct batchnorm *batchnorm = self;
    const struct channel *channel = s->weights;
    const size_t area = batchnorm->area;

    for (size_t c = 0; c < batchnorm->channels; c++, channel++) {
        const nnrun_vec mean = nnrun_set(channel->mean), factor = nnrun_set(channel->factor),
                        bias = nnrun_set(channel->bias);

        for (size_t i = c * area; i < (c + 1) * area; i += NNRUN_WIDTH)
            nnrun_storeu(s->y + i, nnrun_fma(nnrun_loadu(s->x[0] + i) - mean, factor, bias));
    }
}

/* With x' = (x - mean) * inverse: dw = sum of dy x', db = sum of dy, dx = w inverse (dy - db / n - x' dw /
 * n); one sample alone has constants for mean and inverse, and the last two terms are missing. */
static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct batchnorm *batchnorm = self;
    const size_t area = batchnorm->area, run = area * NNRUN_LANES;
    const float n = (float)area * (float)s->count;
    nnrun_ivec number;

    for (int32_t i = 0; i < NNRUN_WIDTH; i++)
        number[i] = i;
    for (size_t c = 0; c < batchnorm->channels; c++) {
        const struct norm norm = ((const struct norm *)s->keep)[c];
        const float *x = s->x[0] + c * run, *dy = s->dy + c * run;
        const struct sums sums = NNRUN_FN(sums)(SUMS_OF_GRADIENTS, x, norm.mean, dy, area, s->count);
        const float by_bias = sums.plain, by_weight = sums.product * norm.inverse;
        const float factor = batchnorm_factor(batchnorm, s->w, c, norm.inverse);
        const float share = s->count > 1 ? factor / n : 0.0f;
        const nnrun_vec mean = nnrun_set(norm.mean), times = nnrun_set(factor);
        const nnrun_vec level = nnrun_set(-share * by_bias),
                        tilt = nnrun_set(-share * by_weight * norm.inverse);

        if (batchnorm->affine) {
            s->dw[WEIGHT][c] += by_weight;
            s->dw[BIAS][c] += by_bias;
        }
        for (size_t i = 0; s->dx[0] && i < run; i += NNRUN_WIDTH) {
            const nnrun_vec rest = nnrun_fma(nnrun_load(x + i) - mean, tilt, level);
            const nnrun_vec dx = nnrun_fma(nnrun_load(dy + i), times, rest);
            const nnrun_ivec counts = number + (int32_t)(i % NNRUN_LANES) < (int32_t)s->count;

            nnrun_store(s->dx[0] + c * run + i, nnrun_select(counts, dx, nnrun_set(0.0f)));
        }
    }
}

#include <nnrun/math_end.h>
