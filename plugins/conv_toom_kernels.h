/* conv_toom_kernels.h: y, dx and dw by conv_toom.h's algorithm, included once for each code level.
 *
 *   y = A' [(G w) . (B' x)]        dx = B [(G w) . (A dy)], tiles added        dw = G' [sum of (B' x) . (A dy)]
 *
 * G w is [point][filter][channel][row of the kernel], B' x and A dy are [point][channel][tile][row] of 16 lanes, forward
 * having one tile at a time. So each point is a convolution of columns alone, done by conv_direct.h: toom.lines. */
#include "conv_direct.h"
#include "conv_toom_tiles.h"

/* G w of filter `part`. */
static void NNRUN_FN(toom_weights)(const void *self, const float *const *w, void *derived, uint32_t part)
{
    const struct conv *k = self;
    const size_t all = toom_w_floats(k), rows = all / (size_t)k->out_channels;
    const float *from = w[0] + part * rows * (size_t)k->windows.kernel[1];
    float *to = (float *)derived + part * rows;

    if (k->toom.points == 6)
        NNRUN_FN(toom_g)(6, 3, rows, from, to, all);
    else if (k->windows.kernel[1] == 5)
        NNRUN_FN(toom_g)(8, 5, rows, from, to, all);
    else
        NNRUN_FN(toom_g)(8, 7, rows, from, to, all);
}

/* v[i] = column first + i of a row of so many columns, which are 0 where there is none. */
NNRUN_INLINE void NNRUN_FN(toom_columns)(int count, const float *row, ptrdiff_t first, ptrdiff_t columns,
                                         nnrun_vec *v)
{
    NNRUN_UNROLL
    for (int i = 0; i < count; i++)
        v[i] = first + i >= 0 && first + i < columns ? nnrun_load(row + (first + i) * NNRUN_LANES)
                                                     : nnrun_set(0.0f);
}

/* ---- B' x and A dy: of tile t, value [point][channel][row] at to + point * floats + channel * step + row * 16 -------- */

NNRUN_INLINE void NNRUN_FN(toom_x_points)(int points, const struct conv *k, ptrdiff_t t, const float *x,
                                          size_t floats, ptrdiff_t step, float *to)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t first = t * k->toom.outputs - win->pad[1], rows = win->in[0], pad = win->pad[0];

    for (ptrdiff_t c = 0; c < k->in_channels; c++, to += step)
        for (ptrdiff_t i = -pad; i < rows + pad; i++) {
            for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
                nnrun_vec d[TOOM_POINTS], v[TOOM_POINTS];

                NNRUN_FN(toom_columns)(points, x + lane, first, i >= 0 && i < rows ? win->in[1] : 0, d);
                NNRUN_FN(toom_b_turned)(points, d, v);
                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    nnrun_store(to + (size_t)p * floats + (i + pad) * NNRUN_LANES + lane, v[p]);
            }
            if (i >= 0 && i < rows)
                x += win->in[1] * NNRUN_LANES;
        }
}

static void NNRUN_FN(toom_x)(const struct conv *k, ptrdiff_t t, const float *x, size_t floats, ptrdiff_t step,
                             float *to)
{
    if (k->toom.points == 8)
        NNRUN_FN(toom_x_points)(8, k, t, x, floats, step, to);
    else
        NNRUN_FN(toom_x_points)(6, k, t, x, floats, step, to);
}

NNRUN_INLINE void NNRUN_FN(toom_dy_points)(int points, const struct conv *k, ptrdiff_t t, const float *dy,
                                           size_t floats, ptrdiff_t step, float *to)
{
    const ptrdiff_t columns = k->windows.out[1], first = t * k->toom.outputs,
                    end = least(first + k->toom.outputs, columns);

    for (ptrdiff_t o = 0; o < k->out_channels; o++, to += step)
        for (ptrdiff_t i = 0; i < k->windows.out[0]; i++, dy += columns * NNRUN_LANES)
            for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
                nnrun_vec g[TOOM_OUTPUTS], v[TOOM_POINTS];

                NNRUN_FN(toom_columns)(TOOM_OUTPUTS, dy + lane, first, end, g);
                NNRUN_FN(toom_a)(points, k->toom.outputs, g, v);
                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    nnrun_store(to + (size_t)p * floats + i * NNRUN_LANES + lane, v[p]);
            }
}

static void NNRUN_FN(toom_dy)(const struct conv *k, ptrdiff_t t, const float *dy, size_t floats,
                              ptrdiff_t step, float *to)
{
    if (k->toom.points == 8)
        NNRUN_FN(toom_dy_points)(8, k, t, dy, floats, step, to);
    else
        NNRUN_FN(toom_dy_points)(6, k, t, dy, floats, step, to);
}

