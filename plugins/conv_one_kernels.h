/* conv_one_kernels.h: y of one sample, included once for each code level. conv_one.h says by which ways. */
#include "conv_one.h"
#include "conv_toom_few.h"

/* ---- weights, along filters -------------------------------------------------------------------------- */

/* A filter's terms at to[point * plane + term * 16]. */
static void NNRUN_FN(one_filter)(const struct conv *k, const float *w, float *to, size_t plane)
{
    const ptrdiff_t taps = k->windows.kernel[1];

    for (ptrdiff_t i = one_terms(k); i > 0; i--, to += ONE_SIDE)
        if (!k->toom.forward)
            *to = *w++;
        else {
            if (k->toom.points == 6)
                NNRUN_FN(toom_g)(6, 3, 1, w, to, plane);
            else if (taps == 5)
                NNRUN_FN(toom_g)(8, 5, 1, w, to, plane);
            else
                NNRUN_FN(toom_g)(8, 7, 1, w, to, plane);
            w += taps;
        }
}

/* Those of blocks `part`, `part` + parts, ...; a filter that there is not has zeros. */
static void NNRUN_FN(one_weights)(const void *self, const float *const *w, void *weights, uint32_t part)
{
    const struct conv *k = self;
    const ptrdiff_t filters = one_up(k->out_channels), terms = one_terms(k);
    const ptrdiff_t size = k->in_channels * k->windows.kernel[0] * k->windows.kernel[1];
    const size_t plane = (size_t)(filters * terms);
    float *bias = weights;

    for (uint32_t o = part; k->one.along_rows && o < (uint32_t)k->out_channels; o += k->one.parts)
        NNRUN_FN(toom_weights)(self, w, weights, o);
    if (k->one.along_rows)
        return;
    for (ptrdiff_t first = (ptrdiff_t)part * ONE_SIDE; first < filters;
         first += (ptrdiff_t)TOOM_FILTERS * ONE_SIDE) {
        float *block = bias + filters + first * terms;

        for (ptrdiff_t p = 0; p < one_points(k); p++)
            memset(block + p * (ptrdiff_t)plane, 0, (size_t)(ONE_SIDE * terms) * sizeof *block);
        for (ptrdiff_t o = first; o < first + ONE_SIDE; o++) {
            bias[o] = k->has_bias && o < k->out_channels ? w[1][o] : 0.0f;
            if (o < k->out_channels)
                NNRUN_FN(one_filter)(k, w[0] + o * size, block + (o - first), plane);
        }
    }
}

/* ---- sums, along filters ----------------------------------------------------------------------------- */

/* X of them; from_x is a constant where it can be. */
NNRUN_INLINE void NNRUN_FN(side)(int X, ptrdiff_t from_x, const struct side *s, const float *base,
                                 const float *w, const float *from, float *to)
{
    nnrun_vec a[16];

    NNRUN_UNROLL
    for (int i = 0; i < X * NNRUN_VECS; i++)
        a[i] = base ? nnrun_load(base + i % NNRUN_VECS * NNRUN_WIDTH) : nnrun_set(0.0f);
    for (ptrdiff_t n = 0; n < s->n; n++)
        for (ptrdiff_t u = 0; u < s->u; u++) {
            const float *f = from + n * s->from_n + u * s->from_u;

            for (ptrdiff_t v = s->v; v > 0; v--, f += hidden(1), w += ONE_SIDE) {
                nnrun_vec row[NNRUN_VECS];

                NNRUN_UNROLL
                for (int i = 0; i < NNRUN_VECS; i++)
                    row[i] = nnrun_load(w + i * NNRUN_WIDTH);
                NNRUN_UNROLL
                for (int x = 0; x < X; x++) {
                    const nnrun_vec value = nnrun_set(f[x * from_x]);
                    NNRUN_UNROLL
                    for (int i = 0; i < NNRUN_VECS; i++)
                        a[x * NNRUN_VECS + i] = nnrun_fma(row[i], value, a[x * NNRUN_VECS + i]);
                }
            }
        }
    NNRUN_UNROLL
    for (int i = 0; i < X * NNRUN_VECS; i++)
        nnrun_store(to + i * NNRUN_WIDTH, a[i]);
}

