/* gelu.c: y = x Phi(x), Phi the distribution function of the normal distribution (PyTorch's GELU): by the
 * error function, within 2e-7 (Abramowitz and Stegun 7.1.26), or approximate = "tanh" (Hendrycks and Gimpel
 * 2016). */
#define NNRUN_LEVEL 0 /* any processor */
#include "gelu_kernels.h"
#define NNRUN_LEVEL 1 /* AVX2 and FMA */
#include "gelu_kernels.h"
#define NNRUN_LEVEL 2 /* AVX-512 */
#include "gelu_kernels.h"

static const struct nnrun_setting settings[] = {
    {.name = "approximate",
     .kind = NNRUN_CHOICE,
     .offset = offsetof(struct gelu, approximate),
     .high = 1,
     .choices = "none|tanh",
     .doc = "how the normal distribution is computed"},
};

/* sqrt(2 / pi) (x + 0.044715 x^3) */
static int32_t describe_bent(struct nnrun_graph *graph, int32_t x)
{
    const int32_t square = nnrun_apply2(graph, "Mul", x, x);
    const int32_t slope = nnrun_apply2(graph, "Mul", square, nnrun_number(graph, 0.797884561f * 0.044715f));

    return nnrun_apply2(graph, "Mul", x,
                        nnrun_apply2(graph, "Add", slope, nnrun_number(graph, 0.797884561f)));
}

static int32_t describe(const void *self, struct nnrun_graph *graph)
{
    const int by_tanh = ((const struct gelu *)self)->approximate == TANH;
    const int32_t x = graph->x(graph, 0);
    const int32_t half = nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 0.5f));
    const int32_t z =
        by_tanh ? describe_bent(graph, x) : nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 0.707106781f));
    const int32_t s = nnrun_apply1(graph, by_tanh ? "Tanh" : "Erf", z);

    return nnrun_apply2(graph, "Mul", half, nnrun_apply2(graph, "Add", s, nnrun_number(graph, 1.0f)));
}

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_operators operators = {.describe = describe};
static const struct nnrun_capability capabilities[] = {
    {.id = NNRUN_ONE_1, .table = &one}, {.id = NNRUN_OPERATORS_1, .table = &operators}, {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "gelu",
    .doc = "Gaussian error linear unit: y = x Phi(x)",
    .flags = NNRUN_READS_X | NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct gelu),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = elementwise_plan,
    .code = NNRUN_CODE(forward, backward),
    .capabilities = capabilities,
};
