/* dense_kernels.h: what dense.c computes, included once for each code level. */
#ifndef DENSE_KERNELS_H
#define DENSE_KERNELS_H
#include "hidden.h"
#include <nnrun/layer.h>

struct dense {
    int32_t units, has_bias, init;
    ptrdiff_t in, out; /* values of x and y */
};

/* A matrix read in either direction: entry (r, c) is at w[r * row + c * column]. */
struct matrix {
    const float *w;
    ptrdiff_t row, column;
};

/* For one sample the weights lie in blocks of SIDE outputs side by side, the last one narrower, to a whole cache line.
 * A block is a row of biases, then a row for each input. */
enum { SIDE = 64, SIDE_PARTS = 4096 };

static inline ptrdiff_t dense_block_width(const struct dense *dense, ptrdiff_t first)
{
    const ptrdiff_t left = (dense->out - first + 15) / 16 * 16;

    return left < SIDE ? left : SIDE;
}
#endif

#include <nnrun/math.h>

/* Rows of a product a tile takes, so that its accumulators and operands fill the registers; vectors and
 * rows of a tile of the weight gradient. */
#if NNRUN_LEVEL == 2
enum { NNRUN_FN(ROWS) = 24, NNRUN_FN(GRADIENT_ROWS) = 6, NNRUN_FN(GRADIENT_VECS) = 4 };
#else
enum { NNRUN_FN(ROWS) = 12 / NNRUN_VECS, NNRUN_FN(GRADIENT_ROWS) = 3, NNRUN_FN(GRADIENT_VECS) = 4 };
#endif

/* to[r] = base[r] (NULL: 0; or, if it `adds`, to[r]) + sum over c < columns of w[r][c] * from[c], r < R. */
NNRUN_INLINE void NNRUN_FN(rows)(int R, int adds, ptrdiff_t columns, struct matrix m, const float *base,
                                 const float *from, float *to)
{
    const float *w[4]; /* of every eighth row */
    ptrdiff_t step[8];
    nnrun_vec a[32];

    NNRUN_UNROLL
    for (int r = 0; r < R; r += 8)
        w[r / 8] = m.w + r * m.row;
    NNRUN_UNROLL
    for (int r = 0; r < 8; r++)
        step[r] = m.row == 1 ? r : hidden(r * m.row);
    NNRUN_UNROLL
    for (int r = 0; r < R; r++)
        NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++)
        a[r * NNRUN_VECS + v] =
            adds ? nnrun_load(to + r * NNRUN_LANES + v * NNRUN_WIDTH) : nnrun_set(base ? base[r] : 0.0f);
    for (ptrdiff_t c = 0; c < columns; c++, from += NNRUN_LANES) {
        nnrun_vec x[NNRUN_VECS];
        NNRUN_UNROLL
        for (int v = 0; v < NNRUN_VECS; v++)
            x[v] = nnrun_load(from + v * NNRUN_WIDTH);
        NNRUN_UNROLL
        for (int r = 0; r < R; r++) {
            const nnrun_vec one = nnrun_set(w[r / 8][step[r % 8]]);
            NNRUN_UNROLL
            for (int v = 0; v < NNRUN_VECS; v++)
                a[r * NNRUN_VECS + v] = nnrun_fma(one, x[v], a[r * NNRUN_VECS + v]);
        }
        NNRUN_UNROLL
        for (int r = 0; r < R; r += 8)
            w[r / 8] += m.column;
    }
    NNRUN_UNROLL
    for (int r = 0; r < R; r++)
        NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++)
        nnrun_store(to + r * NNRUN_LANES + v * NNRUN_WIDTH, a[r * NNRUN_VECS + v]);
}

/* The product of the whole matrix. */
NNRUN_INLINE void NNRUN_FN(product)(int adds, ptrdiff_t rows, ptrdiff_t columns, struct matrix m,
                                    const float *base, const float *from, float *to)
{
    ptrdiff_t r = 0;

#define TAKE(R)                                                                                              \
    for (; r + (R) <= rows; r += (R)) {                                                                      \
        const struct matrix part = {m.w + r * m.row, m.row, m.column};                                       \
        NNRUN_FN(rows)((R), adds, columns, part, base ? base + r : NULL, from, to + r * NNRUN_LANES);        \
    }
    TAKE(NNRUN_FN(ROWS))
#if NNRUN_LEVEL == 2
    TAKE(12)
    TAKE(6)
#endif
#if NNRUN_LEVEL > 0
    TAKE(4)
    TAKE(2)
#endif
    TAKE(1)
#undef TAKE
}

