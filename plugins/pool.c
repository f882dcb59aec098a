/* pool.c: the largest or the mean value of each window of a channel (PyTorch's MaxPool2d, AvgPool2d).
 *
 * Windows start at (i * stride - pad, j * stride - pad); those that would reach past the padding at the end
 * are left out. Max: cells of the padding do not take part, the first of equal values in the order of
 * rows, then columns, gets the gradient; NaN counts as largest. Average: the sum in the same order, divided
 * by the window's size, padding included. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

enum mode { MODE_MAX = 0, MODE_AVERAGE = 1 };

/* Of each pair [0] is for rows, [1] for columns. */
struct pool {
    int32_t mode;
    struct nnrun_ints kernel_list, stride_list, pad_list;
    ptrdiff_t channels;
    ptrdiff_t kernel[2], stride[2], pad[2], in[2], out[2];
    float size; /* cells of a window */
    int halves; /* max over windows of 2 x 2 that tile the input */
};

/* A window without the cells of the padding: its first cell's place in the window and in the channel, and how
 * many cells there are. */
struct window {
    ptrdiff_t place[2], cell[2], count[2];
};

static inline void pool_clip(const struct pool *pool, int axis, ptrdiff_t index, struct window *window)
{
    const ptrdiff_t start = index * pool->stride[axis] - pool->pad[axis], end = start + pool->kernel[axis];

    window->cell[axis] = start < 0 ? 0 : start;
    window->place[axis] = window->cell[axis] - start;
    window->count[axis] = (end > pool->in[axis] ? pool->in[axis] : end) - window->cell[axis];
}

#define NNRUN_LEVEL 0
#include "pool.c"
#define NNRUN_LEVEL 1
#include "pool.c"
#define NNRUN_LEVEL 2
#include "pool.c"

static const struct nnrun_setting settings[] = {
    {.name = "mode",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct pool, mode),
     .high = 1,
     .choices = "max|average",
     .doc = "what a window becomes"},
    {.name = "kernel",
     .kind = NNRUN_INTS,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct pool, kernel_list),
     .most = 2,
     .low = 1,
     .high = 32767,
     .doc = "size of the window: one number, or height and width"},
    {.name = "stride",
     .kind = NNRUN_INTS,
     .offset = offsetof(struct pool, stride_list),
     .most = 2,
     .low = 0,
     .high = 32767,
     .doc = "step from window to window, height and width; 0: the kernel's size"},
    {.name = "pad",
     .kind = NNRUN_INTS,
     .offset = offsetof(struct pool, pad_list),
     .most = 2,
     .low = 0,
     .high = 16383,
     .doc = "padding on each side, height and width; at most half the kernel"},
};

static ptrdiff_t pair_at(const struct nnrun_ints *list, int axis)
{
    return list->value[list->count > 1 ? axis : 0];
}

static int plan(void *self, struct nnrun_plan *plan)
{
    struct pool *pool = self;
    const struct nnrun_shape *input = &plan->input[0];

    if (input->rank < 2 || input->rank > 3)
        return plan->fail(plan, NULL, "the input has %d dimensions, not channels, height and width",
                          input->rank);
    pool->channels = input->rank == 3 ? input->dim[0] : 1;
    pool->halves = pool->mode == MODE_MAX;
    plan->output = *input;
    for (int axis = 0; axis < 2; axis++) {
        const ptrdiff_t in = input->dim[input->rank - 2 + axis], pad = pair_at(&pool->pad_list, axis);
        const ptrdiff_t kernel = pair_at(&pool->kernel_list, axis);
        const ptrdiff_t given = pair_at(&pool->stride_list, axis), stride = given ? given : kernel;

        if (2 * pad > kernel)
            return plan->fail(plan, "pad", "%td is larger than half the kernel, %td", pad, kernel);
        if (kernel > in + 2 * pad)
            return plan->fail(plan, "kernel", "%td is larger than the %sinput %td", kernel,
                              pad ? "padded " : "", in + 2 * pad);
        pool->in[axis] = in;
        pool->kernel[axis] = kernel;
        pool->stride[axis] = stride;
        pool->pad[axis] = pad;
        pool->out[axis] = (in + 2 * pad - kernel) / stride + 1;
        pool->halves &= kernel == 2 && stride == 2 && pad == 0 && in % 2 == 0;
        plan->output.dim[input->rank - 2 + axis] = (int32_t)pool->out[axis];
    }
    /* The output may have more cells than the input only by padding, at most twice along an axis. */
    const double values = (double)pool->channels * (double)pool->out[0] * (double)pool->out[1];
    if (values * NNRUN_LANES * sizeof(float) > (double)(PTRDIFF_MAX / 2))
        return plan->fail(plan, NULL, "the output is too large");
    if (pool->mode == MODE_MAX)
        plan->keep_bytes =
            (size_t)(pool->channels * pool->out[0] * pool->out[1]) * NNRUN_LANES * sizeof(int32_t);
    pool->size = (float)(pool->kernel[0] * pool->kernel[1]);
    plan->forward_flops = plan->dx_flops = values * (double)(pool->kernel[0] * pool->kernel[1]);
    return 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "pool",
    .doc = "the largest or the mean value of each window of a channel",
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct pool),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

