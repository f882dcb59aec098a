/* net_plan.h: shapes and tensors: runs every layer's plan. */
#ifndef NET_NET_PLAN_H
#define NET_NET_PLAN_H

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"

/* Plans the nodes in order and lays out the tensors; a node behind one with a fault is left out. Returns 0 or
 * -1 as net_create. */
int net_plan(struct net *net, const size_t *origin, struct net_faults *faults, struct error *error);
#endif
