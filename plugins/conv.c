/* conv.c: two-dimensional convolution, cross-correlation as in PyTorch's Conv2d:
 *
 *   y[o][i][j] = bias[o] + sum over c, u, v of weight[o][c][u][v] * x[c][i * stride + u - pad][j * stride + v
 * - pad]
 *
 * Every sum is one chain of FMAs a lane, in this order at every code level and tile size:
 *   y      from bias[o] or 0, over c, u, v; the padding takes part as zeros
 *   dx     from 0, over o, u, v ascending; only terms that exist
 *   dw     from 0, over i, j, the padding as zeros; then the lanes' tree, added to dw or stored
 *   dbias  from 0, plain sums over i, j; then likewise
 * So tiles may overlap: what two of them compute is the same. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>
#include <string.h>
#include "conv_tiles.h"

/* Of each pair [0] is for rows, [1] for columns. */
struct conv {
    int32_t filters, has_bias, init;
    struct nnrun_ints kernel_list, stride_list, pad_list;
    ptrdiff_t in_channels, out_channels;
    ptrdiff_t kernel[2], stride[2], pad[2], in[2], padded[2], out[2];
    size_t padded_floats; /* of the padded copy of x in scratch; 0: no padding, no copy */
};

/* The columns of dx that lie a multiple of the stride plus `phase` from the start of the padding: first <= t
 * < end, at `at` + t steps in a row, term v of t being column t - v of dy, which has `columns`. All `taps`
 * terms exist for from <= t < to. What is before and after are edges: the `edge` columns t < edge if
 * `left`, those from right_start on if `right` go by a tile, others one by one. */
struct phase {
    ptrdiff_t phase, at, columns, taps, first, end, from, to, edge, right_start;
    int left, right;
};

static struct phase conv_phase(const struct conv *conv, ptrdiff_t phase,
                               ptrdiff_t (*edge)(ptrdiff_t taps, ptrdiff_t row))
{
    const ptrdiff_t stride = conv->stride[1], pad = conv->pad[1], beyond = pad + conv->in[1] - phase;
    struct phase p = {.phase = phase, .at = (phase - pad) * NNRUN_LANES, .columns = conv->out[1]};

    p.taps = conv->kernel[1] > phase ? (conv->kernel[1] - phase + stride - 1) / stride : 0;
    p.first = pad > phase ? (pad - phase + stride - 1) / stride : 0;
    p.end = beyond > 0 ? most((beyond + stride - 1) / stride, p.first) : p.first;
    p.edge = edge(p.taps, p.end - p.first);
    p.right_start = p.columns + p.taps - 1 - p.edge;
    if (p.taps > 1 && p.taps <= p.edge + 1 && p.columns >= p.edge) {
        p.left = p.first < least(p.taps - 1, p.end);
        p.right = p.end > p.columns;
    }
    p.from = least(p.end, p.left ? p.edge : p.taps > 0 ? most(p.first, p.taps - 1) : p.end);
    p.to = most(p.from, least(p.end, p.right ? p.right_start : p.columns));
    return p;
}

/* The input with its padding: a copy in `room`, or x itself. */
static const float *conv_padded(const struct conv *conv, const float *x, float *room)
{
    const size_t row = (size_t)conv->in[1] * NNRUN_LANES, padded_row = (size_t)conv->padded[1] * NNRUN_LANES;
    const size_t before = (size_t)conv->pad[1] * NNRUN_LANES;

    if (conv->padded_floats == 0)
        return x;
    float *to = room;
    for (ptrdiff_t c = 0; c < conv->in_channels; c++)
        for (ptrdiff_t i = -conv->pad[0]; i < conv->in[0] + conv->pad[0]; i++, to += padded_row) {
            if (i < 0 || i >= conv->in[0]) {
                memset(to, 0, padded_row * sizeof *to);
                continue;
            }
            memset(to, 0, before * sizeof *to);
            memcpy(to + before, x, row * sizeof *to);
            memset(to + before + row, 0, before * sizeof *to);
            x += row;
        }
    return room;
}

#define NNRUN_LEVEL 0
#include "conv.c"
#define NNRUN_LEVEL 1
#include "conv.c"
#define NNRUN_LEVEL 2
#include "conv.c"