/* A window whose first cell is x[0] -> y; kept: the place of the largest, NULL: nobody will ask. */
NNRUN_INLINE void NNRUN_FN(reduce)(int mode, ptrdiff_t height, ptrdiff_t width, const struct window *window,
                                   const struct pool *p, const float *x, float *y, float *kept)
{
    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        int32_t row = (int32_t)(window->place[0] * p->kernel[1] + window->place[1]);
        nnrun_vec best = nnrun_set(mode == MODE_MAX ? -__builtin_inff() : 0.0f);
        nnrun_ivec place = (nnrun_ivec){0} + row;

        for (ptrdiff_t u = 0; u < height; u++, row += (int32_t)p->kernel[1])
            for (ptrdiff_t v = 0; v < width; v++) {
                const nnrun_vec value = nnrun_load(x + (u * p->in[1] + v) * NNRUN_LANES + lane);
                if (mode == MODE_MAX) {
                    const nnrun_ivec larger = (value > best) | (value != value);
                    const nnrun_ivec here = (nnrun_ivec){0} + (row + (int32_t)v);
                    best = nnrun_select(larger, value, best);
                    place = (nnrun_ivec)nnrun_select(larger, (nnrun_vec)here, (nnrun_vec)place);
                } else {
                    best += value;
                }
            }
        nnrun_store(y + lane, mode == MODE_MAX ? best : best / nnrun_set(p->size));
        if (mode == MODE_MAX && kept)
            nnrun_store(kept + lane, (nnrun_vec)place);
    }
}

/* Hands a window's gradient to its cells, dx[0] the first: stored if they have no other, else added. */
NNRUN_INLINE void NNRUN_FN(spread)(int mode, int stores, ptrdiff_t height, ptrdiff_t width,
                                   const struct window *window, const struct pool *p, const float *dy,
                                   const float *kept, float *dx)
{
    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_WIDTH) {
        int32_t row = (int32_t)(window->place[0] * p->kernel[1] + window->place[1]);
        const nnrun_vec dy_lanes = nnrun_load(dy + lane);
        const nnrun_vec gradient = mode == MODE_MAX ? dy_lanes : dy_lanes / nnrun_set(p->size);
        const nnrun_ivec place = mode == MODE_MAX ? (nnrun_ivec)nnrun_load(kept + lane) : (nnrun_ivec){0};

        for (ptrdiff_t u = 0; u < height; u++, row += (int32_t)p->kernel[1])
            for (ptrdiff_t v = 0; v < width; v++) {
                float *cell = dx + (u * p->in[1] + v) * NNRUN_LANES + lane;
                const nnrun_ivec here = place == (nnrun_ivec){0} + (row + (int32_t)v);
                const nnrun_vec part =
                    mode == MODE_MAX ? nnrun_select(here, gradient, nnrun_set(0.0f)) : gradient;
                nnrun_store(cell, stores ? part : nnrun_load(cell) + part);
            }
    }
}

/* All windows of a slice. `halves` is p->halves, told to the compiler. */
NNRUN_INLINE void NNRUN_FN(windows)(int backward, int mode, int halves, const struct pool *p,
                                    const struct nnrun_slice *s)
{
    const ptrdiff_t channel = p->in[0] * p->in[1] * NNRUN_LANES;
    struct window window;
    size_t y = 0;

    for (ptrdiff_t c = 0; c < p->channels; c++)
        for (ptrdiff_t i = 0; i < p->out[0]; i++) {
            pool_clip(p, 0, i, &window);
            for (ptrdiff_t j = 0; j < p->out[1]; j++, y += NNRUN_LANES) {
                pool_clip(p, 1, j, &window);
                const ptrdiff_t first =
                    c * channel + (window.cell[0] * p->in[1] + window.cell[1]) * NNRUN_LANES;
                const ptrdiff_t height = halves ? 2 : window.count[0], width = halves ? 2 : window.count[1];
                float *kept = s->keep ? (float *)s->keep + y : NULL;
                const float *from = backward ? s->dy + y : s->x[0] + first;
                float *to = backward ? s->dx[0] + first : s->y + y;
                if (backward)
                    NNRUN_FN(spread)(mode, halves, height, width, &window, p, from, kept, to);
                else
                    NNRUN_FN(reduce)(mode, height, width, &window, p, from, to, kept);
            }
        }
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(0, MODE_AVERAGE, 0, p, s);
    else if (p->halves)
        NNRUN_FN(windows)(0, MODE_MAX, 1, p, s);
    else
        NNRUN_FN(windows)(0, MODE_MAX, 0, p, s);
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct pool *p = self;

    if (!s->dx[0])
        return;
    if (!p->halves)
        memset(s->dx[0], 0, (size_t)(p->channels * p->in[0] * p->in[1]) * NNRUN_LANES * sizeof(float));
    if (p->mode == MODE_AVERAGE)
        NNRUN_FN(windows)(1, MODE_AVERAGE, 0, p, s);
    else if (p->halves)
        NNRUN_FN(windows)(1, MODE_MAX, 1, p, s);
    else
        NNRUN_FN(windows)(1, MODE_MAX, 0, p, s);
}
#include <nnrun/math_end.h>
#endif
