/* net_create.h: a planned network from a list of layers, or what is wrong with the list. */
#ifndef NET_NET_CREATE_H
#define NET_NET_CREATE_H

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"
#include "net/net_graph.h"

/* Plans a network, for training or, without `backward`, for evaluation alone. Takes the instances over, also
 * on failure. NULL after filling in faults, or after setting error if memory ran out (there are no faults
 * then). */
struct net *net_create(const struct nnrun_shape *input, const struct net_layer *layers, size_t count,
                       bool backward, struct net_faults *faults, struct error *error);

/* Finds the faults that can be told from names and inputs alone; plugins may be NULL, instances are left
 * alone. Returns 0, or -1 as net_create. */
int net_check_graph(const struct net_layer *layers, size_t count, struct net_faults *faults,
                    struct error *error);
#endif