static const struct nnrun_setting settings[] = {
    {.name = "filters",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct conv, filters),
     .low = 1,
     .high = INT32_MAX,
     .doc = "channels of the output"},
    {.name = "kernel",
     .kind = NNRUN_INTS,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct conv, kernel_list),
     .most = 2,
     .low = 1,
     .high = 32767,
     .doc = "size of the window: one number, or height and width"},
    {.name = "stride",
     .kind = NNRUN_INTS,
     .offset = offsetof(struct conv, stride_list),
     .most = 2,
     .low = 1,
     .high = 32767,
     .fallback = 1,
     .doc = "step from window to window, height and width"},
    {.name = "pad",
     .kind = NNRUN_INTS,
     .offset = offsetof(struct conv, pad_list),
     .most = 2,
     .low = 0,
     .high = 32767,
     .doc = "zeros added on each side, height and width"},
    {.name = "bias",
     .kind = NNRUN_BOOL,
     .offset = offsetof(struct conv, has_bias),
     .high = 1,
     .fallback = 1,
     .doc = "add a learned constant to each output channel"},
    {.name = "init",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct conv, init),
     .high = 2,
     .choices = "torch|he|xavier",
     .doc = "initial weights: PyTorch's default, He or Xavier (both with zero biases)"},
};

static ptrdiff_t pair_at(const struct nnrun_ints *list, int axis)
{
    return list->value[list->count > 1 ? axis : 0];
}

/* a * b * c, or -1 if it is larger than `limit`. */
static int64_t product_of(ptrdiff_t a, ptrdiff_t b, ptrdiff_t c, int64_t limit)
{
    int64_t product;

    if (__builtin_mul_overflow(a, b, &product) || __builtin_mul_overflow(product, c, &product) ||
        product > limit)
        return -1;
    return product;
}

static int plan(void *self, struct nnrun_plan *plan)
{
    static const uint32_t inits[] = {NNRUN_FAN_IN, NNRUN_HE, NNRUN_XAVIER};
    const int64_t most_values = PTRDIFF_MAX / (NNRUN_LANES * (int64_t)sizeof(float));
    struct conv *conv = self;
    const struct nnrun_shape *input = &plan->input[0];

    if (input->rank < 2 || input->rank > 3)
        return plan->fail(plan, NULL, "the input has %d dimensions, not channels, height and width",
                          input->rank);
    conv->in_channels = input->rank == 3 ? input->dim[0] : 1;
    conv->out_channels = conv->filters;
    for (int axis = 0; axis < 2; axis++) {
        const ptrdiff_t in = input->dim[input->rank - 2 + axis], pad = pair_at(&conv->pad_list, axis);
        const ptrdiff_t kernel = pair_at(&conv->kernel_list, axis),
                        stride = pair_at(&conv->stride_list, axis);

        if (kernel > in + 2 * pad)
            return plan->fail(plan, "kernel", "%td is larger than the %sinput %td", kernel,
                              pad > 0 ? "padded " : "", in + 2 * pad);
        if (in + 2 * pad > INT32_MAX)
            return plan->fail(plan, "pad", "the padded input is too large");
        conv->in[axis] = in;
        conv->kernel[axis] = kernel;
        conv->stride[axis] = stride;
        conv->pad[axis] = pad;
        conv->padded[axis] = in + 2 * pad;
        conv->out[axis] = (in + 2 * pad - kernel) / stride + 1;
    }
    plan->output =
        (struct nnrun_shape){.rank = 3, .dim = {conv->filters, (int32_t)conv->out[0], (int32_t)conv->out[1]}};

    const int64_t values = product_of(conv->out_channels, conv->out[0], conv->out[1], most_values);
    const int64_t padded = product_of(conv->in_channels, conv->padded[0], conv->padded[1], most_values / 2);
    const int64_t fan_in = product_of(conv->in_channels, conv->kernel[0], conv->kernel[1], INT32_MAX);
    const int64_t fan_out = product_of(conv->out_channels, conv->kernel[0], conv->kernel[1], INT32_MAX);
    if (padded < 0)
        return plan->fail(plan, "pad", "the padded input is too large");
    if (values < 0 || fan_in < 0 || fan_out < 0)
        return plan->fail(plan, "filters", "%d of %td x %td are too large", conv->filters, conv->kernel[0],
                          conv->kernel[1]);
    if (conv->pad[0] > 0 || conv->pad[1] > 0)
        conv->padded_floats = (size_t)padded * NNRUN_LANES;
    plan->scratch_bytes =
        (conv->padded_floats + (size_t)conv->kernel[0] * MOST_IN_TILE * NNRUN_LANES) * sizeof(float);
    plan->forward_flops = 2.0 * (double)values * (double)fan_in;
    plan->dx_flops = plan->dw_flops = plan->forward_flops;

    struct nnrun_tensor tensor = {.name = "weight",
                                  .shape = {.rank = 4,
                                            .dim = {conv->filters, (int32_t)conv->in_channels,
                                                    (int32_t)conv->kernel[0], (int32_t)conv->kernel[1]}},
                                  .role = NNRUN_WEIGHT,
                                  .init = inits[conv->init],
                                  .flags = NNRUN_DECAY,
                                  .fan_in = (int32_t)fan_in,
                                  .fan_out = (int32_t)fan_out};
    if (plan->tensor(plan, &tensor) != 0)
        return -1;
    if (!conv->has_bias)
        return 0;
    tensor.name = "bias";
    tensor.shape = (struct nnrun_shape){.rank = 1, .dim = {conv->filters}};
    tensor.init = conv->init == 0 ? NNRUN_FAN_IN : NNRUN_ZEROS;
    tensor.flags = 0;
    return plan->tensor(plan, &tensor);
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "conv",
    .doc = "two-dimensional convolution with learned filters",
    .flags = NNRUN_READS_X | NNRUN_STORES,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct conv),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>
