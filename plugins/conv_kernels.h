/* conv_kernels.h: what conv.c computes, included once for each code level. */
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

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct conv *k = self;
    const struct windows *win = &k->windows;
    const float *x = conv_padded(k, s->x[0], s->scratch);
    const ptrdiff_t in_row = win->padded[1] * NNRUN_LANES, out_row = win->out[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(k->out_channels, win->out[1]);
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
    (&sums, tile, k->out_channels, win->out[1], k->has_bias ? s->w[1] : NULL, s->w[0],
     x + i * win->stride[0] * in_row, s->y + i * out_row);
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

/* 4 for 4 or 5 taps: the more channels share the registers, the less one FMA waits for the one before. Else
 * 6, and where two such edges make up a row. */
static ptrdiff_t NNRUN_FN(edge_columns)(ptrdiff_t taps, ptrdiff_t row)
{
    return NNRUN_LEVEL < 2 && taps >= 4 && taps <= 5 && row > 12 ? 4 : 6;
}

static void NNRUN_FN(edge_row)(ptrdiff_t columns, int right, const struct edge *e, ptrdiff_t channels,
                               const struct sums *s, const float *w, const float *from, float *to)
{
    if (columns == 4 && right)
        NNRUN_FN(edge_channels)(3, 4, 1, e, channels, s, w, from, to);
    else if (columns == 4)
        NNRUN_FN(edge_channels)(3, 4, 0, e, channels, s, w, from, to);
    else if (right)
        NNRUN_FN(edge_channels)(NNRUN_LEVEL == 2 ? 4 : 2, 6, 1, e, channels, s, w, from, to);
    else
        NNRUN_FN(edge_channels)(NNRUN_LEVEL == 2 ? 4 : 2, 6, 0, e, channels, s, w, from, to);
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

static void NNRUN_FN(phase_gradient)(const struct conv *k, const struct phase *p, const float *weight,
                                     const float *dy, float *dx)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t out_row = win->out[1] * NNRUN_LANES, in_row = win->in[1] * NNRUN_LANES;
    const ptrdiff_t channels = k->in_channels, stride = win->stride[0], step = win->stride[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(channels, most(1, p->to - p->from));
    const struct tile *narrow = NNRUN_FN(choose)(channels, 1);
    const struct edge left = {p->first, least(p->edge, p->end), p->at};
    const struct edge right = {most(p->first - p->right_start, 0), least(p->end - p->right_start, p->edge),
                               p->at + p->right_start * step};
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

    for (ptrdiff_t i = 0; i < win->in[0]; i++, dx += in_row) {
        /* Row i has the terms u = rest + a * stride with row t - a of dy, for those a that exist. */
        const ptrdiff_t rest = (i + win->pad[0]) % stride, t = (i + win->pad[0]) / stride;
        const ptrdiff_t a = most(0, t - win->out[0] + 1);
        const ptrdiff_t terms = least((win->kernel[0] - rest + stride - 1) / stride, t + 1) - a;
        const float *w = weight + (rest + a * stride) * win->kernel[1] + p->phase;
        const float *from = terms > 0 ? dy + (t - a) * out_row : dy;

        s.u = rest < win->kernel[0] ? most(0, terms) : 0;
        if (p->left)
            NNRUN_FN(edge_row)(p->edge, 0, &left, channels, &s, w, from, dx);
        else
            NNRUN_FN(columns)(p, p->first, p->from, narrow, s, channels, w, from, dx);
        if (p->to > p->from)
            NNRUN_FN(row)
        (&s, tile, channels, p->to - p->from, NULL, w, from + p->from * NNRUN_LANES,
         dx + (p->at + p->from * step));
        if (p->right)
            NNRUN_FN(edge_row)(p->edge, 1, &right, channels, &s, w, from + p->right_start * NNRUN_LANES, dx);
        NNRUN_FN(columns)
        (p, p->right ? p->right_start + p->edge : p->to, p->end, narrow, s, channels, w, from, dx);
    }
}

/* The end of dw: each of `count` values from its lanes. */
NNRUN_INLINE void NNRUN_FN(totals)(ptrdiff_t count, const float *lanes, int stores, float *dw)
{
    for (ptrdiff_t i = 0; i < count; i++, lanes += NNRUN_LANES) {
        nnrun_vec a[NNRUN_VECS];

        NNRUN_UNROLL
        for (int v = 0; v < NNRUN_VECS; v++)
            a[v] = nnrun_load(lanes + v * NNRUN_WIDTH);
        const float total = nnrun_lane_sum(a);
        dw[i] = stores ? total : dw[i] + total;
    }
}

static void NNRUN_FN(weight_gradient)(const struct conv *k, const float *x, const float *dy, float *sum,
                                      int stores, float *dw)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t in_row = win->padded[1] * NNRUN_LANES, out_row = win->out[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(k->out_channels, win->kernel[1]);
    const ptrdiff_t size = tile->c * tile->x * NNRUN_LANES;
    const ptrdiff_t block = most(1, 96 / win->out[1]); /* rows that stay in the L1 cache while u runs */
    struct products products = {.j = win->out[1],
                                .dy_c = win->out[0] * out_row,
                                .dy_i = out_row,
                                .x_i = win->stride[0] * in_row,
                                .x_j = win->stride[1] * NNRUN_LANES};

    for (ptrdiff_t c_done = 0; c_done < k->out_channels; c_done += tile->c)
        for (ptrdiff_t n = 0; n < k->in_channels; n++)
            for (ptrdiff_t t_done = 0; t_done < win->kernel[1]; t_done += tile->x) {
                const ptrdiff_t c = least(c_done, k->out_channels - tile->c);
                const ptrdiff_t t = least(t_done, win->kernel[1] - tile->x);
                const float *corner = x + n * win->padded[0] * in_row + t * NNRUN_LANES;

                memset(sum, 0, (size_t)(win->kernel[0] * size) * sizeof *sum);
                for (ptrdiff_t i = 0; i < win->out[0]; i += block) {
                    products.i = least(block, win->out[0] - i);
                    for (ptrdiff_t u = 0; u < win->kernel[0]; u++)
                        tile->products(&products, dy + c * products.dy_c + i * out_row,
                                       corner + i * products.x_i + u * in_row, sum + u * size);
                }
                for (ptrdiff_t a = c_done; a < c + tile->c; a++)
                    for (ptrdiff_t u = 0; u < win->kernel[0]; u++) {
                        const float *lanes = sum + u * size + ((a - c) * tile->x + t_done - t) * NNRUN_LANES;
                        float *to = dw + ((a * k->in_channels + n) * win->kernel[0] + u) * win->kernel[1];
                        NNRUN_FN(totals)(t + tile->x - t_done, lanes, stores, to + t_done);
                    }
            }
}

/* dbias of C channels. */
NNRUN_INLINE void NNRUN_FN(bias_gradient)(int C, ptrdiff_t values, const float *dy, int stores, float *dw)
{
    nnrun_vec a[4 * NNRUN_VECS];

    NNRUN_UNROLL
    for (int i = 0; i < C * NNRUN_VECS; i++)
        a[i] = nnrun_set(0.0f);
    for (ptrdiff_t i = 0; i < values; i++)
        NNRUN_UNROLL
    for (int c = 0; c < C; c++)
        NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++)
        a[c * NNRUN_VECS + v] += nnrun_load(dy + (c * values + i) * NNRUN_LANES + v * NNRUN_WIDTH);
    for (int c = 0; c < C; c++)
        dw[c] = stores ? nnrun_lane_sum(a + c * NNRUN_VECS) : dw[c] + nnrun_lane_sum(a + c * NNRUN_VECS);
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct conv *k = self;
    const struct windows *win = &k->windows;
    const ptrdiff_t values = win->out[0] * win->out[1];
    const float *x = conv_padded(k, s->x[0], s->scratch);
    const int stores = s->first_of_group != 0;
    ptrdiff_t c = 0;

    NNRUN_FN(weight_gradient)(k, x, s->dy, (float *)s->scratch + k->padded_floats, stores, s->dw[0]);
    for (; k->has_bias && c + 4 <= k->out_channels; c += 4)
        NNRUN_FN(bias_gradient)(4, values, s->dy + c * values * NNRUN_LANES, stores, s->dw[1] + c);
    for (; k->has_bias && c < k->out_channels; c++)
        NNRUN_FN(bias_gradient)(1, values, s->dy + c * values * NNRUN_LANES, stores, s->dw[1] + c);
    for (ptrdiff_t phase = 0; s->dx[0] && phase < win->stride[1]; phase++) {
        const struct phase p = conv_phase(k, phase, NNRUN_FN(edge_columns));
        if (p.end > p.first)
            NNRUN_FN(phase_gradient)(k, &p, s->w[0], s->dy, s->dx[0]);
    }
}

#include <nnrun/math_end.h>
