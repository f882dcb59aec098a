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

static const struct nnrun_one one = {.forward = NNRUN_EACH_LEVEL(one)};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_ONE_1, .table = &one}, {.id = NULL}};

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