#include "conv_tiles.h"

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
    const float *x = conv_padded(k, s->x[0], s->scratch);
    const ptrdiff_t in_row = k->padded[1] * NNRUN_LANES, out_row = k->out[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(k->out_channels, k->out[1]);
    const struct sums sums = {.n = k->in_channels,
                              .u = k->kernel[0],
                              .v = k->kernel[1],
                              .w_c = k->in_channels * k->kernel[0] * k->kernel[1],
                              .w_n = k->kernel[0] * k->kernel[1],
                              .w_u = k->kernel[1],
                              .w_v = 1,
                              .from_n = k->padded[0] * in_row,
                              .from_u = in_row,
                              .from_v = NNRUN_LANES,
                              .from_x = k->stride[1] * NNRUN_LANES,
                              .to_c = k->out[0] * out_row,
                              .to_x = NNRUN_LANES};

    for (ptrdiff_t i = 0; i < k->out[0]; i++)
        NNRUN_FN(row)
    (&sums, tile, k->out_channels, k->out[1], k->has_bias ? s->w[1] : NULL, s->w[0],
     x + i * k->stride[0] * in_row, s->y + i * out_row);
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
    const ptrdiff_t out_row = k->out[1] * NNRUN_LANES, in_row = k->in[1] * NNRUN_LANES;
    const ptrdiff_t channels = k->in_channels, stride = k->stride[0], step = k->stride[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(channels, most(1, p->to - p->from));
    const struct tile *narrow = NNRUN_FN(choose)(channels, 1);
    const struct edge left = {p->first, least(p->edge, p->end), p->at};
    const struct edge right = {most(p->first - p->right_start, 0), least(p->end - p->right_start, p->edge),
                               p->at + p->right_start * step};
    struct sums s = {.n = k->out_channels,
                     .v = p->taps,
                     .w_c = k->kernel[0] * k->kernel[1],
                     .w_n = channels * k->kernel[0] * k->kernel[1],
                     .w_u = stride * k->kernel[1],
                     .w_v = k->stride[1],
                     .from_n = k->out[0] * out_row,
                     .from_u = -out_row,
                     .from_v = -NNRUN_LANES,
                     .from_x = NNRUN_LANES,
                     .to_c = k->in[0] * in_row,
                     .to_x = step};

    for (ptrdiff_t i = 0; i < k->in[0]; i++, dx += in_row) {
        /* Row i has the terms u = rest + a * stride with row t - a of dy, for those a that exist. */
        const ptrdiff_t rest = (i + k->pad[0]) % stride, t = (i + k->pad[0]) / stride;
        const ptrdiff_t a = most(0, t - k->out[0] + 1);
        const ptrdiff_t terms = least((k->kernel[0] - rest + stride - 1) / stride, t + 1) - a;
        const float *w = weight + (rest + a * stride) * k->kernel[1] + p->phase;
        const float *from = terms > 0 ? dy + (t - a) * out_row : dy;

        s.u = rest < k->kernel[0] ? most(0, terms) : 0;
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

NNRUN_INLINE float NNRUN_FN(total)(const float *lanes)
{
    nnrun_vec a[NNRUN_VECS];

    NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++)
        a[v] = nnrun_load(lanes + v * NNRUN_WIDTH);
    return nnrun_lane_sum(a);
}

static void NNRUN_FN(weight_gradient)(const struct conv *k, const float *x, const float *dy, float *sum,
                                      int stores, float *dw)
{
    const ptrdiff_t in_row = k->padded[1] * NNRUN_LANES, out_row = k->out[1] * NNRUN_LANES;
    const struct tile *tile = NNRUN_FN(choose)(k->out_channels, k->kernel[1]);
    const ptrdiff_t size = tile->c * tile->x * NNRUN_LANES;
    const ptrdiff_t block = most(1, 96 / k->out[1]); /* rows that stay in the L1 cache while u runs */
    struct products products = {.j = k->out[1],
                                .dy_c = k->out[0] * out_row,
                                .dy_i = out_row,
                                .x_i = k->stride[0] * in_row,
                                .x_j = k->stride[1] * NNRUN_LANES};

    for (ptrdiff_t c_done = 0; c_done < k->out_channels; c_done += tile->c)
        for (ptrdiff_t n = 0; n < k->in_channels; n++)
            for (ptrdiff_t t_done = 0; t_done < k->kernel[1]; t_done += tile->x) {
                const ptrdiff_t c = least(c_done, k->out_channels - tile->c);
                const ptrdiff_t t = least(t_done, k->kernel[1] - tile->x);
                const float *corner = x + n * k->padded[0] * in_row + t * NNRUN_LANES;

                memset(sum, 0, (size_t)(k->kernel[0] * size) * sizeof *sum);
                for (ptrdiff_t i = 0; i < k->out[0]; i += block) {
                    products.i = least(block, k->out[0] - i);
                    for (ptrdiff_t u = 0; u < k->kernel[0]; u++)
                        tile->products(&products, dy + c * products.dy_c + i * out_row,
                                       corner + i * products.x_i + u * in_row, sum + u * size);
                }
                for (ptrdiff_t a = c_done; a < c + tile->c; a++)
                    for (ptrdiff_t u = 0; u < k->kernel[0]; u++)
                        for (ptrdiff_t b = t_done; b < t + tile->x; b++) {
                            float *to = dw + ((a * k->in_channels + n) * k->kernel[0] + u) * k->kernel[1] + b;
                            const float *lanes = sum + u * size + ((a - c) * tile->x + b - t) * NNRUN_LANES;
                            const float total = NNRUN_FN(total)(lanes);
                            *to = stores ? total : *to + total;
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
    const ptrdiff_t values = k->out[0] * k->out[1];
    const float *x = conv_padded(k, s->x[0], s->scratch);
    ptrdiff_t c = 0;

    NNRUN_FN(weight_gradient)(k, x, s->dy, (float *)s->scratch + k->padded_floats, s->first != 0, s->dw[0]);
    for (; k->has_bias && c + 4 <= k->out_channels; c += 4)
        NNRUN_FN(bias_gradient)(4, values, s->dy + c * values * NNRUN_LANES, s->first != 0, s->dw[1] + c);
    for (; k->has_bias && c < k->out_channels; c++)
        NNRUN_FN(bias_gradient)(1, values, s->dy + c * values * NNRUN_LANES, s->first != 0, s->dw[1] + c);
    for (ptrdiff_t phase = 0; s->dx[0] && phase < k->stride[1]; phase++) {
        const struct phase p = conv_phase(k, phase, NNRUN_FN(edge_columns));
        if (p.end > p.first)
            NNRUN_FN(phase_gradient)(k, &p, s->w[0], s->dy, s->dx[0]);
    }
}
#include <nnrun/math_end.h>
#endif
