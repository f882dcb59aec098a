/* conv_direct.h: convolution as it is defined: y, dx and dw, included once for each code level. */
#include "conv_tiles.h"
#include <nnrun/math.h>

/* Tiles over `channels` x `columns` of one row; the last ones are moved back to fit. */
static void NNRUN_FN(row)(const struct sums *s, const struct tile *tile, ptrdiff_t channels,
                          ptrdiff_t columns, const float *base, const float *w, const float *from, float *to)
{
    for (ptrdiff_t done = 0; done < channels; done += tile->c) {
        const ptrdiff_t c = least(done, channels - tile->c);
        for (ptrdiff_t i = 0; i < columns; i += tile->x) {
            const ptrdiff_t x = least(i, columns - tile->x);
            tile->sums(s, base ? base + c : NULL, w + c * s->w_c, from + x * s->from_x,
                       to + c * s->to_c + x * s->to_x);
        }
    }
}

/* y, of x with its padding; the tile is of a row. */
static void NNRUN_FN(direct_y)(const struct direct *k, const struct tile *tile, const float *x,
                               const float *bias, const float *w, float *y)
{
    const struct windows *win = k->windows;
    const ptrdiff_t in_row = win->padded[1] * NNRUN_LANES, out_row = win->out[1] * NNRUN_LANES;
    const struct sums sums = {.n = k->in_channels,
                              .u = win->kernel[0],
                              .v = win->kernel[1],
                              .w_c = k->in_channels * win->kernel[0] * win->kernel[1],
                              .w_n = win->kernel[0] * win->kernel[1],
                              .w_u = win->kernel[1],
                              .w_v = 1,
                              .from_n = win->padded[0] * in_row,
                              .from_u = in_row,
                              .from_v = NNRUN_LANES,
                              .from_x = win->stride[1] * NNRUN_LANES,
                              .to_c = win->out[0] * out_row,
                              .to_x = NNRUN_LANES};

    for (ptrdiff_t i = 0; i < win->out[0]; i++)
        NNRUN_FN(row)
    (&sums, tile, k->out_channels, win->out[1], bias, w, x + i * win->stride[0] * in_row, y + i * out_row);
}

/* An edge of a row of dx over all channels, C at a time; `to` is the row. */
NNRUN_INLINE void NNRUN_FN(edge_channels)(int C, int E, int right, const struct edge *e, ptrdiff_t channels,
                                          const struct sums *s, const float *w, const float *from, float *to)
{
    for (ptrdiff_t c = 0; channels < C && c < channels; c++)
        NNRUN_FN(edge)(1, E, right, e, s, w + c * s->w_c, from, to + c * s->to_c);
    for (ptrdiff_t done = 0; channels >= C && done < channels; done += C) {
        const ptrdiff_t c = least(done, channels - C);
        NNRUN_FN(edge)(C, E, right, e, s, w + c * s->w_c, from, to + c * s->to_c);
    }
}

/* Two edges of 6, with AVX-512 and more than 3 taps also of 7, make up a row of as many. Of longer ones AVX2
 * takes 4 for 4 or 5 taps: the more channels share the registers, the less one FMA waits for the one before. */
static ptrdiff_t NNRUN_FN(edge_columns)(ptrdiff_t taps, ptrdiff_t row)
{
    if (NNRUN_LEVEL == 2)
        return taps > 3 && row > 12 && row <= 14 ? 7 : 6;
    return taps >= 4 && taps <= 5 && row > 12 ? 4 : 6;
}

static void NNRUN_FN(edge_row)(ptrdiff_t columns, int right, const struct edge *e, ptrdiff_t channels,
                               const struct sums *s, const float *w, const float *from, float *to)
{
    enum { FEW = NNRUN_LEVEL == 2 ? 7 : 4, CHANNELS = NNRUN_LEVEL == 2 ? 4 : 2 };

    if (columns == FEW && right)
        NNRUN_FN(edge_channels)(3, FEW, 1, e, channels, s, w, from, to);
    else if (columns == FEW)
        NNRUN_FN(edge_channels)(3, FEW, 0, e, channels, s, w, from, to);
    else if (right)
        NNRUN_FN(edge_channels)(CHANNELS, 6, 1, e, channels, s, w, from, to);
    else
        NNRUN_FN(edge_channels)(CHANNELS, 6, 0, e, channels, s, w, from, to);
}

/* Columns t .. end - 1 of a row of dx, one by one, with the terms they have. */
static void NNRUN_FN(columns)(const struct phase *p, ptrdiff_t t, ptrdiff_t end, const struct tile *tile,
                              struct sums s, ptrdiff_t channels, const float *w, const float *dy, float *dx)
{
    for (; t < end; t++) {
        const ptrdiff_t v = most(0, t - p->columns + 1);
        s.v = most(0, least(p->taps - 1, t) - v + 1);
        NNRUN_FN(row)
        (&s, tile, channels, 1, NULL, w + v * s.w_v, s.v > 0 ? dy + (t - v) * NNRUN_LANES : dy,
         dx + (p->at + t * s.to_x));
    }
}

static struct phase NNRUN_FN(direct_phase)(const struct direct *k, ptrdiff_t phase)
{
    struct phase p = conv_phase(k->windows, phase, NNRUN_FN(edge_columns));

    p.tile = NNRUN_FN(choose)(k->in_channels, most(1, p.to - p.from));
    p.narrow = NNRUN_FN(choose)(k->in_channels, 1);
    return p;
}

