/* net_weights.c: see net_weights.h. */
#include "net/net_weights.h"

#include <string.h>

#include "base/memory.h"

bool net_weights_are_learned(const struct net_node *node)
{
    return node->parameters > 0 && !node->frozen;
}

/* ---- offsets ------------------------------------------------------------------------------------------- */

static bool is_decayed(const struct net_tensor *tensor)
{
    return tensor->made.role == NNRUN_WEIGHT && !tensor->frozen && (tensor->made.flags & NNRUN_DECAY);
}

static bool is_undecayed(const struct net_tensor *tensor)
{
    return tensor->made.role == NNRUN_WEIGHT && !tensor->frozen && !(tensor->made.flags & NNRUN_DECAY);
}

static bool is_frozen(const struct net_tensor *tensor)
{
    return tensor->made.role == NNRUN_WEIGHT && tensor->frozen;
}

static bool is_state(const struct net_tensor *tensor)
{
    return tensor->made.role == NNRUN_STATE;
}

/* Gives every tensor of the node that `wanted` picks its offset from *end on. */
static int lay_out_tensors(struct net *net, const struct net_node *node,
                           bool (*wanted)(const struct net_tensor *), size_t *end)
{
    for (size_t i = node->first_tensor; i < node->first_tensor + node->tensor_count; i++) {
        struct net_tensor *tensor = &net->tensors[i];
        if (!wanted(tensor))
            continue;
        tensor->offset = *end;
        if (!size_add(*end, (tensor->count + 15) / 16 * 16, end))
            return -1;
    }
    return 0;
}

static int lay_out_nodes(struct net *net, bool (*wanted)(const struct net_tensor *), size_t *end)
{
    for (size_t i = 0; i < net->node_count; i++)
        if (lay_out_tensors(net, &net->nodes[i], wanted, end) != 0)
            return -1;
    return 0;
}

/* The same, noting where the factor of the rate changes. */
static int lay_out_learned(struct net *net, bool (*wanted)(const struct net_tensor *))
{
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        const size_t before = net->weights;
        struct net_stretch *last = net->stretches + net->stretch_count;
        if (lay_out_tensors(net, node, wanted, &net->weights) != 0)
            return -1;
        if (net->weights == before)
            continue;
        if (net->stretch_count > 0 && last[-1].factor <= node->rate && last[-1].factor >= node->rate)
            last--;
        else
            net->stretch_count++;
        *last = (struct net_stretch){net->weights, node->rate};
    }
    return 0;
}

static int lay_out_all(struct net *net)
{
    if (lay_out_learned(net, is_decayed) != 0)
        return -1;
    net->decayed = net->weights;
    if (lay_out_learned(net, is_undecayed) != 0)
        return -1;
    net->learned = net->weights;
    return lay_out_nodes(net, is_frozen, &net->weights) != 0 ||
                   lay_out_nodes(net, is_state, &net->states) != 0
               ? -1
               : 0;
}

/* ---- what learns --------------------------------------------------------------------------------------- */

static bool learns_before(const struct net *net, const struct net_node *node)
{
    for (size_t k = 0; k < node->input_count; k++)
        if (node->inputs[k] > 0 && net->nodes[node->inputs[k] - 1].learns)
            return true;
    return false;
}

static void see_learning(struct net *net, struct net_node *node)
{
    for (size_t t = node->first_tensor; t < node->first_tensor + node->tensor_count; t++)
        if (net->tensors[t].made.role == NNRUN_WEIGHT)
            node->parameters += net->tensors[t].count;
    net->parameters += node->parameters;
    net->frozen += node->frozen ? node->parameters : 0;
    node->learns = learns_before(net, node);
    if (!node->learns)
        node->dx_flops = 0;
    node->evaluates = node->frozen && !node->learns;
    node->learns = node->learns || net_weights_are_learned(node);
    if (!node->learns)
        node->dw_flops = 0;
}

/* A layer before this one, which has some, whose weights are learned. */
static const struct net_node *learned_before(const struct net *net, const struct net_node *node)
{
    do {
        size_t k = 0;
        while (node->inputs[k] == 0 || !net->nodes[node->inputs[k] - 1].learns)
            k++;
        node = &net->nodes[node->inputs[k] - 1];
    } while (!net_weights_are_learned(node));
    return node;
}

static bool has_states(const struct net *net, const struct net_node *node)
{
    for (size_t t = node->first_tensor; t < node->first_tensor + node->tensor_count; t++)
        if (net->tensors[t].made.role == NNRUN_STATE)
            return true;
    return false;
}

/* There is no backward pass through what a layer does in evaluation; only without states and random words is that
 * the same as in training. */
static void check_node(const struct net *net, const struct net_node *node, size_t layer,
                       struct net_faults *faults)
{
    const bool states = has_states(net, node);

    if (node->parameters == 0 && (node->rate < 1 || node->rate > 1))
        net_fault_add(faults, layer, "rate", "the layer has no weights; leave rate out");
    if (node->from && node->tensor_count == 0)
        net_fault_add(faults, layer, "from", "the layer has no weights; leave from out");
    if (node->frozen && node->parameters == 0 && !states)
        net_fault_add(faults, layer, "frozen", "the layer has no weights; leave frozen out");
    else if (net->backward && node->frozen && node->learns && (states || node->random_words > 0))
        net_fault_add(
            faults, layer, "frozen",
            "the layer runs differently in training, and can be frozen only if all layers before it "
            "that have weights are frozen; layer \"%.*s\" is not",
            NET_NAME_TEXT, learned_before(net, node)->name);
}

int net_weights_lay_out(struct net *net, const size_t *origin, struct net_faults *faults, struct error *error)
{
    bool frozen = false;

    net->stretches = memory_array(2 * net->node_count, sizeof *net->stretches);
    if (!net->stretches)
        return error_memory(error);
    if (lay_out_all(net) != 0)
        return net_fault_add(faults, SIZE_MAX, NULL, "the network has too many parameters");
    for (size_t i = 0; i < net->node_count; i++) {
        see_learning(net, &net->nodes[i]);
        check_node(net, &net->nodes[i], origin[i], faults);
        frozen = frozen || net->nodes[i].frozen;
    }
    if (net->backward && frozen && net->learned == 0)
        net_fault_add(faults, SIZE_MAX, NULL,
                      "all layers that have weights are frozen: nothing is left to train");
    return faults->count > 0 ? -1 : 0;
}
