/* net_graph.h: from names of inputs to an order in which layers can run. */
#ifndef NET_NET_GRAPH_H
#define NET_NET_GRAPH_H

#include "net/net.h"

/* Fills net->nodes (names, plugins, instances, inputs) from the list, in an order in which each layer comes
 * after its inputs, as near to the list's as can be; origin[i] is the list's index of node i. Complains of
 * equal and reserved names, unknown inputs, wrong numbers of inputs, cycles and dead ends. Returns 0 or -1 as
 * net_create. */
int net_graph(struct net *net, const struct net_layer *layers, size_t count, size_t *origin,
              struct net_faults *faults, struct error *error);

/* Adds a fault, if there is room. Returns -1. */
int net_fault_add(struct net_faults *faults, size_t layer, const char *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#endif