/* Of a phase of dx, rows first <= i < end. */
static void NNRUN_FN(direct_dx)(const struct direct *k, const struct phase *p, ptrdiff_t first, ptrdiff_t end,
                                const float *weight, const float *dy, float *dx)
{
    const struct windows *win = k->windows;
    const ptrdiff_t out_row = win->out[1] * NNRUN_LANES, in_row = win->in[1] * NNRUN_LANES;
    const ptrdiff_t channels = k->in_channels, stride = win->stride[0], step = win->stride[1] * NNRUN_LANES;
    struct sums s = {.n = k->out_channels,
                     .v = p->taps,
                     .w_c = win->kernel[0] * win->kernel[1],
                     .w_n = channels * win->kernel[0] * win->kernel[1],
                     .w_u = stride * win->kernel[1],
                     .w_v = win->stride[1],
                     .from_n = win->out[0] * out_row,
                     .from_u = -out_row,
                     .from_v = -NNRUN_LANES,
                     .from_x = NNRUN_LANES,
                     .to_c = win->in[0] * in_row,
                     .to_x = step};

    dx += first * in_row;
    for (ptrdiff_t i = first; i < end; i++, dx += in_row) {
        /* Row i has the terms u = rest + a * stride with row t - a of dy, for those a that exist. */
        const ptrdiff_t rest = (i + win->pad[0]) % stride, t = (i + win->pad[0]) / stride;
        const ptrdiff_t a = most(0, t - win->out[0] + 1);
        const ptrdiff_t terms = least((win->kernel[0] - rest + stride - 1) / stride, t + 1) - a;
        const float *w = weight + (rest + a * stride) * win->kernel[1] + p->phase;
        const float *from = terms > 0 ? dy + (t - a) * out_row : dy;

        s.u = rest < win->kernel[0] ? most(0, terms) : 0;
        if (p->left)
            NNRUN_FN(edge_row)(p->edge, 0, &p->left_edge, channels, &s, w, from, dx);
        else
            NNRUN_FN(columns)(p, p->first, p->from, p->narrow, s, channels, w, from, dx);
        if (p->to > p->from)
            NNRUN_FN(row)
        (&s, p->tile, channels, p->to - p->from, NULL, w, from + p->from * NNRUN_LANES,
         dx + (p->at + p->from * step));
        if (p->right)
            NNRUN_FN(edge_row)
        (p->edge, 1, &p->right_edge, channels, &s, w, from + p->right_start * NNRUN_LANES, dx);
        NNRUN_FN(columns)
        (p, p->right ? p->right_start + p->edge : p->to, p->end, p->narrow, s, channels, w, from, dx);
    }
}

/* totals[n][u][filter][tap] of a block of dw, of sums with their lanes. */
static void NNRUN_FN(direct_dw_block)(const struct direct *k, const struct block *b, const float *x,
                                      const float *dy, float *sum, float *totals)
{
    const struct windows *win = k->windows;
    const struct tile *tile = b->tile;
    const ptrdiff_t in_row = win->padded[1] * NNRUN_LANES, out_row = win->out[1] * NNRUN_LANES;
    const ptrdiff_t size = tile->c * tile->x, count = b->channels * win->kernel[0] * size;
    const ptrdiff_t rows = most(1, 96 / win->out[1]); /* that stay in the L1 cache while u runs */
    struct products products = {.j = win->out[1],
                                .dy_c = win->out[0] * out_row,
                                .dy_i = out_row,
                                .x_i = win->stride[0] * in_row,
                                .x_j = win->stride[1] * NNRUN_LANES};
    float *to = sum;

    x += b->n * win->padded[0] * in_row + b->at[1] * NNRUN_LANES;
    dy += b->at[0] * products.dy_c;
    for (ptrdiff_t n = 0; n < b->channels; n++, x += win->padded[0] * in_row)
        for (ptrdiff_t i = 0; i < win->out[0]; i += rows) {
            products.i = least(rows, win->out[0] - i);
            products.fresh = i == 0;
            for (ptrdiff_t u = 0; u < win->kernel[0]; u++)
                tile->products(&products, dy + i * out_row, x + i * products.x_i + u * in_row,
                               to + (n * win->kernel[0] + u) * size * NNRUN_LANES);
        }
    /* The rest of a vector, where anything may be. */
    memset(sum + count * NNRUN_LANES, 0, (size_t)(-count & (NNRUN_WIDTH - 1)) * NNRUN_LANES * sizeof *sum);
    for (ptrdiff_t i = 0; i < count; i += NNRUN_WIDTH)
        nnrun_lane_sums(totals + i, sum + i * NNRUN_LANES);
}

/* dw; sum[] has conv_dw_floats. */
static void NNRUN_FN(direct_dw)(const struct direct *k, const float *x, const float *dy, float *sum,
                                int stores, float *dw)
{
    const ptrdiff_t rows = k->windows->kernel[0], columns = k->windows->kernel[1];
    struct block b = {.tile = NNRUN_FN(choose)(k->out_channels, columns)};
    float *totals = sum + conv_dw_sums(rows, k->in_channels) * NNRUN_LANES;

    for (b.first[0] = 0; b.first[0] < k->out_channels; b.first[0] += b.tile->c)
        for (b.n = 0; b.n < k->in_channels; b.n += b.channels)
            for (b.first[1] = 0; b.first[1] < columns; b.first[1] += b.tile->x) {
                conv_block(&b, k);
                NNRUN_FN(direct_dw_block)(k, &b, x, dy, sum, totals);
                conv_store_dw(&b, k, 1, totals, stores, dw);
            }
}