/* ---- y ---------------------------------------------------------------------------------------------- */

/* Columns of tile t from their sums[point][filter][row]. */
NNRUN_INLINE void NNRUN_FN(toom_y_points)(int points, const struct conv *k, ptrdiff_t t, const float *bias,
                                          const float *sum, float *y)
{
    const ptrdiff_t columns = k->windows.out[1], first = t * k->toom.outputs,
                    count = least(k->toom.outputs, columns - first);
    const size_t floats = toom_y_floats(k);

    for (ptrdiff_t o = 0; o < k->out_channels; o++)
        for (ptrdiff_t i = 0; i < k->windows.out[0]; i++, sum += NNRUN_LANES, y += columns * NNRUN_LANES)
            for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
                nnrun_vec v[TOOM_POINTS], out[TOOM_OUTPUTS];

                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    v[p] = nnrun_load(sum + (size_t)p * floats + lane);
                NNRUN_FN(toom_a_turned)(points, k->toom.outputs, v, out);
                NNRUN_UNROLL
                for (int j = 0; j < TOOM_OUTPUTS; j++)
                    if (j < count)
                        nnrun_store(y + (first + j) * NNRUN_LANES + lane,
                                    out[j] + nnrun_set(bias ? bias[o] : 0.0f));
            }
}

/* Scratch: of a tile B' x, and the sums at each point. */
static void NNRUN_FN(toom_y)(const struct conv *k, const float *x, const float *bias, const float *weights,
                             float *scratch, float *y)
{
    const ptrdiff_t rows = k->windows.out[0], step = k->windows.padded[0] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(k->out_channels, rows);
    struct windows line = k->toom.lines;
    const struct direct direct = {&line, k->in_channels, k->out_channels};
    float *sum = scratch + (size_t)k->toom.points * toom_x_floats(k);

    line.in[0] = line.padded[0] = line.out[0] = 1; /* of one tile */
    for (ptrdiff_t t = 0; t < k->toom.tiles; t++) {
        NNRUN_FN(toom_x)(k, t, x, toom_x_floats(k), step, scratch);
        for (size_t p = 0; p < (size_t)k->toom.points; p++)
            NNRUN_FN(direct_y)
        (&direct, tile, scratch + p * toom_x_floats(k), NULL, weights + p * toom_w_floats(k),
         sum + p * toom_y_floats(k));
        if (k->toom.points == 8)
            NNRUN_FN(toom_y_points)(8, k, t, bias, sum, y);
        else
            NNRUN_FN(toom_y_points)(6, k, t, bias, sum, y);
    }
}

/* ---- dx --------------------------------------------------------------------------------------------- */

/* Adds tile t to dx, from its sums[point][channel][tile][row]. Its first columns are the last ones of the tile before;
 * the others it stores. */
NNRUN_INLINE void NNRUN_FN(toom_dx_points)(int points, int outputs, const struct conv *k, ptrdiff_t t,
                                           const float *sum, size_t floats, float *dx)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t columns = win->in[1], first = t * outputs - win->pad[1];

    for (ptrdiff_t c = 0; c < k->in_channels; c++)
        for (ptrdiff_t i = 0; i < win->in[0]; i++, dx += columns * NNRUN_LANES) {
            const float *from = sum + ((c * k->toom.tiles + t) * win->in[0] + i) * NNRUN_LANES;

            for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
                nnrun_vec v[TOOM_POINTS], d[TOOM_POINTS];

                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    v[p] = nnrun_load(from + (size_t)p * floats + lane);
                NNRUN_FN(toom_b)(points, v, d);
                NNRUN_UNROLL
                for (int j = 0; j < points; j++) {
                    float *to = dx + (first + j) * NNRUN_LANES + lane;
                    if (first + j >= 0 && first + j < columns)
                        nnrun_store(to, j < points - outputs && t > 0 ? nnrun_load(to) + d[j] : d[j]);
                }
            }
        }
}

static void NNRUN_FN(toom_dx)(const struct conv *k, const float *weights, const float *dy, float *sum,
                              float *dx)
{
    const struct direct lines = {&k->toom.lines, k->in_channels, k->out_channels};
    const struct phase phase = NNRUN_FN(direct_phase)(&lines, 0);
    const size_t tiles = (size_t)k->toom.tiles, floats = tiles * toom_x_floats(k);

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++) {
        for (size_t p = 0; p < (size_t)k->toom.points; p++)
            NNRUN_FN(direct_dx)
        (&lines, &phase, t, t + 1, weights + p * toom_w_floats(k), dy + p * tiles * toom_y_floats(k),
         sum + p * floats);
        if (k->toom.points == 6)
            NNRUN_FN(toom_dx_points)(6, 4, k, t, sum, floats, dx);
        else if (k->toom.outputs == 4)
            NNRUN_FN(toom_dx_points)(8, 4, k, t, sum, floats, dx);
        else
            NNRUN_FN(toom_dx_points)(8, 2, k, t, sum, floats, dx);
    }
}

