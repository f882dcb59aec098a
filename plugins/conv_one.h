/* conv_one.h: the shapes in which conv takes one sample, whatever the code level. conv_one_kernels.h has what is computed.
 *
 * There are four ways, each with the sums of a slice, term by term. Which one is a function of shapes alone:
 *   by Toom-Cook along filters, where a slice goes by it; a vector has 16 of them
 *   by Toom-Cook along rows, where that takes fewer vectors
 *   by definition along filters, likewise
 *   by definition along columns: kernels that step by 1 read rows that lie end to end */
#ifndef CONV_ONE_H
#define CONV_ONE_H
#include "conv_toom.h"

enum { ONE_SIDE = 16 };

/* Up to whole vectors of any level. */
static inline ptrdiff_t one_up(ptrdiff_t count)
{
    return (count + ONE_SIDE - 1) / ONE_SIDE * ONE_SIDE;
}

static inline ptrdiff_t one_outputs(const struct conv *k)
{
    return k->windows.out[0] * k->windows.out[1];
}

/* ---- along filters ---------------------------------------------------------------------------------- */

/* Of a filter: points, and terms of each of them. */
static inline ptrdiff_t one_points(const struct conv *k)
{
    return k->toom.forward ? k->toom.points : 1;
}

static inline ptrdiff_t one_terms(const struct conv *k)
{
    return k->in_channels * k->windows.kernel[0] * (k->toom.forward ? 1 : k->windows.kernel[1]);
}

/* By Toom-Cook: columns of all tiles, and rows with their padding up to whole vectors. */
static inline ptrdiff_t one_columns(const struct conv *k)
{
    return (k->toom.tiles - 1) * k->toom.outputs + k->toom.points;
}

static inline ptrdiff_t one_rows(const struct conv *k)
{
    return one_up(k->windows.padded[0]);
}

/* The biases, then weights[point][block][channel][row][column][16], by Toom-Cook G w without columns. Along rows there is
 * G w as a slice has it. */
static inline size_t one_weight_floats(const struct conv *k)
{
    return (size_t)one_up(k->out_channels) * (size_t)(1 + one_points(k) * one_terms(k));
}

/* ---- along columns ---------------------------------------------------------------------------------- */

/* From the first output of a plane to its last one, rows being as long as those of the padded input. */
static inline ptrdiff_t one_span(const struct conv *k)
{
    return (k->windows.out[0] - 1) * k->windows.padded[1] + k->windows.out[1];
}

/* Whether this takes fewer vectors than along filters. */
static inline int one_along_columns(const struct conv *k)
{
    const struct windows *win = &k->windows;
    const double span = (double)(one_span(k) + ONE_SIDE - 1), filters = (double)one_up(k->out_channels);

    return !k->toom.forward && win->stride[0] == 1 && win->stride[1] == 1 &&
           (double)k->out_channels * span < filters * (double)one_outputs(k);
}

/* ---- both ------------------------------------------------------------------------------------------- */

/* At the end of plan(). */
static inline void one_choose(struct conv *k)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t in = k->in_channels, rows = one_rows(k), tiles = k->toom.tiles, points = k->toom.points;
    struct one *one = &k->one;

    one->along_columns = one_along_columns(k);
    one->along_rows = k->toom.forward && k->out_channels * rows < one_up(k->out_channels) * win->out[0];
    one->parts =
        (uint32_t)least(one->along_rows ? k->out_channels : one_up(k->out_channels) / ONE_SIDE, TOOM_FILTERS);
    if (k->toom.forward) {
        const ptrdiff_t columns = most(in * one_columns(k), one->along_rows ? tiles * k->toom.outputs : 0);

        one->turned = (size_t)((columns + ONE_SIDE) * rows);
        one->form = (size_t)(in * points * tiles * rows + ONE_SIDE);
        one->sum =
            (size_t)(points * tiles * (one->along_rows ? k->out_channels * rows : win->out[0] * ONE_SIDE));
    } else if (k->padded_floats > 0)
        one->padded = (size_t)one_up(in * win->padded[0] * win->padded[1]) + ONE_SIDE;
    one->outputs = one->along_columns ? (size_t)(k->out_channels * one_up(one_span(k)) + ONE_SIDE)
                   : one->along_rows  ? (size_t)(k->out_channels * rows * one_up(win->out[1]) + ONE_SIDE)
                                      : (size_t)(one_up(one_outputs(k)) * ONE_SIDE);
}

static inline void one_need(const void *self, struct nnrun_one_need *need)
{
    const struct conv *k = self;
    const struct one *one = &k->one;

    need->scratch_bytes = (one->turned + one->form + one->sum + one->outputs + one->padded) * sizeof(float);
    if (one->along_columns)
        return;
    need->weight_bytes =
        (one->along_rows ? (size_t)k->toom.points * toom_w_floats(k) : one_weight_floats(k)) * sizeof(float);
    need->parts = one->parts;
}

/* Sums side by side: to[x][16] = base[16] + sum over n, u, v of w[n][u][v][16] * from[n][u][v + x * from_x]. */
struct side {
    ptrdiff_t n, u, v;
    ptrdiff_t from_n, from_u, from_x;
};

/* x with its padding: a copy in `room`, or x itself. */
static inline const float *one_padded(const struct conv *k, const float *x, float *room)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t row = win->padded[1], plane = row * win->padded[0];

    if (win->pad[0] == 0 && win->pad[1] == 0)
        return x;
    memset(room, 0, (size_t)(k->in_channels * plane + ONE_SIDE) * sizeof *room);
    for (ptrdiff_t c = 0; c < k->in_channels; c++)
        for (ptrdiff_t i = 0; i < win->in[0]; i++, x += win->in[1])
            memcpy(room + c * plane + (i + win->pad[0]) * row + win->pad[1], x,
                   (size_t)win->in[1] * sizeof *x);
    return room;
}
#endif
