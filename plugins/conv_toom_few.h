/* conv_toom_few.h: y and dw of conv_toom.h's algorithm where there are few channels, included once for each code level.
 * The sums are those of conv_toom_kernels.h, term by term, but go through no memory: few products take longer than that. */
#include "conv_toom_kernels.h"

/* ---- y ---------------------------------------------------------------------------------------------- */

/* Sums of `rows` rows at one point, over channels and rows of the kernel. */
NNRUN_INLINE void NNRUN_FN(few_sums)(int rows, int kernel, const struct few *f, const float *x,
                                     const float *w, nnrun_vec *sum)
{
    NNRUN_UNROLL
    for (int r = 0; r < rows; r++)
        sum[r] = nnrun_set(0.0f);
    for (ptrdiff_t c = 0; c < f->channels; c++, x += f->x_channel, w += kernel) {
        nnrun_vec v[TOOM_ROWS + TOOM_TAPS - 1];

        NNRUN_UNROLL
        for (int r = 0; r < rows + kernel - 1; r++)
            v[r] = nnrun_load(x + r * NNRUN_LANES);
        NNRUN_UNROLL
        for (int u = 0; u < kernel; u++) {
            const nnrun_vec weight = nnrun_set(w[u]);
            NNRUN_UNROLL
            for (int r = 0; r < rows; r++)
                sum[r] = nnrun_fma(weight, v[r + u], sum[r]);
        }
    }
}

/* `rows` rows of a tile and a filter, from row i on. A pair of points is added as soon as it is there. */
NNRUN_INLINE void NNRUN_FN(few_rows)(int points, int outputs, int rows, int kernel, const struct few *f,
                                     ptrdiff_t i, float *y)
{
    nnrun_vec out[TOOM_ROWS][TOOM_OUTPUTS], sum[TOOM_ROWS], minus[TOOM_ROWS];
    const float *x = f->x + i * NNRUN_LANES, *w = f->w;

    NNRUN_FN(few_sums)(rows, kernel, f, x, w, sum);
    NNRUN_UNROLL
    for (int r = 0; r < rows; r++)
        out[r][0] = sum[r];
    NNRUN_UNROLL
    for (int pair = 0; 2 * pair + 2 < points; pair++) {
        x += f->x_point;
        w += f->w_point;
        NNRUN_FN(few_sums)(rows, kernel, f, x, w, sum);
        x += f->x_point;
        w += f->w_point;
        NNRUN_FN(few_sums)(rows, kernel, f, x, w, minus);
        NNRUN_UNROLL
        for (int r = 0; r < rows; r++)
            NNRUN_FN(toom_a_pair)(pair, sum[r], minus[r], out[r]);
    }
    NNRUN_FN(few_sums)(rows, kernel, f, x + f->x_point, w + f->w_point, sum);
    NNRUN_UNROLL
    for (int r = 0; r < rows; r++) {
        out[r][outputs - 1] += sum[r];
        NNRUN_UNROLL
        for (int j = 0; j < outputs; j++)
            if (j < f->count)
                nnrun_store(y + ((i + r) * f->columns + j) * NNRUN_LANES, out[r][j] + nnrun_set(f->bias));
    }
}

/* All rows: three at a time, but for two or four at the end. */
NNRUN_INLINE void NNRUN_FN(few_filter)(int points, int outputs, int kernel, ptrdiff_t rows,
                                       const struct few *f, float *y)
{
    ptrdiff_t i = 0;

    for (; rows - i == 3 || rows - i > 4; i += 3)
        NNRUN_FN(few_rows)(points, outputs, 3, kernel, f, i, y);
    for (; rows - i >= 2; i += 2)
        NNRUN_FN(few_rows)(points, outputs, 2, kernel, f, i, y);
    if (rows > i)
        NNRUN_FN(few_rows)(points, outputs, 1, kernel, f, i, y);
}