/* dx, by 32 rows of weights at a time: each is read from its beginning to its end, and processors fetch ahead of so many
 * readers. */
static void NNRUN_FN(input_gradient)(ptrdiff_t in, ptrdiff_t out, const float *w, const float *dy, float *dx)
{
    enum { BLOCK = 32 };

    for (ptrdiff_t o = 0; o < out; o += BLOCK) {
        const struct matrix transposed = {w + o * in, 1, in};
        const ptrdiff_t count = out - o < BLOCK ? out - o : BLOCK;

        if (o == 0)
            NNRUN_FN(product)(0, in, count, transposed, NULL, dy, dx);
        else
            NNRUN_FN(product)(1, in, count, transposed, NULL, dy + o * NNRUN_LANES, dx);
    }
}

/* dw[m][k] = base + sum over the lanes of dy[m] * x[k], m < M, k < V vectors; base is dw[m][k] or 0. */
NNRUN_INLINE void NNRUN_FN(outer)(int M, int V, int stores, const float *dy, const float *turned,
                                  ptrdiff_t turned_step, float *dw, ptrdiff_t dw_step)
{
    nnrun_vec a[32];

    NNRUN_UNROLL
    for (int m = 0; m < M; m++)
        NNRUN_UNROLL
    for (int v = 0; v < V; v++)
        a[m * V + v] = stores ? nnrun_set(0.0f) : nnrun_loadu(dw + m * dw_step + v * NNRUN_WIDTH);
    for (int lane = 0; lane < NNRUN_LANES; lane++, turned += turned_step, dy++) {
        nnrun_vec d[8];
        NNRUN_UNROLL
        for (int m = 0; m < M; m++)
            d[m] = nnrun_set(dy[m * NNRUN_LANES]);
        NNRUN_UNROLL
        for (int v = 0; v < V; v++) {
            const nnrun_vec x = nnrun_load(turned + v * NNRUN_WIDTH);
            NNRUN_UNROLL
            for (int m = 0; m < M; m++)
                a[m * V + v] = nnrun_fma(d[m], x, a[m * V + v]);
        }
    }
    NNRUN_UNROLL
    for (int m = 0; m < M; m++)
        NNRUN_UNROLL
    for (int v = 0; v < V; v++)
        nnrun_storeu(dw + m * dw_step + v * NNRUN_WIDTH, a[m * V + v]);
}

/* M rows of dw. What the tiles leave of a row goes through `end`, room for M vectors. */
NNRUN_INLINE void NNRUN_FN(outer_rows)(int M, int stores, ptrdiff_t in, const float *dy, const float *turned,
                                       ptrdiff_t turned_step, float *end, float *dw)
{
    const ptrdiff_t tile = NNRUN_FN(GRADIENT_VECS) * NNRUN_WIDTH;
    ptrdiff_t k = 0;

    for (; k + tile <= in; k += tile)
        NNRUN_FN(outer)(M, NNRUN_FN(GRADIENT_VECS), stores, dy, turned + k, turned_step, dw + k, in);
    for (; k + NNRUN_WIDTH <= in; k += NNRUN_WIDTH)
        NNRUN_FN(outer)(M, 1, stores, dy, turned + k, turned_step, dw + k, in);
    if (k == in)
        return;
    for (int m = 0; m < M; m++)
        for (ptrdiff_t i = 0; i < NNRUN_WIDTH; i++)
            end[m * NNRUN_WIDTH + i] = k + i < in ? dw[m * in + k + i] : 0.0f;
    NNRUN_FN(outer)(M, 1, stores, dy, turned + k, turned_step, end, NNRUN_WIDTH);
    for (int m = 0; m < M; m++)
        memcpy(dw + m * in + k, end + m * NNRUN_WIDTH, (size_t)(in - k) * sizeof(float));
}