/* As many as fill the registers, and fewer. */
#if NNRUN_LEVEL == 2
#define WIDTHS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)
#elif NNRUN_LEVEL == 1
#define WIDTHS(F) F(1) F(2) F(3) F(4) F(5) F(6)
#else
#define WIDTHS(F) F(1) F(2) F(3)
#endif

#define DEFINE(X)                                                                                            \
    static void NNRUN_FN(side_##X)(const struct side *s, const float *base, const float *w,                  \
                                   const float *from, float *to)                                             \
    {                                                                                                        \
        if (s->from_x == 1)                                                                                  \
            NNRUN_FN(side)(X, 1, s, base, w, from, to);                                                      \
        else                                                                                                 \
            NNRUN_FN(side)(X, s->from_x, s, base, w, from, to);                                              \
    }
WIDTHS(DEFINE)
#undef DEFINE

/* `count` of them, by tiles that are about equally wide; the last one is moved back to fit. */
static void NNRUN_FN(sides)(const struct side *s, ptrdiff_t count, const float *base, const float *w,
                            const float *from, float *to)
{
#define ENTRY(X) NNRUN_FN(side_##X),
    static void (*const tile[])(const struct side *, const float *, const float *, const float *,
                                float *) = {WIDTHS(ENTRY)};
#undef ENTRY
    const ptrdiff_t most = sizeof tile / sizeof tile[0], tiles = (count + most - 1) / most;
    const ptrdiff_t width = (count + tiles - 1) / tiles;

    for (ptrdiff_t i = 0; i < count; i += width) {
        const ptrdiff_t x = least(i, count - width);
        tile[width - 1](s, base, w, from + x * s->from_x, to + x * ONE_SIDE);
    }
}
#undef WIDTHS

/* y[filter][output] of so many filters of a block from [output][16]. What is too much goes to the outputs of the next
 * filter, which follow: the last outputs come first. */
static void NNRUN_FN(one_store)(ptrdiff_t filters, ptrdiff_t outputs, const float *from, float *y)
{
    _Alignas(64) float turned[ONE_SIDE * NNRUN_WIDTH];

    for (ptrdiff_t i = (outputs - 1) / NNRUN_WIDTH * NNRUN_WIDTH; i >= 0; i -= NNRUN_WIDTH) {
        nnrun_turn(turned, NNRUN_WIDTH, from + i * ONE_SIDE);
        for (ptrdiff_t o = 0; o < filters; o++)
            nnrun_storeu(y + o * outputs + i, nnrun_load(turned + o * NNRUN_WIDTH));
    }
}

/* ---- by definition ------------------------------------------------------------------------------------ */

static void NNRUN_FN(one_filters)(const struct conv *k, const float *x, const float *weights, float *scratch,
                                  float *y)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t filters = one_up(k->out_channels), outputs = one_outputs(k);
    const struct side side = {.n = k->in_channels,
                              .u = win->kernel[0],
                              .v = win->kernel[1],
                              .from_n = win->padded[0] * win->padded[1],
                              .from_u = win->padded[1],
                              .from_x = win->stride[1]};

    x = one_padded(k, x, scratch + k->one.outputs);
    for (ptrdiff_t o = 0; o < filters; o += ONE_SIDE) {
        const float *w = weights + filters + o * one_terms(k);

        for (ptrdiff_t i = 0; i < win->out[0]; i++)
            NNRUN_FN(sides)
        (&side, win->out[1], weights + o, w, x + i * win->stride[0] * win->padded[1],
         scratch + i * win->out[1] * ONE_SIDE);
        NNRUN_FN(one_store)(least(ONE_SIDE, k->out_channels - o), outputs, scratch, y + o * outputs);
    }
}

