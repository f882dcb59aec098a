/* net_graph.h: from names of inputs to an order in which layers can run. */
#ifndef NET_NET_GRAPH_H
#define NET_NET_GRAPH_H

#include "net/net.h"

/* Fills net->nodes (names, plugins, instances, inputs) from the list, in an order in which each layer comes
 * after its inputs, as near to the list's as can be; origin[i] is the list's index of node i. Complains of
 * equal and reserved names, unknown inputs, wrong numbers of inputs, cycles and dead ends. Instances are
 * moved into the nodes in any case. Returns 0 or -1 as net_create. */
int net_graph(struct net *net, const struct net_layer *layers, size_t count, size_t *origin,
              struct net_fault *fault, struct error *error);

/* Fills in a fault. Returns -1. */
int net_fault_set(struct net_fault *fault, size_t layer, const char *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#endif
