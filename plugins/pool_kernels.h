/* pool_kernels.h: what pool.c computes, included once for each code level. */
#ifndef POOL_KERNELS_H
#define POOL_KERNELS_H
#include "channels.h"

enum mode { MODE_MAX = 0, MODE_AVERAGE = 1 };

struct pool {
    int32_t mode;
    struct windows windows;
    ptrdiff_t channels;
    float size; /* cells of a window */
    int halves; /* max over windows of 2 x 2 that tile the input */
};

/* A window without the cells of the padding: its first cell's place in the window and in the channel, and how
 * many cells there are. */
struct window {
    ptrdiff_t place[2], cell[2], count[2];
};

static inline void pool_clip(const struct pool *pool, int axis, ptrdiff_t index, struct window *window)
{
    const ptrdiff_t start = index * pool->windows.stride[axis] - pool->windows.pad[axis],
                    end = start + pool->windows.kernel[axis];

    window->cell[axis] = start < 0 ? 0 : start;
    window->place[axis] = window->cell[axis] - start;
    window->count[axis] = (end > pool->windows.in[axis] ? pool->windows.in[axis] : end) - window->cell[axis];
}
#endif

#include <nnrun/math.h>

/* A window whose first cell is x[0] -> y; kept: the place of the largest, NULL: nobody will ask. */
NNRUN_INLINE void NNRUN_FN(reduce)(int mode, ptrdiff_t height, ptrdiff_t width, const struct window *window,
                                   const struct pool *p, const float *x, float *y, float *kept)
{
    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        int32_t row = (int32_t)(window->place[0] * p->windows.kernel[1] + window->place[1]);
        nnrun_vec best = nnrun_set(mode == MODE_MAX ? -__builtin_inff() : 0.0f);
        nnrun_ivec place = (nnrun_ivec){0} + row;

        for (ptrdiff_t u = 0; u < height; u++, row += (int32_t)p->windows.kernel[1])
            for (ptrdiff_t v = 0; v < width; v++) {
                const nnrun_vec value = nnrun_load(x + (u * p->windows.in[1] + v) * NNRUN_LANES + lane);
                if (mode == MODE_MAX) {
                    const nnrun_ivec larger = (value > best) | (value != value);
                    const nnrun_ivec here = (nnrun_ivec){0} + (row + (int32_t)v);
                    best = nnrun_select(larger, value, best);
                    place = (nnrun_ivec)nnrun_select(larger, (nnrun_vec)here, (nnrun_vec)place);
                } else {
                    best += value;
                }
            }
        nnrun_store(y + lane, mode == MODE_MAX ? best : best / nnrun_set(p->size));
        if (mode == MODE_MAX && kept)
            nnrun_store(kept + lane, (nnrun_vec)place);
    }
}

/* Hands a window's gradient to its cells, dx[0] the first: stored if they have no other, else added. */
NNRUN_INLINE void NNRUN_FN(spread)(int mode, int stores, ptrdiff_t height, ptrdiff_t width,
                                   const struct window *window, const struct pool *p, const float *dy,
                                   const float *kept, float *dx)
{
    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        int32_t row = (int32_t)(window->place[0] * p->windows.kernel[1] + window->place[1]);
        const nnrun_vec dy_lanes = nnrun_load(dy + lane);
        const nnrun_vec gradient = mode == MODE_MAX ? dy_lanes : dy_lanes / nnrun_set(p->size);
        const nnrun_ivec place = mode == MODE_MAX ? (nnrun_ivec)nnrun_load(kept + lane) : (nnrun_ivec){0};

        for (ptrdiff_t u = 0; u < height; u++, row += (int32_t)p->windows.kernel[1])
            for (ptrdiff_t v = 0; v < width; v++) {
                float *cell = dx + (u * p->windows.in[1] + v) * NNRUN_LANES + lane;
                const nnrun_ivec here = place == (nnrun_ivec){0} + (row + (int32_t)v);
                const nnrun_vec part =
                    mode == MODE_MAX ? nnrun_select(here, gradient, nnrun_set(0.0f)) : gradient;
                nnrun_store(cell, stores ? part : nnrun_load(cell) + part);
            }
    }
}

/* All windows of a slice. `halves` is p->halves, told to the compiler. */
NNRUN_INLINE void NNRUN_FN(windows)(int backward, int mode, int halves, const struct pool *p,
                                    const struct nnrun_slice *s)
{
    const ptrdiff_t channel = p->windows.in[0] * p->windows.in[1] * NNRUN_LANES;
    struct window window;
    size_t y = 0;

    for (ptrdiff_t c = 0; c < p->channels; c++)
        for (ptrdiff_t i = 0; i < p->windows.out[0]; i++) {
            pool_clip(p, 0, i, &window);
            for (ptrdiff_t j = 0; j < p->windows.out[1]; j++, y += NNRUN_LANES) {
                pool_clip(p, 1, j, &window);
                const ptrdiff_t first =
                    c * channel + (window.cell[0] * p->windows.in[1] + window.cell[1]) * NNRUN_LANES;
                const ptrdiff_t height = halves ? 2 : window.count[0], width = halves ? 2 : window.count[1];
                float *kept = s->keep ? (float *)s->keep + y : NULL;
                const float *from = backward ? s->dy + y : s->x[0] + first;
                float *to = backward ? s->dx[0] + first : s->y + y;
                if (backward)
                    NNRUN_FN(spread)(mode, halves, height, width, &window, p, from, kept, to);
                else
                    NNRUN_FN(reduce)(mode, height, width, &window, p, from, to, kept);
            }
        }
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(0, MODE_AVERAGE, 0, p, s);
    else if (p->halves)
        NNRUN_FN(windows)(0, MODE_MAX, 1, p, s);
    else
        NNRUN_FN(windows)(0, MODE_MAX, 0, p, s);
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (!s->dx[0])
        return;
    if (!p->halves)
        memset(s->dx[0], 0,
               (size_t)(p->channels * p->windows.in[0] * p->windows.in[1]) * NNRUN_LANES * sizeof(float));
    if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(1, MODE_AVERAGE, 0, p, s);
    else if (p->halves)
        NNRUN_FN(windows)(1, MODE_MAX, 1, p, s);
    else
        NNRUN_FN(windows)(1, MODE_MAX, 0, p, s);
}

#include <nnrun/math_end.h>
