/* TYPE.c: a layer for nnrun: y = x sigmoid(beta x). It works as it is: change it into yours.
 *
 *     cc -std=c11 -O2 -fPIC -shared $(pkg-config --cflags nnrun) TYPE.c -o TYPE.so
 *     nnrun gradcheck ./TYPE.so
 *     nnrun-make-digits --train 6000 --test 1000 digits
 *     nnrun "$(pkg-config --variable=configdir nnrun)/lenet.cfg" data.directory=digits \
 *         --plugin-path . network.relu1.type=TYPE
 *
 * It is C++17 as well: call it TYPE.cc and compile it with c++ -std=c++17. nnrun-layer(3) is the guide: which call
 * comes when, which pointer is NULL when, what a message means, how to debug. */
#ifndef NNRUN_LEVEL /* first the layer; its kernels, from #else on, are compiled once for each code level */
#include <nnrun/layer.h>

/* What one layer of a network is: first its settings, which the program fills in, then what plan() adds. */
struct layer {
    double beta;
    size_t floats; /* of a slice: the values of a sample, for 16 samples side by side */
};

/* The keys a config may give. The program checks them and prints this table: nnrun layers ./TYPE.so */
__extension__ static const struct nnrun_setting settings[] = {
    {.name = "beta",
     .kind = NNRUN_REAL, /* into a double, never a float; NNRUN_INT into an int32_t */
     .flags = NNRUN_OPEN_LOW,
     .offset = offsetof(struct layer, beta),
     .max_count = 0, /* of a list: how many numbers */
     .low = 0,       /* 0 < beta <= 10 */
     .high = 10,
     .default_value = 1,
     .text = NULL,    /* the default of a string */
     .choices = NULL, /* the words of a choice: "max|average" */
     .doc = "steepness of the sigmoid: the larger, the closer to relu"},
};

/* Called once for each layer of a network: completes it, says what it gives and needs. It alone can fail,
 * where settings and shapes do not fit: return plan->fail(plan, "beta", "%g is too steep here", layer->beta).
 */
static int plan(void *self, struct nnrun_plan *plan)
{
    struct layer *layer = (struct layer *)self;
    const size_t values = nnrun_values(&plan->input[0]);

    plan->output = plan->input[0];
    plan->forward_flops = 5 * (double)values; /* operations, for reports only */
    plan->dx_flops = 10 * (double)values;
    layer->floats = values * NNRUN_LANES;
    return 0;
}

#define NNRUN_LEVEL 0 /* for any processor */
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 1 /* with AVX2 and FMA */
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 2 /* with AVX-512 */
#include NNRUN_THIS_FILE

/* All that the program sees of this file. __extension__ lets C++17 take ".type =" without a warning. */
__extension__ const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "TYPE",
    .doc = "y = x sigmoid(beta x)",
    .flags = NNRUN_READS_X,    /* backward reads x */
    .target = NNRUN_NO_TARGET, /* it is not a loss */
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct layer),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else /* The kernels: an nnrun_vec is NNRUN_WIDTH floats, NNRUN_FN(name) is this level's own name. */
#include <nnrun/math.h>

NNRUN_INLINE nnrun_vec NNRUN_FN(sigmoid)(nnrun_vec x)
{
    return nnrun_set(1.0f) / (nnrun_set(1.0f) + nnrun_exp(-x));
}

/* Writes y from x. */
static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *slice)
{
    const struct layer *layer = (const struct layer *)self;
    const nnrun_vec beta = nnrun_set((float)layer->beta);

    for (size_t i = 0; i < layer->floats; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(slice->x[0] + i);
        nnrun_store(slice->y + i, x * NNRUN_FN(sigmoid)(beta * x));
    }
}

/* Writes dx from dy, the gradient by y: dx = dy (s + beta x s (1 - s)), s = sigmoid(beta x). */
static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *slice)
{
    const struct layer *layer = (const struct layer *)self;
    const nnrun_vec beta = nnrun_set((float)layer->beta), one = nnrun_set(1.0f);

    if (!slice->dx[0]) /* not wanted: the first layer of a network */
        return;
    for (size_t i = 0; i < layer->floats; i += NNRUN_WIDTH) {
        const nnrun_vec bx = beta * nnrun_load(slice->x[0] + i);
        const nnrun_vec s = NNRUN_FN(sigmoid)(bx);
        const nnrun_vec slope = nnrun_fma(bx * s, one - s, s); /* a * b + c, rounded alike at all levels */
        nnrun_store(slice->dx[0] + i, nnrun_load(slice->dy + i) * slope);
    }
}
#include <nnrun/math_end.h>
#endif
