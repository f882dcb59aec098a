/* conv.h: what conv.c and its kernels have in common whatever the code level. */
#ifndef CONV_H
#define CONV_H
#include "channels.h"
#include "hidden.h"

#include <string.h>

/* Toom-Cook's algorithm, see conv_toom.h: whether forward and backward go by it, forward in the way of conv_toom_few.h; a
 * tile is `outputs` columns of y, and at each of its points its rows are convolved as `lines` says, whose rows are the
 * tiles, and whose columns the rows. */
struct toom {
    int32_t forward, backward, few, points;
    ptrdiff_t outputs, tiles;
    struct windows lines;
};

/* One sample, see conv_one.h: whether vectors run along columns, or by Toom-Cook along rows, parts of its weights, and floats
 * of scratch, each to a whole cache line. */
struct one {
    int32_t along_columns, along_rows;
    uint32_t parts;
    size_t turned;  /* by Toom-Cook: x[channel][column][row], and room for a block of columns too many */
    size_t form;    /* B' x[point][channel][tile][row] */
    size_t sum;     /* sums[point][tile][row][16] of a block; along rows sums[point][filter][tile][row] */
    size_t outputs; /* y[row][column][16] of a block; otherwise y[filter][row][column with padding] */
    size_t padded;  /* by definition: x with its padding, if any, and what the last vector reads past it */
};

struct conv {
    int32_t filters, has_bias, init;
    struct windows windows;
    ptrdiff_t in_channels, out_channels;
    size_t padded_floats; /* of the padded copy of x in scratch; 0: no padding, no copy */
    struct toom toom;
    struct one one;
};

/* What is convolved as it is defined. */
struct direct {
    const struct windows *windows;
    ptrdiff_t in_channels, out_channels;
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
    int fresh; /* sum[] begins at 0, whatever is there */
};

/* A register tile: of C channels and X columns, or C channels and X taps. */
struct tile {
    int c, x;
    void (*sums)(const struct sums *s, const float *base, const float *w, const float *from, float *to);
    void (*products)(const struct products *p, const float *dy, const float *x, float *sum);
};

enum { MOST_IN_TILE = 32 };

/* A part of dw: filters from at[0] and taps from at[1] on, as many as a register tile has, of each row of the kernel
 * and of `channels` channels from n on. The filters before first[0] and the taps before first[1] are another's. */
struct block {
    const struct tile *tile;
    ptrdiff_t n, channels, first[2], at[2];
};

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
    struct edge left_edge, right_edge;
    const struct tile *tile, *narrow; /* of the columns with all terms, and of one column */
};

static inline ptrdiff_t least(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

static inline ptrdiff_t most(ptrdiff_t a, ptrdiff_t b)
{
    return a > b ? a : b;
}

/* Channels of dw whose lanes are summed at once. */
static inline ptrdiff_t conv_dw_channels(ptrdiff_t kernel_rows, ptrdiff_t channels)
{
    return most(1, least(channels, 16 / kernel_rows));
}

/* The values that a block of dw has at most, up to whole vectors, and the floats for their lanes and totals. */
static inline ptrdiff_t conv_dw_sums(ptrdiff_t kernel_rows, ptrdiff_t channels)
{
    return kernel_rows * conv_dw_channels(kernel_rows, channels) * MOST_IN_TILE;
}

static inline size_t conv_dw_floats(ptrdiff_t kernel_rows, ptrdiff_t channels)
{
    return (size_t)conv_dw_sums(kernel_rows, channels) * (NNRUN_LANES + 1);
}

/* Moves the end of a block back to where there are filters and taps, and counts its channels. */
static inline void conv_block(struct block *b, const struct direct *k)
{
    b->at[0] = least(b->first[0], k->out_channels - b->tile->c);
    b->at[1] = least(b->first[1], k->windows->kernel[1] - b->tile->x);
    b->channels = least(conv_dw_channels(k->windows->kernel[0], k->in_channels), k->in_channels - b->n);
}

/* A block's totals[n][u][filter][tap], each of `width` values of dw. */
static inline void conv_store_dw(const struct block *b, const struct direct *k, ptrdiff_t width,
                                 const float *totals, int stores, float *dw)
{
    const ptrdiff_t *kernel = k->windows->kernel, row = b->tile->x * width;

    for (ptrdiff_t n = 0; n < b->channels; n++)
        for (ptrdiff_t u = 0; u < kernel[0]; u++, totals += b->tile->c * row)
            for (ptrdiff_t c = b->first[0]; c < b->at[0] + b->tile->c; c++) {
                const float *from = totals + (c - b->at[0]) * row;
                float *to =
                    dw + (((c * k->in_channels + b->n + n) * kernel[0] + u) * kernel[1] + b->at[1]) * width;

                for (ptrdiff_t t = (b->first[1] - b->at[1]) * width; t < row; t++)
                    to[t] = stores ? from[t] : to[t] + from[t];
            }
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

static inline struct phase conv_phase(const struct windows *win, ptrdiff_t phase,
                                      ptrdiff_t (*edge)(ptrdiff_t taps, ptrdiff_t row))
{
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
    p.left_edge = (struct edge){p.first, least(p.edge, p.end), p.at};
    p.right_edge = (struct edge){most(p.first - p.right_start, 0), least(p.end - p.right_start, p.edge),
                                 p.at + p.right_start * stride * NNRUN_LANES};
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
