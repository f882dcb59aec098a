/* net_weights.h: where the tensors of planned layers lie, and which of them are learned. */
#ifndef NET_NET_WEIGHTS_H
#define NET_NET_WEIGHTS_H

#include <stdbool.h>

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"

/* Gives each tensor its offset and each node what follows from its weights and inputs. Complains of layers that
 * cannot be frozen, or whose rate has no weights to change. Returns 0 or -1 as net_create. */
int net_weights_lay_out(struct net *net, const size_t *origin, struct net_faults *faults,
                        struct error *error);

/* True if the layer has weights of its own that change in training. */
bool net_weights_are_learned(const struct net_node *node);
#endif
