/* conv_toom_tiles.h: the transforms of Toom-Cook convolution for one tile, in registers, included once for each code
 * level. They are linear maps; a matrix turned, as A', is that of the same map backwards. Value i of v belongs to point
 * i of 0, 1, -1, 2, -2 (, 1/2, -1/2), infinity. Each pair of points shares its even and its odd terms. */
#include "conv_toom.h"
#include <nnrun/math.h>

/* G w of rows of kernels: to[p * step] of the first, to[p * step + 1] of the next. In double, rounded once. */
NNRUN_INLINE void NNRUN_FN(toom_g)(int points, int taps, size_t rows, const float *w, float *to, size_t step)
{
    static const double at[] = {1, 2, 0.5}, eight[] = {-2.0 / 9, 1.0 / 90, 32.0 / 45},
                        six[] = {-1.0 / 6, 1.0 / 24};
    const double *factor = points == 8 ? eight : six;

    for (size_t r = 0; r < rows; r++, w += taps, to++) {
        to[0] = points == 8 ? -w[0] : 0.25f * w[0];
        NNRUN_UNROLL
        for (int pair = 0; 2 * pair + 2 < points; pair++) {
            double even = 0, odd = 0, power = 1;

            NNRUN_UNROLL
            for (int i = 0; i < taps; i++, power *= at[pair])
                *(i % 2 ? &odd : &even) += power * (double)w[i];
            to[(size_t)(2 * pair + 1) * step] = (float)(factor[pair] * (even + odd));
            to[(size_t)(2 * pair + 2) * step] = (float)(factor[pair] * (even - odd));
        }
        to[(size_t)(points - 1) * step] = w[taps - 1];
    }
}

/* v = B' d: of `points` inputs. */
NNRUN_INLINE void NNRUN_FN(toom_b_turned)(int points, const nnrun_vec d[TOOM_POINTS],
                                          nnrun_vec v[TOOM_POINTS])
{
    if (points == 6) {
        const nnrun_vec one = nnrun_fma(nnrun_set(-4), d[2], d[4]), two = d[4] - d[2];
        const nnrun_vec one_odd = nnrun_fma(nnrun_set(-4), d[1], d[3]),
                        two_odd = nnrun_set(2) * (d[3] - d[1]);

        v[0] = nnrun_fma(nnrun_set(4), d[0], nnrun_fma(nnrun_set(-5), d[2], d[4]));
        v[1] = one + one_odd;
        v[2] = one - one_odd;
        v[3] = two + two_odd;
        v[4] = two - two_odd;
        v[5] = nnrun_fma(nnrun_set(4), d[1], nnrun_fma(nnrun_set(-5), d[3], d[5]));
        return;
    }
    const nnrun_vec one = nnrun_fma(nnrun_set(-4.25f), d[4], d[2] + d[6]);
    const nnrun_vec one_odd = nnrun_fma(nnrun_set(-4.25f), d[3], d[1] + d[5]);
    const nnrun_vec two = nnrun_fma(nnrun_set(0.25f), d[2], nnrun_fma(nnrun_set(-1.25f), d[4], d[6]));
    const nnrun_vec two_odd =
        nnrun_fma(nnrun_set(2), d[5], nnrun_fma(nnrun_set(-2.5f), d[3], nnrun_set(0.5f) * d[1]));
    const nnrun_vec half = nnrun_fma(nnrun_set(4), d[2], nnrun_fma(nnrun_set(-5), d[4], d[6]));
    const nnrun_vec half_odd =
        nnrun_fma(nnrun_set(2), d[1], nnrun_fma(nnrun_set(-2.5f), d[3], nnrun_set(0.5f) * d[5]));

    v[0] = nnrun_fma(nnrun_set(5.25f), d[2] - d[4], d[6] - d[0]);
    v[1] = one + one_odd;
    v[2] = one - one_odd;
    v[3] = two + two_odd;
    v[4] = two - two_odd;
    v[5] = half + half_odd;
    v[6] = half - half_odd;
    v[7] = nnrun_fma(nnrun_set(5.25f), d[3] - d[5], d[7] - d[1]);
}

/* d = B v: `points` values. */
NNRUN_INLINE void NNRUN_FN(toom_b)(int points, const nnrun_vec v[TOOM_POINTS], nnrun_vec d[TOOM_POINTS])
{
    const nnrun_vec one = v[1] + v[2], one_odd = v[1] - v[2], two = v[3] + v[4], two_odd = v[3] - v[4];

    if (points == 6) {
        d[0] = nnrun_set(4) * v[0];
        d[1] = nnrun_fma(nnrun_set(4), v[5], nnrun_fma(nnrun_set(-2), two_odd, nnrun_set(-4) * one_odd));
        d[2] = nnrun_fma(nnrun_set(-5), v[0], nnrun_fma(nnrun_set(-4), one, -two));
        d[3] = nnrun_fma(nnrun_set(-5), v[5], nnrun_fma(nnrun_set(2), two_odd, one_odd));
        d[4] = (v[0] + one) + two;
        d[5] = v[5];
        return;
    }
    const nnrun_vec half = v[5] + v[6], half_odd = v[5] - v[6];
    d[0] = -v[0];
    d[1] = nnrun_fma(nnrun_set(2), half_odd, nnrun_fma(nnrun_set(0.5f), two_odd, one_odd)) - v[7];
    d[2] = nnrun_fma(nnrun_set(4), half,
                     nnrun_fma(nnrun_set(0.25f), two, nnrun_fma(nnrun_set(5.25f), v[0], one)));
    d[3] = nnrun_fma(nnrun_set(-2.5f), two_odd + half_odd,
                     nnrun_fma(nnrun_set(-4.25f), one_odd, nnrun_set(5.25f) * v[7]));
    d[4] = nnrun_fma(
        nnrun_set(-5), half,
        nnrun_fma(nnrun_set(-1.25f), two, nnrun_fma(nnrun_set(-4.25f), one, nnrun_set(-5.25f) * v[0])));
    d[5] = nnrun_fma(nnrun_set(0.5f), half_odd,
                     nnrun_fma(nnrun_set(2), two_odd, nnrun_fma(nnrun_set(-5.25f), v[7], one_odd)));
    d[6] = ((v[0] + one) + two) + half;
    d[7] = v[7];
}

