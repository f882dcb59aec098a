/* conv.h: what conv.c and its kernels have in common whatever the code level. */
#ifndef CONV_H
#define CONV_H
#include "channels.h"

#include <string.h>

struct conv {
    int32_t filters, has_bias, init;
    struct windows windows;
    ptrdiff_t in_channels, out_channels;
    size_t padded_floats; /* of the padded copy of x in scratch; 0: no padding, no copy */
};

/* to[c][x] = base[c] + sum over n, u, v of w[c][n][u][v] * from[n][u][v][x]: what y and dx have in
 * common. */
struct sums {
    ptrdiff_t n, u, v;
    ptrdiff_t w_c, w_n, w_u, w_v;
    ptrdiff_t from_n, from_u, from_v, from_x;
    ptrdiff_t to_c, to_x;
};

/* sum[c][t] += sum over i, j of dy[c][i][j] * x[i][j][t]: a part of dw, before its lanes are summed. */
struct products {
    ptrdiff_t i, j;
    ptrdiff_t dy_c, dy_i, x_i, x_j;
};

/* A register tile: of C channels and X columns, or C channels and X taps. */
struct tile {
    int c, x;
    void (*sums)(const struct sums *s, const float *base, const float *w, const float *from, float *to);
    void (*products)(const struct products *p, const float *dy, const float *x, float *sum);
};

enum { MOST_IN_TILE = 32 };

/* The columns of an edge that are there, first <= x < end, column x at `at` + x steps in the row. */
struct edge {
    ptrdiff_t first, end, at;
};

/* The columns of dx that lie a multiple of the stride plus `phase` from the start of the padding: first <= t
 * < end, at `at` + t steps in a row, term v of t being column t - v of dy, which has `columns`. All `taps`
 * terms exist for from <= t < to. What is before and after are edges: the `edge` columns t < edge if
 * `left`, those from right_start on if `right` go by a tile, others one by one. */
struct phase {
    ptrdiff_t phase, at, columns, taps, first, end, from, to, edge, right_start;
    int left, right;
};

static inline ptrdiff_t least(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

static inline ptrdiff_t most(ptrdiff_t a, ptrdiff_t b)
{
    return a > b ? a : b;
}

/* Hides a step from the compiler: knowing it, it would carry loads from one tap to the next and run out of
 * registers. */
static inline ptrdiff_t hidden(ptrdiff_t step)
{
    __asm__("" : "+r"(step));
    return step;
}

/* The tile that covers an area soonest; there is always one of 1 x 1. Fewer than 10 accumulators would wait
 * for each other. */
static inline const struct tile *conv_tile(const struct tile *tile, size_t count, ptrdiff_t channels,
                                           ptrdiff_t columns)
{
    const struct tile *best = NULL;
    ptrdiff_t best_cost = 0;

    for (; count-- > 0; tile++) {
        const ptrdiff_t tiles = (channels + tile->c - 1) / tile->c * ((columns + tile->x - 1) / tile->x);
        const ptrdiff_t cost = tiles * (most(most(tile->c * tile->x, tile->c + tile->x), 10) + 1);
        if (tile->c <= channels && tile->x <= columns && (!best || cost < best_cost)) {
            best = tile;
            best_cost = cost;
        }
    }
    return best;
}

static struct phase conv_phase(const struct conv *conv, ptrdiff_t phase,
                               ptrdiff_t (*edge)(ptrdiff_t taps, ptrdiff_t row))
{
    const struct windows *win = &conv->windows;
    const ptrdiff_t stride = win->stride[1], pad = win->pad[1], beyond = pad + win->in[1] - phase;
    struct phase p = {.phase = phase, .at = (phase - pad) * NNRUN_LANES, .columns = win->out[1]};

    p.taps = win->kernel[1] > phase ? (win->kernel[1] - phase + stride - 1) / stride : 0;
    p.first = pad > phase ? (pad - phase + stride - 1) / stride : 0;
    p.end = beyond > 0 ? most((beyond + stride - 1) / stride, p.first) : p.first;
    p.edge = edge(p.taps, p.end - p.first);
    p.right_start = p.columns + p.taps - 1 - p.edge;
    if (p.taps > 1 && p.taps <= p.edge + 1 && p.columns >= p.edge) {
        p.left = p.first < least(p.taps - 1, p.end);
        p.right = p.end > p.columns;
    }
    p.from = least(p.end, p.left ? p.edge : p.taps > 0 ? most(p.first, p.taps - 1) : p.end);
    p.to = most(p.from, least(p.end, p.right ? p.right_start : p.columns));
    return p;
}

/* The input with its padding: a copy in `room`, or x itself. */
static const float *conv_padded(const struct conv *conv, const float *x, float *room)
{
    const struct windows *win = &conv->windows;
    const size_t row = (size_t)win->in[1] * NNRUN_LANES, padded_row = (size_t)win->padded[1] * NNRUN_LANES;
    const size_t before = (size_t)win->pad[1] * NNRUN_LANES;

    if (conv->padded_floats == 0)
        return x;
    float *to = room;
    for (ptrdiff_t c = 0; c < conv->in_channels; c++)
        for (ptrdiff_t i = -win->pad[0]; i < win->in[0] + win->pad[0]; i++, to += padded_row) {
            if (i < 0 || i >= win->in[0]) {
                memset(to, 0, padded_row * sizeof *to);
                continue;
            }
            memset(to, 0, before * sizeof *to);
            memcpy(to + before, x, row * sizeof *to);
            memset(to + before + row, 0, before * sizeof *to);
            x += row;
        }
    return room;
}
#endif
