/* net_init.c: initial values of weights and states. Only sqrt of libm, so that they are the same everywhere.
 */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "net/net.h"

/* Half the width of the uniform distribution, see enum nnrun_init. */
static double half_width(const struct nnrun_tensor *made)
{
    switch ((enum nnrun_init)made->init) {
    case NNRUN_UNIFORM:
        return made->value;
    case NNRUN_HE:
        return sqrt(6.0 / made->fan_in);
    case NNRUN_XAVIER:
        return sqrt(6.0 / ((double)made->fan_in + made->fan_out));
    case NNRUN_FAN_IN:
        return sqrt(1.0 / made->fan_in);
    case NNRUN_ZEROS:
    case NNRUN_CONSTANT:
        break;
    }
    return 0;
}

static void draw_uniform(const struct net_tensor *tensor, uint64_t seed, float *to)
{
    const struct random_key key = random_key(seed, RANDOM_INIT, tensor->name);
    const double width = half_width(&tensor->made);

    for (size_t i = 0; i < tensor->count; i += 4) {
        uint32_t bits[4];
        random_block_at(key, i / 4, bits);
        for (size_t k = 0; k < 4 && i + k < tensor->count; k++)
            to[i + k] = (float)((2.0 * (double)random_unit(bits[k]) - 1.0) * width);
    }
}

void net_initialise(const struct net *net, uint64_t seed, float *weights, float *states)
{
    memset(weights, 0, net->weights * sizeof *weights);
    if (net->states)
        memset(states, 0, net->states * sizeof *states);
    for (size_t i = 0; i < net->tensor_count; i++) {
        const struct net_tensor *tensor = &net->tensors[i];
        float *to = (tensor->made.role == NNRUN_STATE ? states : weights) + tensor->offset;
        if (tensor->made.init == NNRUN_CONSTANT)
            for (size_t k = 0; k < tensor->count; k++)
                to[k] = (float)tensor->made.value;
        else if (tensor->made.init != NNRUN_ZEROS)
            draw_uniform(tensor, seed, to);
    }
}
