/* net_memory.h: where a slice's values, gradients and scratch lie in an arena. */
#ifndef NET_NET_MEMORY_H
#define NET_NET_MEMORY_H

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"

/* Gives every buffer of a slice the time it is alive, lets layers work in place where nothing else looks, and
 * packs the buffers so that two that are alive at once do not overlap. Returns 0 or -1 as net_create. */
int net_memory(struct net *net, const size_t *origin, struct net_faults *faults, struct error *error);
#endif
