/* scale_kernels.h: what scale.c computes, included once for each code level. */
#ifndef SCALE_KERNELS_H
#define SCALE_KERNELS_H
#include <nnrun/layer.h>

struct scale {
    int32_t bias;
    size_t channels, area;
};
#endif

#include <nnrun/math.h>

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct scale *scale = self;
    const size_t run = scale->area * NNRUN_LANES;

    for (size_t c = 0; c < scale->channels; c++) {
        const nnrun_vec weight = nnrun_set(s->w[0][c]), bias = nnrun_set(scale->bias ? s->w[1][c] : 0.0f);

        for (size_t i = c * run; i < (c + 1) * run; i += NNRUN_WIDTH)
            nnrun_store(s->y + i, nnrun_fma(weight, nnrun_load(s->x[0] + i), bias));
    }
}

/* The next channel overwrites what is too much of a vector. */
static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const struct scale *scale = self;
    const size_t area = scale->area;

    for (size_t c = 0; c < scale->channels; c++) {
        const nnrun_vec weight = nnrun_set(s->w[0][c]), bias = nnrun_set(scale->bias ? s->w[1][c] : 0.0f);

        for (size_t i = c * area; i < (c + 1) * area; i += NNRUN_WIDTH)
            nnrun_storeu(s->y + i, nnrun_fma(weight, nnrun_loadu(s->x[0] + i), bias));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct scale *scale = self;
    const size_t run = scale->area * NNRUN_LANES;

    for (size_t c = 0; c < scale->channels; c++) {
        const nnrun_vec weight = nnrun_set(s->w[0][c]);
        nnrun_vec by_weight[NNRUN_VECS] = {{0}}, by_bias[NNRUN_VECS] = {{0}};

        for (size_t i = c * run; i < (c + 1) * run; i += NNRUN_LANES) {
            NNRUN_UNROLL
            for (size_t v = 0; v < NNRUN_VECS; v++) {
                const size_t at = i + v * NNRUN_WIDTH;
                const nnrun_vec dy = nnrun_load(s->dy + at);

                by_weight[v] = nnrun_fma(dy, nnrun_load(s->x[0] + at), by_weight[v]);
                by_bias[v] += dy;
                if (s->dx[0])
                    nnrun_store(s->dx[0] + at, weight * dy);
            }
        }
        s->dw[0][c] += nnrun_lane_sum(by_weight);
        if (scale->bias)
            s->dw[1][c] += nnrun_lane_sum(by_bias);
    }
}

#include <nnrun/math_end.h>