/* y without what is between its rows; the next row overwrites what is too much. */
static void NNRUN_FN(one_pack)(ptrdiff_t filters, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t step,
                               ptrdiff_t plane, const float *from, float *y)
{
    for (ptrdiff_t o = 0; o < filters; o++, from += plane)
        for (ptrdiff_t i = 0; i < rows; i++, y += columns)
            for (ptrdiff_t j = 0; j < columns; j += NNRUN_WIDTH)
                nnrun_storeu(y + j, nnrun_loadu(from + i * step + j));
}

/* Columns are to `sums` what lanes are in a slice, 16 at a time. */
static void NNRUN_FN(one_rows_end_to_end)(const struct conv *k, const float *x, const float *const *w,
                                          float *scratch, float *y)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t span = one_up(one_span(k));
    const struct sums sums = {.n = k->in_channels,
                              .u = win->kernel[0],
                              .v = win->kernel[1],
                              .w_c = k->in_channels * win->kernel[0] * win->kernel[1],
                              .w_n = win->kernel[0] * win->kernel[1],
                              .w_u = win->kernel[1],
                              .w_v = 1,
                              .from_n = win->padded[0] * win->padded[1],
                              .from_u = win->padded[1],
                              .from_v = 1,
                              .from_x = NNRUN_LANES,
                              .to_c = span,
                              .to_x = NNRUN_LANES};

    NNRUN_FN(row)
    (&sums, NNRUN_FN(choose)(k->out_channels, span / NNRUN_LANES), k->out_channels, span / NNRUN_LANES,
     k->has_bias ? w[1] : NULL, w[0], one_padded(k, x, scratch + k->one.outputs), scratch);
    NNRUN_FN(one_pack)(k->out_channels, win->out[0], win->out[1], win->padded[1], span, scratch, y);
}

/* ---- by Toom-Cook -------------------------------------------------------------------------------------- */

/* x[channel][column][row] with its padding, and zeros after it. */
static void NNRUN_FN(one_turned)(const struct conv *k, const float *x, float *to)
{
    const struct windows *win = &k->windows;
    const ptrdiff_t columns = one_columns(k), rows = one_rows(k), pad = win->pad[1], end = pad + win->in[1];
    _Alignas(64) float block[NNRUN_WIDTH * NNRUN_LANES];

    for (ptrdiff_t c = 0; c < k->in_channels; c++, to += columns * rows, x += win->in[0] * win->in[1]) {
        memset(to, 0, (size_t)(pad * rows) * sizeof *to);
        for (ptrdiff_t j = 0; j < win->in[1]; j += NNRUN_LANES)
            for (ptrdiff_t r = 0; r < rows; r += NNRUN_WIDTH) {
                for (ptrdiff_t i = 0; i < NNRUN_WIDTH; i++) {
                    const ptrdiff_t row = r + i - win->pad[0];
                    const int there = row >= 0 && row < win->in[0];

                    for (int v = 0; v < NNRUN_LANES; v += NNRUN_WIDTH)
                        nnrun_store(block + i * NNRUN_LANES + v,
                                    there ? nnrun_loadu(x + row * win->in[1] + j + v) : nnrun_set(0.0f));
                }
                nnrun_turn(to + (pad + j) * rows + r, rows, block);
            }
        if (columns > end)
            memset(to + end * rows, 0, (size_t)((columns - end) * rows) * sizeof *to);
    }
}

/* B' x, vectors along rows. */
NNRUN_INLINE void NNRUN_FN(one_x)(int points, const struct conv *k, const float *turned, float *to)
{
    const ptrdiff_t rows = one_rows(k), plane = k->in_channels * k->toom.tiles * rows;

    for (ptrdiff_t c = 0; c < k->in_channels; c++, turned += one_columns(k) * rows)
        for (ptrdiff_t t = 0; t < k->toom.tiles; t++, to += rows)
            for (ptrdiff_t r = 0; r < rows; r += NNRUN_WIDTH) {
                nnrun_vec d[TOOM_POINTS], v[TOOM_POINTS];

                NNRUN_UNROLL
                for (int i = 0; i < points; i++)
                    d[i] = nnrun_load(turned + (t * k->toom.outputs + i) * rows + r);
                NNRUN_FN(toom_b_turned)(points, d, v);
                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    nnrun_store(to + p * plane + r, v[p]);
            }
}

