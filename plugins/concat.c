/* concat.c: its inputs one after the other along an axis (PyTorch's cat, whose dimension 0 is the samples).
 * In C order an input is `outer` runs, one for each index of the axes before; a run holds the axis and those
 * behind it. */
#include <nnrun/layer.h>

#include <string.h>

#include "words.h"

enum { MOST_INPUTS = 64 };

struct concat {
    int32_t axis;
    size_t outer;
    size_t run[MOST_INPUTS]; /* floats of a slice */
};

static const struct nnrun_setting settings[] = {
    {.name = "axis",
     .kind = NNRUN_INT,
     .offset = offsetof(struct concat, axis),
     .high = 2,
     .doc = "the dimension that grows; 0: channels, or the values of a vector"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct concat *concat = self;
    const struct nnrun_shape *first = &plan->input[0];
    const int32_t axis = concat->axis;
    int64_t length = 0;

    if (axis >= first->rank)
        return plan->fail(plan, "axis", "there is no axis %d: the first input has %d dimension%s, from 0",
                          axis, first->rank, first->rank == 1 ? "" : "s");
    for (int32_t k = 0; k < plan->inputs; k++) {
        if (plan->input[k].rank != first->rank)
            return plan->fail(plan, "inputs", "input %d has %d dimensions, and the first has %d", k + 1,
                              plan->input[k].rank, first->rank);
        for (int32_t i = 0; i < first->rank; i++)
            if (i != axis && plan->input[k].dim[i] != first->dim[i])
                return plan->fail(plan, "inputs",
                                  "dimension %d of input %d is %d, of the first %d: only axis %d may differ",
                                  i, k + 1, plan->input[k].dim[i], first->dim[i], axis);
        length += plan->input[k].dim[axis];
    }
    if (length > INT32_MAX)
        return plan->fail(plan, NULL, "the output is too large");
    plan->output = *first;
    plan->output.dim[axis] = (int32_t)length;
    concat->outer = 1;
    for (int32_t i = 0; i < axis; i++)
        concat->outer *= (size_t)first->dim[i];
    for (int32_t k = 0; k < plan->inputs; k++)
        concat->run[k] = nnrun_values(&plan->input[k]) / concat->outer * NNRUN_LANES;
    return 0;
}

/* Of so many lanes: of a slice, or of one sample. */
static void join(const struct concat *concat, uint32_t inputs, const float *const *x, size_t lanes, float *y)
{
    for (size_t i = 0; i < concat->outer; i++)
        for (uint32_t k = 0; k < inputs; k++) {
            const size_t run = concat->run[k] / NNRUN_LANES * lanes;
            memcpy(y, x[k] + i * run, run * sizeof *y);
            y += run;
        }
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    join(self, s->inputs, s->x, NNRUN_LANES, s->y);
}

static void run_one(const void *self, const struct nnrun_one_sample *s)
{
    join(self, s->inputs, s->x, 1, s->y);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const struct concat *concat = self;
    const float *dy = s->dy;

    for (size_t i = 0; i < concat->outer; i++)
        for (uint32_t k = 0; k < s->inputs; dy += concat->run[k++])
            if (s->dx[k])
                memcpy(s->dx[k] + i * concat->run[k], dy, concat->run[k] * sizeof *dy);
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    int32_t inputs[MOST_INPUTS], y;

    for (int32_t k = 0; k < graph->inputs; k++)
        inputs[k] = graph->x(graph, k);
    y = graph->apply(graph, "Concat", inputs, graph->inputs);
    graph->set_int(graph, y, "axis", ((const struct concat *)self)->axis + 1);
    return y;
}

WORDS(WORDS_TYPE("cat|concatenate|concatenation|join|route", NULL), WORDS_KEY("dim", "axis"));

static const struct nnrun_one one = {.forward = {run_one}};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one},
                                                       {.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NNRUN_WORDS_1, .table = words},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "concat",
    .doc = "its inputs one after the other",
    .min_inputs = 2,
    .max_inputs = MOST_INPUTS,
    .instance_size = sizeof(struct concat),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = {{forward, backward}},
    .capabilities = capabilities,
};
