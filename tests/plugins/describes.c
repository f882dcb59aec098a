/* describes.c: y = 2 x, with any description as operators. Compiled with -DTYPE='"double"' and -DDESCRIBE=..., a formula
 * of graph and x. */
#include "fixture.h"

struct describes {
    size_t floats;
};

static int plan(void *self, struct nnrun_plan *plan)
{
    ((struct describes *)self)->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; i < ((const struct describes *)self)->floats; i++)
        s->y[i] = 2 * s->x[0][i];
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    for (size_t i = 0; s->dx[0] && i < ((const struct describes *)self)->floats; i++)
        s->dx[0][i] = 2 * s->dy[i];
}

static inline int32_t with_int(struct nnrun_graph *graph, int32_t value, const char *attribute,
                               int32_t number)
{
    graph->set_int(graph, value, attribute, number);
    return value;
}

static inline int32_t with_real(struct nnrun_graph *graph, int32_t value, const char *attribute, float number)
{
    graph->set_real(graph, value, attribute, number);
    return value;
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int32_t x = graph->x(graph, 0);

    (void)self, (void)x;
    return DESCRIBE;
}

static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_OPERATORS_1, .table = &operators},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = TYPE,
    .doc = "for the tests",
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct describes),
    .plan = plan,
    .code = {{forward, backward}},
    .capabilities = capabilities,
};
