/* conv_tiles.h: the inner loops of conv_kernels.h: sums of products with their accumulators in registers.
 * Counts are of values, steps of floats. */
#include "conv.h"
#include <nnrun/math.h>

/* One tile of sums, NNRUN_WIDTH lanes at a time. from_x is a constant where it can be. */
NNRUN_INLINE void NNRUN_FN(sums)(int C, int X, ptrdiff_t from_x, const struct sums *s, const float *base,
                                 const float *w, const float *from, float *to)
{
    const ptrdiff_t w_c = s->w_c, w_v = s->w_v, from_v = hidden(s->from_v);

    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec a[MOST_IN_TILE];

        NNRUN_UNROLL
        for (int c = 0; c < C; c++)
            NNRUN_UNROLL
        for (int x = 0; x < X; x++)
            a[c * X + x] = nnrun_set(base ? base[c] : 0.0f);
        for (ptrdiff_t n = 0; n < s->n; n++)
            for (ptrdiff_t u = 0; u < s->u; u++) {
                const float *f = from + n * s->from_n + u * s->from_u + lane;
                const float *k = w + n * s->w_n + u * s->w_u;
                for (ptrdiff_t v = s->v; v > 0; v--, k += w_v, f += from_v) {
                    nnrun_vec few[MOST_IN_TILE];
                    if (C <= X) {
                        NNRUN_UNROLL
                        for (int c = 0; c < C; c++)
                            few[c] = nnrun_hold(nnrun_set(k[c * w_c]));
                        NNRUN_UNROLL
                        for (int x = 0; x < X; x++) {
                            const nnrun_vec one = nnrun_hold(nnrun_loadu(f + x * from_x));
                            NNRUN_UNROLL
                            for (int c = 0; c < C; c++)
                                a[c * X + x] = nnrun_fma(few[c], one, a[c * X + x]);
                        }
                    } else {
                        NNRUN_UNROLL
                        for (int x = 0; x < X; x++)
                            few[x] = nnrun_loadu(f + x * from_x);
                        NNRUN_UNROLL
                        for (int c = 0; c < C; c++) {
                            const nnrun_vec one = nnrun_hold(nnrun_set(k[c * w_c]));
                            NNRUN_UNROLL
                            for (int x = 0; x < X; x++)
                                a[c * X + x] = nnrun_fma(one, few[x], a[c * X + x]);
                        }
                    }
                }
            }
        NNRUN_UNROLL
        for (int c = 0; c < C; c++)
            NNRUN_UNROLL
        for (int x = 0; x < X; x++)
            nnrun_store(to + c * s->to_c + x * s->to_x + lane, a[c * X + x]);
    }
}

/* E columns at an end of a row of dx, where the row of dy runs out: column x has the terms v <= x or,
 * counted from the right end, those that leave at most as many as there are columns behind it. `from` is the
 * column of dy that belongs to x = 0, v = 0. */
NNRUN_INLINE void NNRUN_FN(edge)(int C, int E, int right, const struct edge *e, const struct sums *s,
                                 const float *w, const float *from, float *to)
{
    const ptrdiff_t w_c = s->w_c, w_v = s->w_v, from_v = hidden(s->from_v), taps = s->v;
    const ptrdiff_t skip = right ? most(taps - E, 0) : 0;

    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec a[MOST_IN_TILE];

        NNRUN_UNROLL
        for (int i = 0; i < C * E; i++)
            a[i] = nnrun_set(0.0f);
        for (ptrdiff_t n = 0; n < s->n; n++)
            for (ptrdiff_t u = 0; u < s->u; u++) {
                const float *f = from + n * s->from_n + u * s->from_u + skip * from_v + lane;
                const float *k = w + n * s->w_n + u * s->w_u + skip * w_v;
                NNRUN_UNROLL
                for (int i = 0; i < E; i++) {
                    const int missing = right ? E - 1 - i : i; /* columns without this term */
                    nnrun_vec few[MOST_IN_TILE];
                    if (missing >= taps)
                        continue;
                    NNRUN_UNROLL
                    for (int c = 0; c < C; c++)
                        few[c] = nnrun_hold(nnrun_set(k[c * w_c]));
                    NNRUN_UNROLL
                    for (int x = 0; x < E; x++)
                        if (right ? x < E - missing : x >= missing) {
                            const nnrun_vec one = nnrun_hold(nnrun_load(f + x * NNRUN_LANES));
                            NNRUN_UNROLL
                            for (int c = 0; c < C; c++)
                                a[c * E + x] = nnrun_fma(few[c], one, a[c * E + x]);
                        }
                    k += w_v;
                    f += from_v;
                }
            }
        NNRUN_UNROLL
        for (int c = 0; c < C; c++)
            NNRUN_UNROLL
        for (int x = 0; x < E; x++)
            if (x >= e->first && x < e->end)
                nnrun_store(to + (e->at + c * s->to_c + x * s->to_x + lane), a[c * E + x]);
    }
}

