/* conv_toom_few.h: y by conv_toom.h's algorithm where there are few channels, included once for each code level.
 * The sums are those of conv_toom_kernels.h, term by term, but go through no memory: few products take longer than that. */
#include "conv_toom_kernels.h"

/* Sums of FEW_ROWS rows at one point, over channels and rows of the kernel. */
NNRUN_INLINE void NNRUN_FN(few_sums)(int kernel, const struct few *f, const float *x, const float *w,
                                     nnrun_vec *sum)
{
    NNRUN_UNROLL
    for (int r = 0; r < FEW_ROWS; r++)
        sum[r] = nnrun_set(0.0f);
    for (ptrdiff_t c = 0; c < f->channels; c++, x += f->x_channel, w += kernel) {
        nnrun_vec v[FEW_ROWS + FEW_TAPS - 1];

        NNRUN_UNROLL
        for (int r = 0; r < FEW_ROWS + kernel - 1; r++)
            v[r] = nnrun_load(x + r * NNRUN_LANES);
        NNRUN_UNROLL
        for (int u = 0; u < kernel; u++) {
            const nnrun_vec weight = nnrun_set(w[u]);
            NNRUN_UNROLL
            for (int r = 0; r < FEW_ROWS; r++)
                sum[r] = nnrun_fma(weight, v[r + u], sum[r]);
        }
    }
}

/* The rows of a tile and a filter from i on. A pair of points is added as soon as it is there. */
NNRUN_INLINE void NNRUN_FN(few_rows)(int points, int kernel, const struct few *f, ptrdiff_t i, float *y)
{
    nnrun_vec out[FEW_ROWS][TOOM_OUTPUTS], sum[FEW_ROWS], minus[FEW_ROWS];
    const float *x = f->x + i * NNRUN_LANES, *w = f->w;

    NNRUN_FN(few_sums)(kernel, f, x, w, sum);
    NNRUN_UNROLL
    for (int r = 0; r < FEW_ROWS; r++)
        NNRUN_FN(toom_a_begin)(sum[r], out[r]);
    for (int pair = 0; 2 * pair + 2 < points; pair++) {
        x += f->x_point;
        w += f->w_point;
        NNRUN_FN(few_sums)(kernel, f, x, w, sum);
        x += f->x_point;
        w += f->w_point;
        NNRUN_FN(few_sums)(kernel, f, x, w, minus);
        NNRUN_UNROLL
        for (int r = 0; r < FEW_ROWS; r++)
            NNRUN_FN(toom_a_pair)(pair, sum[r], minus[r], out[r]);
    }
    NNRUN_FN(few_sums)(kernel, f, x + f->x_point, w + f->w_point, sum);
    NNRUN_UNROLL
    for (int r = 0; r < FEW_ROWS; r++) {
        out[r][TOOM_OUTPUTS - 1] += sum[r];
        NNRUN_UNROLL
        for (int j = 0; j < TOOM_OUTPUTS; j++)
            if (j < f->count)
                nnrun_store(y + ((i + r) * f->columns + j) * NNRUN_LANES, out[r][j] + nnrun_set(f->bias));
    }
}

/* All rows. The last ones may have been there before, and are the same again. */
NNRUN_INLINE void NNRUN_FN(few_filter)(int points, int kernel, ptrdiff_t rows, const struct few *f, float *y)
{
    for (ptrdiff_t i = 0; i < rows; i += FEW_ROWS)
        NNRUN_FN(few_rows)(points, kernel, f, least(i, rows - FEW_ROWS), y);
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
                    NNRUN_FN(few_filter)(6, 3, rows, &f, to);
                else
                    NNRUN_FN(few_filter)(8, 5, rows, &f, to);
            }
    }
}
