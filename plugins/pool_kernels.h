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

/* Which of the four cells of a window of 2 x 2 was the largest: the number's low and high bit, a lane each. */
struct quarter {
    uint16_t low, high;
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

/* A window of one sample whose first cell is x[0]: as reduce() has it. */
static inline float pool_reduce_one(const struct pool *p, const struct window *window, const float *x)
{
    float best = p->mode == MODE_MAX ? -__builtin_inff() : 0.0f;

    for (ptrdiff_t u = 0; u < window->count[0]; u++, x += p->windows.in[1])
        for (ptrdiff_t v = 0; v < window->count[1]; v++) {
            if (p->mode == MODE_AVERAGE)
                best += x[v];
            else if (x[v] > best || x[v] != x[v])
                best = x[v];
        }
    return p->mode == MODE_MAX ? best : best / p->size;
}

/* All windows of one sample. */
static inline void pool_one(const struct pool *p, const struct nnrun_one_sample *s)
{
    struct window window;
    float *y = s->y;

    for (ptrdiff_t c = 0; c < p->channels; c++)
        for (ptrdiff_t i = 0; i < p->windows.out[0]; i++) {
            pool_clip(p, 0, i, &window);
            for (ptrdiff_t j = 0; j < p->windows.out[1]; j++) {
                pool_clip(p, 1, j, &window);
                const ptrdiff_t row = c * p->windows.in[0] + window.cell[0];
                *y++ = pool_reduce_one(p, &window, s->x[0] + row * p->windows.in[1] + window.cell[1]);
            }
        }
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

/* Adds a window's gradient to its cells, dx[0] the first. */
NNRUN_INLINE void NNRUN_FN(spread)(int mode, ptrdiff_t height, ptrdiff_t width, const struct window *window,
                                   const struct pool *p, const float *dy, const float *kept, float *dx)
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
                nnrun_store(cell, nnrun_load(cell) + part);
            }
    }
}

/* All windows of a slice. */
NNRUN_INLINE void NNRUN_FN(windows)(int backward, int mode, const struct pool *p, const struct nnrun_slice *s)
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
                const ptrdiff_t height = window.count[0], width = window.count[1];
                float *kept = s->keep ? (float *)s->keep + y : NULL;
                const float *from = backward ? s->dy + y : s->x[0] + first;
                float *to = backward ? s->dx[0] + first : s->y + y;
                if (backward)
                    NNRUN_FN(spread)(mode, height, width, &window, p, from, kept, to);
                else
                    NNRUN_FN(reduce)(mode, height, width, &window, p, from, to, kept);
            }
        }
}

/* Max over windows of 2 x 2 that tile the input: rows of x below each other, y and kept in one run. */
static void NNRUN_FN(reduce_halves)(const struct pool *p, const float *x, float *y, struct quarter *kept)
{
    const ptrdiff_t row = p->windows.in[1] * NNRUN_LANES, rows = p->channels * p->windows.out[0];

    for (ptrdiff_t i = 0; i < rows; i++, x += 2 * row)
        for (ptrdiff_t j = 0; j < row; j += 2 * NNRUN_LANES, y += NNRUN_LANES) {
            uint32_t low = 0, high = 0;

            NNRUN_UNROLL
            for (int v = 0; v < NNRUN_VECS; v++) {
                const float *cell = x + j + v * NNRUN_WIDTH;
                const nnrun_vec b = nnrun_load(cell + NNRUN_LANES), c = nnrun_load(cell + row),
                                d = nnrun_load(cell + row + NNRUN_LANES);
                nnrun_vec best = nnrun_load(cell);
                const nnrun_ivec second = (b > best) | (b != b);
                best = nnrun_select(second, b, best);
                const nnrun_ivec third = (c > best) | (c != c);
                best = nnrun_select(third, c, best);
                const nnrun_ivec fourth = (d > best) | (d != d);
                nnrun_store(y + v * NNRUN_WIDTH, nnrun_select(fourth, d, best));
                low |= nnrun_mask_bits(fourth | (second & ~third)) << v * NNRUN_WIDTH;
                high |= nnrun_mask_bits(fourth | third) << v * NNRUN_WIDTH;
            }
            if (kept)
                *kept++ = (struct quarter){(uint16_t)low, (uint16_t)high};
        }
}

