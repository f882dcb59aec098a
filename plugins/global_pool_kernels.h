/* global_pool_kernels.h: what global_pool.c computes, included once for each code level. */
#ifndef GLOBAL_POOL_KERNELS_H
#define GLOBAL_POOL_KERNELS_H
#include <nnrun/layer.h>

#include <string.h>

enum mode { MODE_AVERAGE = 0, MODE_MAX = 1 };

struct global_pool {
    int32_t mode;
    size_t channels, area;
};
#endif

#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(mean)(const float *x, size_t area)
{
    nnrun_vec sum = nnrun_set(0.0f);

    for (size_t i = 0; i < area; i++)
        sum += nnrun_load(x + i * NNRUN_LANES);
    return sum / nnrun_set((float)area);
}

/* *place: the index of the value. */
NNRUN_INLINE nnrun_vec NNRUN_FN(largest)(const float *x, size_t area, nnrun_ivec *place)
{
    nnrun_vec best = nnrun_load(x);
    nnrun_ivec at = {0}, now = {0};

    for (size_t i = 1; i < area; i++) {
        const nnrun_vec value = nnrun_load(x + i * NNRUN_LANES);
        const nnrun_ivec better = (value > best) | ((value != value) & (best == best));

        now += 1;
        best = nnrun_select(better, value, best);
        at = (better & now) | (~better & at);
    }
    *place = at;
    return best;
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct global_pool *pool = self;

    for (size_t i = 0; i < pool->channels * NNRUN_LANES; i += NNRUN_WIDTH) {
        const float *x = s->x[0] + i / NNRUN_LANES * pool->area * NNRUN_LANES + i % NNRUN_LANES;
        nnrun_ivec place = {0};

        nnrun_store(s->y + i, pool->mode == MODE_AVERAGE ? NNRUN_FN(mean)(x, pool->area)
                                                         : NNRUN_FN(largest)(x, pool->area, &place));
        if (s->keep && pool->mode == MODE_MAX)
            memcpy((int32_t *)s->keep + i, &place, sizeof place);
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct global_pool *pool = self;

    for (size_t i = 0; s->dx[0] && i < pool->channels * NNRUN_LANES; i += NNRUN_WIDTH) {
        float *dx = s->dx[0] + i / NNRUN_LANES * pool->area * NNRUN_LANES + i % NNRUN_LANES;
        const nnrun_vec dy = nnrun_load(s->dy + i), share = dy / nnrun_set((float)pool->area);
        nnrun_ivec place = {0}, now = {0};

        if (pool->mode == MODE_MAX)
            memcpy(&place, (const int32_t *)s->keep + i, sizeof place);
        for (size_t k = 0; k < pool->area; k++, now += 1)
            nnrun_store(dx + k * NNRUN_LANES,
                        pool->mode == MODE_AVERAGE ? share : nnrun_select(now == place, dy, nnrun_set(0.0f)));
    }
}

#include <nnrun/math_end.h>
