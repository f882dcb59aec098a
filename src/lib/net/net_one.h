/* net_one.h: one sample through a network without lanes, by the layers that can (struct nnrun_one). For the others
 * their inputs are spread over the lanes of an arena, as in a slice of one sample, and what they give is lane 0. Each
 * value is turned from one form to the other at most once. Answers are the bits of a slice. */
#ifndef NET_NET_ONE_H
#define NET_NET_ONE_H

#include "base/error.h"
#include "net/net.h"
#include "net/net_fault.h"

/* Asks a node that was planned what it wants. Returns what is wrong with that, or NULL. */
const char *net_one_ask(struct net_node *node);

/* Gives each value and each node's weights their places. Returns 0 or -1 as net_create. */
int net_one_lay_out(struct net *net, struct net_faults *faults, struct error *error);

/* Makes the weights of all nodes in their form for one sample, into [net->one_weight_bytes]. [worker] */
void net_one_make(const struct net *net, const float *weights, const float *states, void *made);

struct net_one_run {
    void *memory;           /* [net->one_bytes], 64-byte aligned, the thread's own */
    const void *made;       /* by net_one_make of the slice's weights and states */
    struct net_slice slice; /* of one sample, in evaluation; its arena is for layers that need lanes */
};

/* Where the caller puts the sample, [net->input_values] and NNRUN_ONE_SPARE; then it runs the nodes in their order.
 * [worker] */
float *net_one_input(const struct net *net, void *memory);
void net_one_begin(const struct net *net, const struct net_one_run *run);
void net_one_forward_node(const struct net *net, size_t index, const struct net_one_run *run);

/* Copies a node's output, until the next node has run; the last layer's at any time after that. */
void net_one_output(const struct net *net, size_t index, const struct net_one_run *run, float *to);
#endif
