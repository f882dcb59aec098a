/* conv_toom.h: the shapes of Toom-Cook convolution along rows (Winograd's, in one dimension), and when it pays.
 * conv_toom_tiles.h has its transforms, conv_toom_kernels.h its passes; README.md derives them.
 *
 * A row of `outputs` values of y is a product of two polynomials, with the `taps` of a kernel's row and with
 * outputs + taps - 1 values of x as coefficients. It is multiplied at as many points: 0, 1, -1, 2, -2, where there
 * are eight also 1/2 and -1/2, and infinity. So there is one multiplication a point instead of outputs * taps. */
#ifndef CONV_TOOM_H
#define CONV_TOOM_H
#include "conv.h"

enum {
    TOOM_POINTS = 8,
    TOOM_TAPS = 7,
    TOOM_OUTPUTS = 4,
    TOOM_FILTERS = 4096, /* each is a part of derived/1 */
    FEW_CHANNELS = 3,    /* channels whose y is made in registers, by kernels of 3x3 or 5x5 */
    FEW_TAPS = 5,
    FEW_ROWS = 3 /* of y, at once */
};

/* What y of a filter and a tile is made of: B' x and G w with the steps from point to point and from channel to channel; and
 * where it goes, `count` columns of so many. */
struct few {
    const float *x, *w;
    ptrdiff_t x_point, w_point, channels, x_channel, columns, count;
    float bias;
};

/* Floats of a point: of a tile of B' x, and of A dy or y's sums; and of G w. */
static inline size_t toom_x_floats(const struct conv *k)
{
    return (size_t)(k->in_channels * k->windows.padded[0] * NNRUN_LANES);
}

static inline size_t toom_y_floats(const struct conv *k)
{
    return (size_t)(k->out_channels * k->windows.out[0] * NNRUN_LANES);
}

static inline size_t toom_w_floats(const struct conv *k)
{
    return (size_t)(k->out_channels * k->in_channels * k->windows.kernel[0]);
}

/* Of the sums of dw: a block's with their lanes, and their totals at each point. */
static inline size_t toom_dw_floats(const struct conv *k)
{
    return (size_t)conv_dw_sums(1, k->in_channels) * (NNRUN_LANES + TOOM_POINTS);
}

/* Whether what is multiplied less makes up for the transforms. A value of B' x or A dy costs so many multiplications,
 * as measured: it is made once for all products that it is in, and in backward goes through memory besides; in forward
 * with few channels neither it nor the sums do. A function of shapes alone, since the bits depend on it. */
static inline void toom_choose(struct conv *k)
{
    const struct windows *win = &k->windows;
    const int few = k->in_channels <= FEW_CHANNELS && win->kernel[0] == win->kernel[1] &&
                    win->kernel[0] <= FEW_TAPS && win->out[0] >= FEW_ROWS;
    const double forward_cost = few ? 2.5 : 8, backward_cost = 16;
    const double out = (double)k->out_channels, in = (double)k->in_channels;
    const ptrdiff_t taps = win->kernel[1];
    struct toom *toom = &k->toom;

    if (win->stride[0] != 1 || win->stride[1] != 1 || (taps != 3 && taps != 5 && taps != 7) ||
        k->out_channels > TOOM_FILTERS)
        return;
    toom->few = few;
    toom->points = taps == 3 ? 6 : 8;
    toom->outputs = toom->points - taps + 1;
    toom->tiles = (win->out[1] + toom->outputs - 1) / toom->outputs;
    toom->lines = (struct windows){.kernel = {1, win->kernel[0]},
                                   .stride = {1, 1},
                                   .pad = {0, win->pad[0]},
                                   .in = {toom->tiles, win->in[0]},
                                   .padded = {toom->tiles, win->padded[0]},
                                   .out = {toom->tiles, win->out[0]}};

    const double across = (double)(toom->points * toom->tiles);
    const double rows = out * in * (double)(win->kernel[0] * win->out[0]);
    const double values = across * (in * (double)win->padded[0] + out * (double)win->out[0]);
    const double direct = rows * (double)(taps * win->out[1]);

    toom->forward = rows * across + forward_cost * values < direct;
    toom->backward = rows * across + backward_cost * values < direct;
}
#endif
