/* channels.h: how layers read a shape as channels of rows and columns, and windows that step over a channel.
 */
#ifndef CHANNELS_H
#define CHANNELS_H
#include <nnrun/layer.h>

/* A matrix is one channel; of a vector each value is one. */
static inline size_t channels_of(const struct nnrun_shape *shape)
{
    return shape->rank == 2 ? 1 : (size_t)shape->dim[0];
}

/* Windows start at (i * stride - pad, j * stride - pad); those that would reach past the padding at the end
 * are left out. Of each pair [0] is for rows, [1] for columns. */
struct windows {
    struct nnrun_ints kernel_list, stride_list, pad_list; /* as set: one number for both, or two */
    ptrdiff_t kernel[2], stride[2], pad[2];
    ptrdiff_t in[2], padded[2], out[2]; /* rows and columns of the input, with its padding, and of windows */
};

/* The attributes of an operator over them. */
static inline void describe_windows(struct nnrun_graph *graph, int32_t y, const struct windows *win)
{
    const int32_t kernel[] = {(int32_t)win->kernel[0], (int32_t)win->kernel[1]};
    const int32_t strides[] = {(int32_t)win->stride[0], (int32_t)win->stride[1]};
    const int32_t pads[] = {(int32_t)win->pad[0], (int32_t)win->pad[1], (int32_t)win->pad[0],
                            (int32_t)win->pad[1]};

    graph->set_ints(graph, y, "kernel_shape", kernel, 2);
    graph->set_ints(graph, y, "strides", strides, 2);
    graph->set_ints(graph, y, "pads", pads, 4);
}

/* Their settings, in a table: `at` is where the windows are in the layer's struct. */
#define KERNEL_SETTING(at)                                                                                   \
    {                                                                                                        \
        .name = "kernel", .kind = NNRUN_INTS, .flags = NNRUN_REQUIRED,                                       \
        .offset = (at) + offsetof(struct windows, kernel_list), .max_count = 2, .low = 1, .high = 32767,     \
        .doc = "size of the window: one number, or height and width"                                         \
    }
#define STRIDE_SETTING(at, least, text)                                                                      \
    {                                                                                                        \
        .name = "stride", .kind = NNRUN_INTS, .offset = (at) + offsetof(struct windows, stride_list),        \
        .max_count = 2, .low = (least), .high = 32767, .default_value = (least), .doc = text                 \
    }
#define PAD_SETTING(at, largest, text)                                                                       \
    {                                                                                                        \
        .name = "pad", .kind = NNRUN_INTS, .offset = (at) + offsetof(struct windows, pad_list),              \
        .max_count = 2, .low = 0, .high = (largest), .doc = text                                             \
    }

static inline ptrdiff_t windows_pair(const struct nnrun_ints *list, int axis)
{
    return list->value[list->count > 1 ? axis : 0];
}

/* Completes the windows from their settings and the input; a stride of 0 is the kernel's size. Returns 0, or
 * -1 after plan->fail. */
static inline int windows_plan(struct windows *win, struct nnrun_plan *plan)
{
    const struct nnrun_shape *input = &plan->input[0];

    if (input->rank < 2 || input->rank > 3)
        return plan->fail(plan, NULL, "takes channels, height and width, not a vector");
    for (int axis = 0; axis < 2; axis++) {
        const ptrdiff_t in = input->dim[input->rank - 2 + axis];
        const ptrdiff_t kernel = windows_pair(&win->kernel_list, axis);
        const ptrdiff_t stride = windows_pair(&win->stride_list, axis);
        const ptrdiff_t pad = windows_pair(&win->pad_list, axis), padded = in + 2 * pad;

        if (kernel > padded)
            return plan->fail(plan, "kernel", "%td is larger than the %sinput, which is %td %s", kernel,
                              pad > 0 ? "padded " : "", padded, axis ? "wide" : "high");
        if (padded > INT32_MAX)
            return plan->fail(plan, "pad", "the padded input is too large");
        win->kernel[axis] = kernel;
        win->stride[axis] = stride > 0 ? stride : kernel;
        win->pad[axis] = pad;
        win->in[axis] = in;
        win->padded[axis] = padded;
        win->out[axis] = (padded - kernel) / win->stride[axis] + 1;
    }
    return 0;
}
#endif
