/* net_derived.c: see net_derived.h. */
#include "net/net_derived.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/net_watch.h"

enum { MOST_PARTS = 4096, ALIGNMENT = 64 };

const char *net_derived_ask(struct net_node *node)
{
    struct nnrun_derived_need need = {0};
    struct plugin_watch_entry *entry;
    size_t padded;

    if (!node->plugin->derived)
        return NULL;
    entry = net_watch_begin(node, "need", NULL, NULL);
    node->plugin->derived->need(node->instance, &need);
    plugin_watch_end(entry);
    if (need.bytes == 0)
        return NULL;
    if (need.parts < 1 || need.parts > MOST_PARTS || need.evaluation_parts > need.parts)
        return "broken plugin: its derived weights do not have 1 to 4096 parts, or more are for evaluation";
    if (!size_add(need.bytes, ALIGNMENT - 1, &padded) || padded > PTRDIFF_MAX)
        return "its derived weights are too large";
    node->derived_bytes = need.bytes;
    node->derived_parts = need.parts;
    node->trained_parts = need.parts - need.evaluation_parts;
    return NULL;
}

/* Those that training reads too. */
static uint32_t trained_parts(const struct net_node *node)
{
    return node->evaluates ? node->derived_parts : node->trained_parts;
}

/* Appends the node's parts from `from` to `to`. */
static void append_parts(struct net *net, size_t node, uint32_t from, uint32_t to)
{
    for (uint32_t part = from; part < to; part++)
        net->derivations[net->derivation_count++] = (struct net_derivation){node, part};
}

int net_derived_lay_out(struct net *net, struct net_faults *faults, struct error *error)
{
    size_t parts = 0;

    for (size_t i = 0; i < net->node_count; i++) {
        struct net_node *node = &net->nodes[i];
        node->derived_at = net->derived_bytes;
        if (!size_add(net->derived_bytes, (node->derived_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT,
                      &net->derived_bytes))
            return net_fault_add(faults, SIZE_MAX, NULL, "the network's derived weights are too large");
        parts += node->derived_parts;
    }
    if (parts == 0)
        return 0;
    net->derivations = memory_array(parts, sizeof *net->derivations);
    if (!net->derivations)
        return error_memory(error);
    for (int frozen = 1; frozen >= 0; frozen--) {
        for (size_t i = 0; i < net->node_count; i++)
            if (net->nodes[i].frozen == frozen)
                append_parts(net, i, 0, trained_parts(&net->nodes[i]));
        net->frozen_derivations = frozen ? net->derivation_count : net->frozen_derivations;
    }
    net->trained_derivations = net->derivation_count;
    for (size_t i = 0; i < net->node_count; i++)
        append_parts(net, i, trained_parts(&net->nodes[i]), net->nodes[i].derived_parts);
    return 0;
}

void net_derive(const struct net *net, const float *weights, void *derived, size_t i)
{
    const struct net_derivation *derivation = &net->derivations[i];
    const struct net_node *node = &net->nodes[derivation->node];
    const float *w[NET_MOST_TENSORS];
    struct plugin_watch_entry *entry;

    for (size_t t = 0; t < node->tensor_count; t++) {
        const struct net_tensor *tensor = &net->tensors[node->first_tensor + t];
        w[t] = tensor->made.role == NNRUN_STATE ? NULL : weights + tensor->offset;
    }
    entry = net_watch_begin(node, "make", plugin_level_names[node->plugin->derived_level], NULL);
    node->plugin->derived->make[node->plugin->derived_level](
        node->instance, w, (char *)derived + node->derived_at, derivation->part);
    plugin_watch_end(entry);
}

/* ---- those of weights that change ---------------------------------------------------------------------- */

int derived_weights_init(struct derived_weights *derived, const struct net *net, const float *weights,
                         struct error *error)
{
    *derived = (struct derived_weights){.net = net, .weights = weights};
    if (net->derived_bytes == 0)
        return 0;
    derived->memory = memory_array(net->derived_bytes, 1);
    return derived->memory ? 0 : error_memory(error);
}

void derived_weights_finish(struct derived_weights *derived)
{
    free(derived->memory);
    derived->memory = NULL;
}

void derived_weights_forget(struct derived_weights *derived)
{
    derived->made = 0;
}

void derived_weights_forget_learned(struct derived_weights *derived)
{
    if (derived->made > derived->net->frozen_derivations)
        derived->made = derived->net->frozen_derivations;
}

static void make_part(void *arg, unsigned part, unsigned thread)
{
    const struct derived_weights *derived = arg;

    (void)thread;
    net_derive(derived->net, derived->weights, derived->memory, derived->made + part);
}

void derived_weights_make(struct derived_weights *derived, struct thread_pool *pool, bool training)
{
    const struct net *net = derived->net;
    const size_t wanted = training ? net->trained_derivations : net->derivation_count;

    if (wanted <= derived->made)
        return;
    thread_pool_run(pool, (unsigned)(wanted - derived->made), make_part, derived);
    derived->made = wanted;
}