/* v = A g: of four values, those beyond the tile's 2 or 4 being 0. */
NNRUN_INLINE void NNRUN_FN(toom_a)(int points, ptrdiff_t outputs, const nnrun_vec g[TOOM_OUTPUTS],
                                   nnrun_vec v[TOOM_POINTS])
{
    const nnrun_vec one = g[0] + g[2], one_odd = g[1] + g[3], two = nnrun_fma(nnrun_set(4), g[2], g[0]);
    const nnrun_vec two_odd = nnrun_fma(nnrun_set(8), g[3], nnrun_set(2) * g[1]);

    v[0] = g[0];
    v[1] = one + one_odd;
    v[2] = one - one_odd;
    v[3] = two + two_odd;
    v[4] = two - two_odd;
    if (points == 8) {
        const nnrun_vec half = nnrun_fma(nnrun_set(0.25f), g[2], g[0]);
        const nnrun_vec half_odd = nnrun_fma(nnrun_set(0.125f), g[3], nnrun_set(0.5f) * g[1]);
        v[5] = half + half_odd;
        v[6] = half - half_odd;
    }
    v[points - 1] = outputs == 4 ? g[3] : g[1];
}

/* y before any point but 0: what is added to -0 is what it was. */
NNRUN_INLINE void NNRUN_FN(toom_a_begin)(nnrun_vec zero, nnrun_vec y[TOOM_OUTPUTS])
{
    y[0] = zero;
    y[1] = y[2] = y[3] = nnrun_set(-0.0f);
}

/* Adds to y what a pair of points has. */
NNRUN_INLINE void NNRUN_FN(toom_a_pair)(int pair, nnrun_vec plus, nnrun_vec minus, nnrun_vec y[TOOM_OUTPUTS])
{
    static const float at[] = {1, 2, 0.5f};
    const nnrun_vec even = plus + minus, odd = plus - minus;
    const float q = at[pair];

    y[0] += even;
    y[1] = nnrun_fma(nnrun_set(q), odd, y[1]);
    y[2] = nnrun_fma(nnrun_set(q * q), even, y[2]);
    y[3] = nnrun_fma(nnrun_set(q * q * q), odd, y[3]);
}

/* y = A' v: four values, of which those beyond the tile's 2 or 4 mean nothing. */
NNRUN_INLINE void NNRUN_FN(toom_a_turned)(int points, ptrdiff_t outputs, const nnrun_vec v[TOOM_POINTS],
                                          nnrun_vec y[TOOM_OUTPUTS])
{
    NNRUN_FN(toom_a_begin)(v[0], y);
    NNRUN_UNROLL
    for (int pair = 0; 2 * pair + 2 < points; pair++)
        NNRUN_FN(toom_a_pair)(pair, v[2 * pair + 1], v[2 * pair + 2], y);
    if (outputs == 4)
        y[3] += v[points - 1];
    else
        y[1] += v[points - 1];
}

/* w = G' v: `taps` values; here a vector has as many rows of kernels. */
NNRUN_INLINE void NNRUN_FN(toom_g_turned)(int points, ptrdiff_t taps, const nnrun_vec v[TOOM_POINTS],
                                          nnrun_vec w[TOOM_TAPS])
{
    const nnrun_vec first = nnrun_set(points == 8 ? -2.0f / 9 : -1.0f / 6);
    const nnrun_vec second = nnrun_set(points == 8 ? 1.0f / 90 : 1.0f / 24);
    const nnrun_vec one = first * (v[1] + v[2]), one_odd = first * (v[1] - v[2]);
    const nnrun_vec two = second * (v[3] + v[4]), two_odd = second * (v[3] - v[4]);

    if (points == 6) {
        w[0] = nnrun_fma(nnrun_set(0.25f), v[0], one) + two;
        w[1] = nnrun_fma(nnrun_set(2), two_odd, one_odd);
        w[2] = nnrun_fma(nnrun_set(4), two, one) + v[5];
        return;
    }
    const nnrun_vec third = nnrun_set(32.0f / 45), half = third * (v[5] + v[6]),
                    half_odd = third * (v[5] - v[6]);
    w[0] = ((one - v[0]) + two) + half;
    w[1] = nnrun_fma(nnrun_set(0.5f), half_odd, nnrun_fma(nnrun_set(2), two_odd, one_odd));
    w[2] = nnrun_fma(nnrun_set(0.25f), half, nnrun_fma(nnrun_set(4), two, one));
    w[3] = nnrun_fma(nnrun_set(0.125f), half_odd, nnrun_fma(nnrun_set(8), two_odd, one_odd));
    w[4] = nnrun_fma(nnrun_set(0.0625f), half, nnrun_fma(nnrun_set(16), two, one));
    w[5] = nnrun_fma(nnrun_set(0.03125f), half_odd, nnrun_fma(nnrun_set(32), two_odd, one_odd));
    w[6] = nnrun_fma(nnrun_set(0.015625f), half, nnrun_fma(nnrun_set(64), two, one));
    w[taps - 1] += v[7];
}