/* One tile of products. */
NNRUN_INLINE void NNRUN_FN(products)(int C, int T, const struct products *p, const float *dy, const float *x,
                                     float *sum)
{
    const ptrdiff_t dy_c = p->dy_c, x_j = hidden(p->x_j);

    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        nnrun_vec a[MOST_IN_TILE];

        NNRUN_UNROLL
        for (int i = 0; i < C * T; i++)
            a[i] = p->fresh ? nnrun_set(0.0f) : nnrun_load(sum + i * NNRUN_LANES + lane);
        for (ptrdiff_t i = 0; i < p->i; i++) {
            const float *d = dy + i * p->dy_i + lane, *f = x + i * p->x_i + lane;
            for (ptrdiff_t j = p->j; j > 0; j--, d += NNRUN_LANES, f += x_j) {
                nnrun_vec few[MOST_IN_TILE];
                if (C <= T) {
                    NNRUN_UNROLL
                    for (int c = 0; c < C; c++)
                        few[c] = nnrun_load(d + c * dy_c);
                    NNRUN_UNROLL
                    for (int t = 0; t < T; t++) {
                        const nnrun_vec one = nnrun_hold(nnrun_load(f + t * NNRUN_LANES));
                        NNRUN_UNROLL
                        for (int c = 0; c < C; c++)
                            a[c * T + t] = nnrun_fma(few[c], one, a[c * T + t]);
                    }
                } else {
                    NNRUN_UNROLL
                    for (int t = 0; t < T; t++)
                        few[t] = nnrun_load(f + t * NNRUN_LANES);
                    NNRUN_UNROLL
                    for (int c = 0; c < C; c++) {
                        const nnrun_vec one = nnrun_hold(nnrun_load(d + c * dy_c));
                        NNRUN_UNROLL
                        for (int t = 0; t < T; t++)
                            a[c * T + t] = nnrun_fma(one, few[t], a[c * T + t]);
                    }
                }
            }
        }
        NNRUN_UNROLL
        for (int i = 0; i < C * T; i++)
            nnrun_store(sum + i * NNRUN_LANES + lane, a[i]);
    }
}

/* Tiles that fill 16 or 32 registers with accumulators, the fewer of the two operands and one of the other.
 */
#if NNRUN_LEVEL == 2
#define TILES(F)                                                                                             \
    F(3, 8)                                                                                                  \
    F(4, 6)                                                                                                  \
    F(4, 5)                                                                                                  \
    F(5, 5)                                                                                                  \
    F(5, 4)                                                                                                  \
    F(6, 4)                                                                                                  \
    F(3, 7)                                                                                                  \
    F(3, 5) F(2, 10) F(8, 3) F(10, 2) F(16, 1) F(2, 5) F(4, 2) F(2, 2) F(1, 10) F(1, 4) F(4, 1) F(1, 1)
#else
#define TILES(F)                                                                                             \
    F(3, 4) F(2, 6) F(2, 5) F(4, 3) F(6, 2) F(12, 1) F(2, 4) F(3, 3) F(2, 2) F(1, 10) F(1, 4) F(4, 1) F(1, 1)
#endif

#define DEFINE(C, X)                                                                                         \
    static void NNRUN_FN(sums_##C##_##X)(const struct sums *s, const float *base, const float *w,            \
                                         const float *from, float *to)                                       \
    {                                                                                                        \
        if (s->from_x == NNRUN_LANES)                                                                        \
            NNRUN_FN(sums)(C, X, NNRUN_LANES, s, base, w, from, to);                                         \
        else                                                                                                 \
            NNRUN_FN(sums)(C, X, s->from_x, s, base, w, from, to);                                           \
    }                                                                                                        \
    static void NNRUN_FN(products_##C##_##X)(const struct products *p, const float *dy, const float *x,      \
                                             float *sum)                                                     \
    {                                                                                                        \
        NNRUN_FN(products)(C, X, p, dy, x, sum);                                                             \
    }
TILES(DEFINE)
#undef DEFINE

#define ENTRY(C, X) {C, X, NNRUN_FN(sums_##C##_##X), NNRUN_FN(products_##C##_##X)},
static const struct tile NNRUN_FN(tiles)[] = {TILES(ENTRY)};
#undef ENTRY
#undef TILES

static const struct tile *NNRUN_FN(choose)(ptrdiff_t channels, ptrdiff_t columns)
{
    return conv_tile(NNRUN_FN(tiles), sizeof NNRUN_FN(tiles) / sizeof NNRUN_FN(tiles)[0], channels, columns);
}