/* A block's outputs from its sums. */
NNRUN_INLINE void NNRUN_FN(one_y)(int points, const struct conv *k, const float *bias, const float *sum,
                                  float *to)
{
    const ptrdiff_t *out = k->windows.out, step = k->toom.tiles * out[0] * ONE_SIDE;

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++, to += k->toom.outputs * ONE_SIDE)
        for (ptrdiff_t i = 0; i < out[0]; i++, sum += ONE_SIDE)
            for (int f = 0; f < ONE_SIDE; f += NNRUN_WIDTH) {
                nnrun_vec v[TOOM_POINTS], y[TOOM_OUTPUTS];

                NNRUN_UNROLL
                for (int p = 0; p < points; p++)
                    v[p] = nnrun_load(sum + p * step + f);
                NNRUN_FN(toom_a_turned)(points, k->toom.outputs, v, y);
                NNRUN_UNROLL
                for (int j = 0; j < TOOM_OUTPUTS; j++)
                    if (j < least(k->toom.outputs, out[1] - t * k->toom.outputs))
                        nnrun_store(to + (i * out[1] + j) * ONE_SIDE + f, y[j] + nnrun_load(bias + f));
            }
}

/* B' x[point][channel][tile][row]. */
static void NNRUN_FN(one_form)(const struct conv *k, const float *x, float *turned, float *form)
{
    NNRUN_FN(one_turned)(k, x, turned);
    if (k->toom.points == 8)
        NNRUN_FN(one_x)(8, k, turned, form);
    else
        NNRUN_FN(one_x)(6, k, turned, form);
}

static void NNRUN_FN(one_toom)(const struct conv *k, const float *x, const float *weights, float *scratch,
                               float *y)
{
    const ptrdiff_t rows = one_rows(k), filters = one_up(k->out_channels), outputs = one_outputs(k);
    const ptrdiff_t tiles = k->toom.tiles, out_rows = k->windows.out[0];
    const struct one *s = &k->one;
    const struct side side = {
        .n = k->in_channels, .u = 1, .v = k->windows.kernel[0], .from_n = tiles * rows, .from_x = 1};
    float *turned = scratch, *form = turned + s->turned, *sum = form + s->form, *to = sum + s->sum;

    NNRUN_FN(one_form)(k, x, turned, form);
    for (ptrdiff_t o = 0; o < filters; o += ONE_SIDE) {
        for (ptrdiff_t p = 0; p < k->toom.points; p++) {
            const float *w = weights + filters + (p * filters + o) * one_terms(k);

            for (ptrdiff_t t = 0; t < tiles; t++)
                NNRUN_FN(sides)
            (&side, out_rows, NULL, w, form + (p * k->in_channels * tiles + t) * rows,
             sum + (p * tiles + t) * out_rows * ONE_SIDE);
        }
        if (k->toom.points == 8)
            NNRUN_FN(one_y)(8, k, weights + o, sum, to);
        else
            NNRUN_FN(one_y)(6, k, weights + o, sum, to);
        NNRUN_FN(one_store)(least(ONE_SIDE, k->out_channels - o), outputs, to, y + o * outputs);
    }
}

