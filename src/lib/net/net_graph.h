/* net_graph.h: from names of inputs to an order in which layers can run. */
#ifndef NET_NET_GRAPH_H
#define NET_NET_GRAPH_H

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"

/* What the caller gives for each layer. */
struct net_layer {
    const char *name, *type;
    const struct plugin *plugin;
    void *instance;            /* settings filled in; from memory_array; the net frees it */
    size_t input_count;        /* 0: the layer before it, or the network's input */
    const char *const *inputs; /* names of layers, or "input" */
    bool frozen;
    double rate;      /* factor of the learning rate; 0: 1 */
    const char *from; /* its name in a file of weights; NULL: that is its own */
};

/* Fills net->nodes (names, plugins, instances, inputs) from the list, in an order in which each layer comes
 * after its inputs, as near to the list's as can be; origin[i] is the list's index of node i. Complains of
 * equal and reserved names, unknown inputs, wrong numbers of inputs, cycles and dead ends. Returns 0 or -1 as
 * net_create. */
int net_graph(struct net *net, const struct net_layer *layers, size_t count, size_t *origin,
              struct net_faults *faults, struct error *error);
#endif
