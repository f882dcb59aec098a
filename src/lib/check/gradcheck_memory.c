/* gradcheck_memory.c: what gradcheck_net takes, told from the plan. */
#include <stdint.h>

#include "base/memory.h"
#include "check/gradcheck.h"

/* Copies of a buffer that are held at once: itself and what it was before a call, what each way of running the layer gave, a
 * direction along which differences are taken, and of an input also a target and what is hidden from a call. */
enum { OF_VALUES = 13, OF_INPUT = 19, OF_WEIGHTS = 16, OF_DERIVED = 10, OF_ONE = 3 };

struct need {
    size_t bytes;
    bool fits;
};

static void add(struct need *need, size_t count, size_t size)
{
    need->fits = need->fits && size_add_array(&need->bytes, count, size);
}

static size_t bytes_of(const struct need *need)
{
    return need->fits ? need->bytes : SIZE_MAX;
}

static size_t node_bytes(const struct net *net, const struct net_node *node)
{
    const size_t lanes = NNRUN_LANES * sizeof(float);
    struct need need = {.fits = true};

    add(&need, node->values, OF_VALUES * lanes);
    for (size_t k = 0; k < node->input_count; k++) {
        const size_t value = node->inputs[k];
        add(&need, value == 0 ? net->input_values : net->nodes[value - 1].values, OF_INPUT * lanes);
    }
    for (size_t t = 0; t < node->tensor_count; t++)
        add(&need, net->tensors[node->first_tensor + t].count, OF_WEIGHTS * sizeof(float));
    add(&need, net->weights, sizeof(float));
    add(&need, net->states, sizeof(float));
    add(&need, node->derived_bytes, OF_DERIVED);
    add(&need, node->one.weight_bytes, OF_ONE);
    add(&need, node->keep_bytes, 2);
    add(&need, node->scratch_bytes, 1);
    add(&need, node->backward_scratch_bytes, 1);
    add(&need, node->random_words, 2 * NNRUN_LANES * sizeof(uint16_t));
    return bytes_of(&need);
}

/* Of the check of all layers together. */
static size_t whole_bytes(const struct net *net)
{
    struct need need = {.fits = true};
    size_t most = 0;

    for (size_t t = 0; t < net->tensor_count; t++)
        most = net->tensors[t].count > most ? net->tensors[t].count : most;
    add(&need, net->weights, 2 * sizeof(float));
    add(&need, net->states, 2 * sizeof(float));
    add(&need, net->input_values, 2 * NNRUN_LANES * sizeof(float));
    add(&need, most, 3 * sizeof(float) + sizeof(size_t)); /* a direction */
    add(&need, net->arena_bytes, 1);
    add(&need, net->derived_bytes, 1);
    return bytes_of(&need);
}

size_t gradcheck_net_bytes(const struct net *net)
{
    size_t most = whole_bytes(net);

    for (size_t i = 0; i < net->node_count; i++) {
        const size_t bytes = node_bytes(net, &net->nodes[i]);
        most = bytes > most ? bytes : most;
    }
    return most;
}
