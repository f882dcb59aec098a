/* every_operator.c: y = x, described as a sum of what operators give of pictures that no shipped layer is made of: for tests of
 * who computes graphs. */
#include "fixture.h"

struct every_operator {
    size_t floats;
    struct nnrun_shape slopes; /* a number for each channel */
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct every_operator *layer = self;

    if (plan->input[0].rank != 3)
        return plan->fail(plan, NULL, "takes channels, height and width");
    layer->floats = floats_of(&plan->input[0]);
    layer->slopes = (struct nnrun_shape){3, {plan->input[0].dim[0], 1, 1}};
    plan->output = plan->input[0];
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct every_operator *)self)->floats; i++)
        s->y[i] = s->x[0][i];
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < ((const struct every_operator *)self)->floats; i++)
        s->dx[0][i] = s->dy[i];
}

/* sum + what the operator gives */
static int32_t add1(struct nnrun_graph *graph, int32_t sum, const char *name, int32_t x)
{
    return nnrun_apply2(graph, "Add", sum, nnrun_apply1(graph, name, x));
}

static int32_t add2(struct nnrun_graph *graph, int32_t sum, const char *name, int32_t a, int32_t b)
{
    return nnrun_apply2(graph, "Add", sum, nnrun_apply2(graph, name, a, b));
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    static const char *const unaries[] = {"Abs",       "Elu",      "Erf",  "Exp",     "HardSigmoid",
                                          "LeakyRelu", "Neg",      "Relu", "Selu",    "Sigmoid",
                                          "Softplus",  "Softsign", "Tanh", "Softmax", "Identity"};
    static const char *const of_positive[] = {"Log", "Reciprocal", "Sqrt"};
    static const char *const pairs[] = {"Max", "Min", "Mul", "Pow", "Sub", "Sum"};
    static const int32_t three[2] = {3, 3}, two[2] = {2, 2}, pads[4] = {2, 2, 2, 2};
    const struct every_operator *layer = self;
    const int32_t x = graph->x(graph, 0);
    const int32_t above =
        nnrun_apply2(graph, "Add", nnrun_apply1(graph, "Abs", x), nnrun_number(graph, 0.5f));
    int32_t sum = nnrun_apply3(graph, "Clip", x, nnrun_number(graph, -0.25f), nnrun_number(graph, 0.75f)),
            one;

    for (size_t i = 0; i < sizeof unaries / sizeof unaries[0]; i++)
        sum = add1(graph, sum, unaries[i], x);
    for (size_t i = 0; i < sizeof of_positive / sizeof of_positive[0]; i++)
        sum = add1(graph, sum, of_positive[i], above);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        sum = add2(graph, sum, pairs[i], above, x);
    sum = add2(graph, sum, "Div", x, above);
    sum = add2(graph, sum, "PRelu", x, graph->constant(graph, &layer->slopes, NULL, 0.3f));
    one = nnrun_apply1(graph, "LRN", x);
    graph->set_int(graph, one, "size", 3);
    sum = nnrun_apply2(graph, "Add", sum, one);
    one = nnrun_apply1(graph, "MaxPool", x);
    graph->set_ints(graph, one, "kernel_shape", three, 2);
    graph->set_ints(graph, one, "dilations", two, 2);
    graph->set_ints(graph, one, "pads", pads, 4);
    sum = nnrun_apply2(graph, "Add", sum, one);
    return nnrun_apply2(graph, "Mul", sum, nnrun_number(graph, 0.1f));
}

static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "every_operator",
    .doc = "for the tests",
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct every_operator),
    .plan = plan,
    .code = {{forward, backward}},
    .capabilities = capabilities,
};
