/* pool.c: the largest or the mean value of each window of a channel (PyTorch's MaxPool2d, AvgPool2d).
 *
 * Max: cells of the padding do not take part, the first of equal values in the order of rows, then columns,
 * gets the gradient; NaN counts as largest. Average: the sum in the same order, divided by the window's size,
 * padding included. */
#include "operators.h"
#include "words.h"

#define NNRUN_LEVEL 0 /* any processor */
#include "pool_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "pool_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "pool_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "mode",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct pool, mode),
     .high = 1,
     .choices = "max|average",
     .doc = "which value replaces a window: its maximum or its average"},
    KERNEL_SETTING(offsetof(struct pool, windows)),
    STRIDE_SETTING(offsetof(struct pool, windows), 0,
                   "step from window to window, height and width; 0: the kernel's size"),
    PAD_SETTING(offsetof(struct pool, windows), 16383,
                "padding on each side, height and width; at most half the kernel"),
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct pool *pool = self;
    const struct windows *win = &pool->windows;

    if (windows_plan(&pool->windows, plan) != 0)
        return -1;
    pool->channels = (ptrdiff_t)channels_of(&plan->input[0]);
    pool->halves = pool->mode == MODE_MAX;
    plan->output = plan->input[0];
    for (int axis = 0; axis < 2; axis++) {
        const ptrdiff_t kernel = win->kernel[axis], pad = win->pad[axis];

        if (2 * pad > kernel)
            return plan->fail(plan, "pad", "%td is more than half of the kernel, which is %td", pad, kernel);
        pool->halves &= kernel == 2 && win->stride[axis] == 2 && pad == 0 && win->in[axis] % 2 == 0;
        plan->output.dim[plan->output.rank - 2 + axis] = (int32_t)win->out[axis];
    }
    /* The output may have more cells than the input only by padding, at most twice along an axis. */
    const double values = (double)pool->channels * (double)win->out[0] * (double)win->out[1];
    if (values * NNRUN_LANES * sizeof(float) > (double)(PTRDIFF_MAX / 2))
        return plan->fail(plan, NULL, "the output is too large");
    const ptrdiff_t size = win->kernel[0] * win->kernel[1];
    if (pool->mode == MODE_MAX)
        plan->keep_bytes = (size_t)(pool->channels * win->out[0] * win->out[1]) *
                           (pool->halves ? sizeof(struct quarter) : NNRUN_LANES * sizeof(int32_t));
    pool->size = (float)size;
    plan->forward_flops = plan->dx_flops = values * (double)size;
    return 0;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const struct pool *pool = self;
    const struct windows *win = &pool->windows;
    const struct nnrun_shape matrix = {.rank = 2, .dim = {(int32_t)win->out[0], (int32_t)win->out[1]}};
    const int largest = pool->mode == MODE_MAX;
    const int32_t y = nnrun_apply1(graph, largest ? "MaxPool" : "AveragePool", describe_picture(graph));

    describe_windows(graph, y, win);
    if (!largest)
        graph->set_int(graph, y, "count_include_pad", 1);
    return graph->input[0].rank == 2 ? nnrun_reshape(graph, y, &matrix) : y;
}

/* A mean is linear. */
static uint32_t also(const void *self)
{
    return ((const struct pool *)self)->mode == MODE_MAX ? 0 : NNRUN_LINEAR;
}

static const struct nnrun_traits traits = {.always = NNRUN_KEEPS_SIGN, .also = also};
WORDS(WORDS_TYPE("maxpool|maxpool2d|max_pooling|max_pooling2d|pooling|subsampling", NULL),
      WORDS_TYPE("avgpool|avgpool2d|average_pool|average_pooling|average_pooling2d|meanpool",
                 "mode = \"average\""),
      WORDS_KEY("pooling|method|operation|reduce", "mode"), WORDS_VALUE("avg|ave|mean", "average"),
      WORDS_VALUE("maximum", "max"), WORDS_WINDOW, WORDS_INPUT);
static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_TRAITS_1, .table = &traits},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

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
    .capabilities = capabilities,
};