/* ---- dw --------------------------------------------------------------------------------------------- */

/* to[row][tap] from the sums of rows of kernels at each point, a vector of rows at once. */
NNRUN_INLINE void NNRUN_FN(toom_dw_points)(int points, ptrdiff_t taps, ptrdiff_t rows, const float *sum,
                                           size_t floats, float *to)
{
    _Alignas(64) float turned[TOOM_TAPS][NNRUN_WIDTH];

    for (ptrdiff_t r = 0; r < rows; r += NNRUN_WIDTH) {
        nnrun_vec v[TOOM_POINTS], w[TOOM_TAPS];

        NNRUN_UNROLL
        for (int p = 0; p < points; p++)
            v[p] = nnrun_load(sum + (size_t)p * floats + r);
        NNRUN_FN(toom_g_turned)(points, taps, v, w);
        for (ptrdiff_t j = 0; j < taps; j++)
            nnrun_store(turned[j], w[j]);
        for (ptrdiff_t i = 0; i < least(NNRUN_WIDTH, rows - r); i++)
            for (ptrdiff_t j = 0; j < taps; j++)
                *to++ = turned[j][i];
    }
}

/* A block at all points before the next one, so that its sums stay in the L1 cache. */
static void NNRUN_FN(toom_dw)(const struct conv *k, const float *x, const float *dy, float *scratch,
                              int stores, float *dw)
{
    const struct direct lines = {&k->toom.lines, k->in_channels, k->out_channels};
    const size_t points = (size_t)k->toom.points, tiles = (size_t)k->toom.tiles;
    const ptrdiff_t taps = k->windows.kernel[1], rows = k->windows.kernel[0];
    const ptrdiff_t floats = conv_dw_sums(1, k->in_channels);
    float *totals = scratch + floats * NNRUN_LANES, *to = scratch;
    struct block b = {.tile = NNRUN_FN(choose)(k->out_channels, rows)};

    for (b.first[0] = 0; b.first[0] < k->out_channels; b.first[0] += b.tile->c)
        for (b.n = 0; b.n < k->in_channels; b.n += b.channels)
            for (b.first[1] = 0; b.first[1] < rows; b.first[1] += b.tile->x) {
                conv_block(&b, &lines);
                for (size_t p = 0; p < points; p++)
                    NNRUN_FN(direct_dw_block)
                (&lines, &b, x + p * tiles * toom_x_floats(k), dy + p * tiles * toom_y_floats(k), scratch,
                 totals + (ptrdiff_t)p * floats);
                const ptrdiff_t count = b.channels * b.tile->c * b.tile->x;
                if (points == 8)
                    NNRUN_FN(toom_dw_points)(8, taps, count, totals, (size_t)floats, to);
                else
                    NNRUN_FN(toom_dw_points)(6, taps, count, totals, (size_t)floats, to);
                conv_store_dw(&b, &lines, taps, to, stores, dw);
            }
}

/* Scratch: B' x, A dy, and the sums of dw; then the sums of dx where B' x was. */
static void NNRUN_FN(toom_backward)(const struct conv *k, const struct nnrun_slice *s)
{
    const size_t points = (size_t)k->toom.points, tiles = (size_t)k->toom.tiles;
    const size_t x_floats = tiles * toom_x_floats(k), dy_floats = tiles * toom_y_floats(k);
    const ptrdiff_t x_line = k->windows.padded[0] * NNRUN_LANES, dy_line = k->windows.out[0] * NNRUN_LANES;
    float *x = s->scratch, *dy = x + points * x_floats;

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++) {
        NNRUN_FN(toom_x)(k, t, s->x[0], x_floats, k->toom.tiles * x_line, x + t * x_line);
        NNRUN_FN(toom_dy)(k, t, s->dy, dy_floats, k->toom.tiles * dy_line, dy + t * dy_line);
    }
    NNRUN_FN(toom_dw)(k, x, dy, dy + points * dy_floats, s->first_of_group != 0, s->dw[0]);
    if (s->dx[0])
        NNRUN_FN(toom_dx)(k, s->derived, dy, x, s->dx[0]);
}