/* Rows of a filter from its sums[point][tile][row], by way of room[column][row]. */
NNRUN_INLINE void NNRUN_FN(one_y_rows)(int points, const struct conv *k, float bias, const float *sum,
                                       float *room, float *to)
{
    const ptrdiff_t rows = one_rows(k), columns = one_up(k->windows.out[1]);
    const ptrdiff_t step = k->out_channels * k->toom.tiles * rows;

    for (ptrdiff_t t = 0; t < k->toom.tiles; t++)
        for (ptrdiff_t r = 0; r < rows; r += NNRUN_WIDTH, sum += NNRUN_WIDTH) {
            nnrun_vec v[TOOM_POINTS], y[TOOM_OUTPUTS];

            NNRUN_UNROLL
            for (int p = 0; p < points; p++)
                v[p] = nnrun_load(sum + p * step);
            NNRUN_FN(toom_a_turned)(points, k->toom.outputs, v, y);
            NNRUN_UNROLL
            for (int j = 0; j < TOOM_OUTPUTS; j++)
                if (j < k->toom.outputs)
                    nnrun_store(room + (t * k->toom.outputs + j) * rows + r, y[j] + nnrun_set(bias));
        }
    for (ptrdiff_t j = 0; j < columns; j += NNRUN_WIDTH)
        for (ptrdiff_t r = 0; r < rows; r += NNRUN_LANES) {
            _Alignas(64) float block[NNRUN_WIDTH * NNRUN_LANES];

            for (ptrdiff_t i = 0; i < NNRUN_WIDTH; i++)
                for (int v = 0; v < NNRUN_LANES; v += NNRUN_WIDTH)
                    nnrun_store(block + i * NNRUN_LANES + v, nnrun_load(room + (j + i) * rows + r + v));
            nnrun_turn(to + r * columns + j, columns, block);
        }
}

/* The rows of all tiles are to `sums` what lanes are in a slice, 16 at a time; those between tiles mean nothing. */
static void NNRUN_FN(one_toom_rows)(const struct conv *k, const float *x, const float *bias,
                                    const float *weights, float *scratch, float *y)
{
    const ptrdiff_t rows = one_rows(k), plane = k->toom.tiles * rows, columns = one_up(k->windows.out[1]);
    const ptrdiff_t kernel = k->windows.kernel[0], in = k->in_channels, out = k->out_channels;
    const struct one *s = &k->one;
    const struct sums sums = {.n = in,
                              .u = 1,
                              .v = kernel,
                              .w_c = in * kernel,
                              .w_n = kernel,
                              .w_v = 1,
                              .from_n = plane,
                              .from_v = 1,
                              .from_x = NNRUN_LANES,
                              .to_c = plane,
                              .to_x = NNRUN_LANES};
    const struct tile *tile = NNRUN_FN(choose)(out, plane / NNRUN_LANES);
    float *turned = scratch, *form = turned + s->turned, *sum = form + s->form, *to = sum + s->sum;

    NNRUN_FN(one_form)(k, x, turned, form);
    memset(form + k->toom.points * in * plane, 0,
           ONE_SIDE * sizeof *form); /* the last vector reads past it */
    for (ptrdiff_t p = 0; p < k->toom.points; p++)
        NNRUN_FN(row)
    (&sums, tile, out, plane / NNRUN_LANES, NULL, weights + p * (ptrdiff_t)toom_w_floats(k),
     form + p * in * plane, sum + p * out * plane);
    for (ptrdiff_t o = 0; o < out; o++) {
        const float b = bias ? bias[o] : 0.0f;
        float *plane_of_y = to + o * rows * columns;

        if (k->toom.points == 8)
            NNRUN_FN(one_y_rows)(8, k, b, sum + o * plane, turned, plane_of_y);
        else
            NNRUN_FN(one_y_rows)(6, k, b, sum + o * plane, turned, plane_of_y);
    }
    NNRUN_FN(one_pack)(out, k->windows.out[0], k->windows.out[1], columns, rows * columns, to, y);
}

static void NNRUN_FN(one)(const void *self, const struct nnrun_one_sample *s)
{
    const struct conv *k = self;

    if (k->one.along_rows)
        NNRUN_FN(one_toom_rows)
    (k, s->x[0], k->has_bias ? s->w[1] : NULL, s->weights, s->scratch, s->y);
    else if (k->toom.forward) NNRUN_FN(one_toom)(k, s->x[0], s->weights, s->scratch, s->y);
    else if (k->one.along_columns) NNRUN_FN(one_rows_end_to_end)(k, s->x[0], s->w, s->scratch, s->y);
    else NNRUN_FN(one_filters)(k, s->x[0], s->weights, s->scratch, s->y);
}