/* Scratch: B' x of a tile. */
static void NNRUN_FN(few_y)(const struct conv *k, const float *x, const float *bias, const float *weights,
                            float *scratch, float *y)
{
    const ptrdiff_t rows = k->windows.out[0], columns = k->windows.out[1];
    struct few f = {.x_point = (ptrdiff_t)toom_x_floats(k),
                    .w_point = (ptrdiff_t)toom_w_floats(k),
                    .channels = k->in_channels,
                    .x_channel = k->windows.padded[0] * NNRUN_LANES,
                    .columns = columns};

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++) {
        NNRUN_FN(toom_x)(k, t, x, toom_x_floats(k), f.x_channel, scratch);
        f.count = least(k->toom.outputs, columns - t * k->toom.outputs);
        for (ptrdiff_t o = 0; o < k->out_channels; o++)
            for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
                float *to = y + (o * rows * columns + t * k->toom.outputs) * NNRUN_LANES + lane;

                f.x = scratch + lane;
                f.w = weights + o * k->in_channels * k->windows.kernel[0];
                f.bias = bias ? bias[o] : 0.0f;
                if (k->toom.points == 6)
                    NNRUN_FN(few_filter)(6, 4, 3, rows, &f, to);
                else if (k->toom.outputs == 4)
                    NNRUN_FN(few_filter)(8, 4, 5, rows, &f, to);
                else
                    NNRUN_FN(few_filter)(8, 2, 7, rows, &f, to);
            }
    }
}

/* ---- dw of one channel --------------------------------------------------------------------------------- */

/* Sums of a block of filters at all points, [point][filter][row of the kernel][16]: over tiles, then over rows, of which so
 * many are taken at once that their A dy, in `values`, stays in the L1 cache with the sums. */
static void NNRUN_FN(few_products)(const struct conv *k, const struct block *b, const float *x,
                                   const float *dy, float *values, float *sum)
{
    const ptrdiff_t rows = k->windows.out[0], row = k->windows.out[1] * NNRUN_LANES;
    const ptrdiff_t x_line = k->windows.padded[0] * NNRUN_LANES, x_point = k->toom.tiles * x_line;
    const ptrdiff_t band = most(1, TOOM_BAND / b->tile->c);

    dy += b->at[0] * rows * row;
    for (ptrdiff_t t = 0; t < k->toom.tiles; t++)
        for (ptrdiff_t i = 0; i < rows; i += band) {
            const ptrdiff_t count = least(band, rows - i), floats = b->tile->c * count * NNRUN_LANES;
            const struct rows part = {.filters = b->tile->c, .rows = count};
            const struct products products = {.i = 1,
                                              .j = count,
                                              .dy_c = count * NNRUN_LANES,
                                              .x_j = NNRUN_LANES,
                                              .fresh = t == 0 && i == 0};

            NNRUN_FN(toom_dy)(k, t, part, dy + i * row, (size_t)floats, count * NNRUN_LANES, values);
            for (ptrdiff_t p = 0; p < k->toom.points; p++)
                b->tile->products(&products, values + p * floats,
                                  x + p * x_point + t * x_line + (i + b->at[1]) * NNRUN_LANES,
                                  sum + p * MOST_IN_TILE * NNRUN_LANES);
        }
}

/* Scratch: B' x; and what toom_few_floats() counts. */
static void NNRUN_FN(few_dw)(const struct conv *k, const float *x, const float *dy, float *scratch,
                             int stores, float *dw)
{
    const struct direct lines = {&k->toom.lines, k->in_channels, k->out_channels};
    const ptrdiff_t points = k->toom.points, rows = k->windows.kernel[0], taps = k->windows.kernel[1];
    float *const form = scratch, *const values = form + points * (ptrdiff_t)toom_x_floats(k) * k->toom.tiles;
    float *const sum = values + points * TOOM_BAND * NNRUN_LANES;
    float *const totals = sum + points * MOST_IN_TILE * NNRUN_LANES;
    struct block b = {.tile = NNRUN_FN(choose)(k->out_channels, rows)};
    const ptrdiff_t count = b.tile->c * b.tile->x;

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++)
        NNRUN_FN(toom_x)
    (k, t, x, (size_t)k->toom.tiles * toom_x_floats(k), 0, form + t * (ptrdiff_t)toom_x_floats(k));
    for (b.first[0] = 0; b.first[0] < k->out_channels; b.first[0] += b.tile->c)
        for (b.first[1] = 0; b.first[1] < rows; b.first[1] += b.tile->x) {
            conv_block(&b, &lines);
            NNRUN_FN(few_products)(k, &b, form, dy, values, sum);
            for (ptrdiff_t p = 0; p < points; p++)
                NNRUN_FN(totals)(count, sum + p * MOST_IN_TILE * NNRUN_LANES, totals + p * MOST_IN_TILE);
            if (points == 8)
                NNRUN_FN(toom_dw_points)(8, taps, count, totals, MOST_IN_TILE, values);
            else
                NNRUN_FN(toom_dw_points)(6, taps, count, totals, MOST_IN_TILE, values);
            conv_store_dw(&b, &lines, taps, values, stores, dw);
        }
}