static void NNRUN_FN(spread_halves)(const struct pool *p, const float *dy, const struct quarter *kept,
                                    float *dx)
{
    const ptrdiff_t row = p->windows.in[1] * NNRUN_LANES, rows = p->channels * p->windows.out[0];
    const nnrun_vec zero = nnrun_set(0.0f);

    for (ptrdiff_t i = 0; i < rows; i++, dx += 2 * row)
        for (ptrdiff_t j = 0; j < row; j += 2 * NNRUN_LANES, dy += NNRUN_LANES, kept++)
            NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++) {
        const uint32_t low = (uint32_t)kept->low >> v * NNRUN_WIDTH,
                       high = (uint32_t)kept->high >> v * NNRUN_WIDTH;
        const nnrun_vec gradient = nnrun_load(dy + v * NNRUN_WIDTH);
        float *cell = dx + j + v * NNRUN_WIDTH;

        nnrun_store(cell, nnrun_select(nnrun_bits_mask(~low & ~high), gradient, zero));
        nnrun_store(cell + NNRUN_LANES, nnrun_select(nnrun_bits_mask(low & ~high), gradient, zero));
        nnrun_store(cell + row, nnrun_select(nnrun_bits_mask(~low & high), gradient, zero));
        nnrun_store(cell + row + NNRUN_LANES, nnrun_select(nnrun_bits_mask(low & high), gradient, zero));
    }
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (p->halves)
        NNRUN_FN(reduce_halves)(p, s->x[0], s->y, s->keep);
    else if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(0, MODE_AVERAGE, p, s);
    else
        NNRUN_FN(windows)(0, MODE_MAX, p, s);
}

/* x[first], x[first + 2], ... of two vectors from x on. */
NNRUN_INLINE nnrun_vec NNRUN_FN(every_second)(const float *x, int first)
{
#ifdef __clang__
    nnrun_vec picked;

    NNRUN_UNROLL
    for (int i = 0; i < NNRUN_WIDTH; i++)
        picked[i] = x[2 * i + first];
    return picked;
#else
    nnrun_ivec places;

    NNRUN_UNROLL
    for (int i = 0; i < NNRUN_WIDTH; i++)
        places[i] = 2 * i + first;
    return __builtin_shuffle(nnrun_loadu(x), nnrun_loadu(x + NNRUN_WIDTH), places);
#endif
}

/* Windows of 2 x 2 that tile one sample, a vector of them at a time; the next row overwrites what is too much. */
NNRUN_INLINE void NNRUN_FN(halve)(const struct pool *p, const float *x, float *y)
{
    const ptrdiff_t width = p->windows.out[1], rows = p->channels * p->windows.out[0];

    for (ptrdiff_t row = 0; row < rows; row++, x += 4 * width, y += width)
        for (ptrdiff_t j = 0; j < width; j += NNRUN_WIDTH) {
            nnrun_vec best = nnrun_set(-__builtin_inff()); /* not nnrun_max, by which denormals are 0 */

            NNRUN_UNROLL
            for (int cell = 0; cell < 4; cell++) {
                const nnrun_vec value = NNRUN_FN(every_second)(x + cell / 2 * 2 * width + 2 * j, cell % 2);
                best = nnrun_select((value > best) | (value != value), value, best);
            }
            nnrun_storeu(y + j, best);
        }
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const struct pool *p = self;

    if (p->halves)
        NNRUN_FN(halve)(p, s->x[0], s->y);
    else
        pool_one(p, s);
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (!s->dx[0])
        return;
    if (p->halves) {
        NNRUN_FN(spread_halves)(p, s->dy, s->keep, s->dx[0]);
        return;
    }
    memset(s->dx[0], 0,
           (size_t)(p->channels * p->windows.in[0] * p->windows.in[1]) * NNRUN_LANES * sizeof(float));
    if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(1, MODE_AVERAGE, p, s);
    else
        NNRUN_FN(windows)(1, MODE_MAX, p, s);
}

#include <nnrun/math_end.h>