NNRUN_INLINE void NNRUN_FN(weight_gradient)(int stores, ptrdiff_t in, ptrdiff_t out, const float *dy,
                                            const float *turned, ptrdiff_t turned_step, float *end, float *dw)
{
    enum { ROWS = NNRUN_FN(GRADIENT_ROWS) };
    ptrdiff_t m = 0;

    for (; m + ROWS <= out; m += ROWS, dy += ROWS * NNRUN_LANES, dw += ROWS * in)
        NNRUN_FN(outer_rows)(ROWS, stores, in, dy, turned, turned_step, end, dw);
    for (; m < out; m++, dy += NNRUN_LANES, dw += in)
        NNRUN_FN(outer_rows)(1, stores, in, dy, turned, turned_step, end, dw);
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct dense *dense = self;
    const struct matrix weight = {s->w[0], dense->in, 1};

    NNRUN_FN(product)(0, dense->out, dense->in, weight, dense->has_bias ? s->w[1] : NULL, s->x[0], s->y);
}

/* y = a row of biases + sum over k of x[k] * row k, of V vectors from rows on. */
NNRUN_INLINE void NNRUN_FN(side)(int V, ptrdiff_t in, const float *rows, ptrdiff_t step, const float *x,
                                 float *y)
{
    nnrun_vec a[8];

    NNRUN_UNROLL
    for (int v = 0; v < V; v++)
        a[v] = nnrun_load(rows + v * NNRUN_WIDTH);
    for (ptrdiff_t k = 0; k < in; k++) {
        const nnrun_vec value = nnrun_set(x[k]);
        rows += step;
        NNRUN_UNROLL
        for (int v = 0; v < V; v++)
            a[v] = nnrun_fma(nnrun_load(rows + v * NNRUN_WIDTH), value, a[v]);
    }
    NNRUN_UNROLL
    for (int v = 0; v < V; v++)
        nnrun_store(y + v * NNRUN_WIDTH, a[v]);
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const struct dense *dense = self;

    for (ptrdiff_t first = 0; first < dense->out; first += SIDE) {
        const float *rows = (const float *)s->weights + first * (dense->in + 1);
        const ptrdiff_t width = dense_block_width(dense, first);
        ptrdiff_t i = 0;

#define TAKE(V)                                                                                              \
    for (; i + (V)*NNRUN_WIDTH <= width; i += (V)*NNRUN_WIDTH)                                               \
        NNRUN_FN(side)((V), dense->in, rows + i, width, s->x[0], s->y + first + i);
#if NNRUN_LEVEL < 2
        TAKE(8)
#endif
        TAKE(4)
#if NNRUN_LEVEL > 0
        TAKE(2)
#endif
#if NNRUN_LEVEL == 2
        TAKE(1)
#endif
#undef TAKE
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct dense *dense = self;
    const ptrdiff_t in = dense->in, out = dense->out;
    const ptrdiff_t step = (in + 15) / 16 * 16;
    float *turned = s->scratch, *end = turned + NNRUN_LANES * step;

    if (s->dx[0])
        NNRUN_FN(input_gradient)(in, out, s->w[0], s->dy, s->dx[0]);

    const ptrdiff_t whole = in / NNRUN_WIDTH * NNRUN_WIDTH;
    for (ptrdiff_t k = 0; k < whole; k += NNRUN_WIDTH)
        nnrun_transpose(turned + k, step, s->x[0] + k * NNRUN_LANES);
    for (ptrdiff_t k = whole; k < step; k++)
        for (int lane = 0; lane < NNRUN_LANES; lane++)
            turned[lane * step + k] = k < in ? s->x[0][k * NNRUN_LANES + lane] : 0.0f;
    if (s->first_of_group)
        NNRUN_FN(weight_gradient)(1, in, out, s->dy, turned, step, end, s->dw[0]);
    else
        NNRUN_FN(weight_gradient)(0, in, out, s->dy, turned, step, end, s->dw[0]);

    for (ptrdiff_t m = 0; dense->has_bias && m < out; m++) {
        nnrun_vec d[NNRUN_VECS];
        for (int v = 0; v < NNRUN_VECS; v++)
            d[v] = nnrun_load(s->dy + m * NNRUN_LANES + v * NNRUN_WIDTH);
        const float sum = nnrun_lane_sum(d);
        s->dw[1][m] = s->first_of_group ? sum : s->dw[1][m] + sum;
    }
}

#include <nnrun/math_end.h>
