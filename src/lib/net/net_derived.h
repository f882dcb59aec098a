/* net_derived.h: weights in other forms, which layers have made of them (struct nnrun_derived). */
#ifndef NET_NET_DERIVED_H
#define NET_NET_DERIVED_H

#include "base/error.h"
#include "base/thread_pool.h"
#include "net/net.h"
#include "net/net_fault.h"

/* Asks a node that was planned what it wants. Returns what is wrong with that, or NULL. */
const char *net_derived_ask(struct net_node *node);

/* Gives each node its place and lists the parts of all. Returns 0 or -1 as net_create. */
int net_derived_lay_out(struct net *net, struct net_faults *faults, struct error *error);

/* Makes net->derivations[i] of the weights, into [net->derived_bytes]. [worker] */
void net_derive(const struct net *net, const float *weights, void *derived, size_t i);

/* The derived weights of a net, made of weights that change, at the latest when somebody reads them. One caller
 * at a time. */
struct derived_weights {
    const struct net *net;
    const float *weights;
    void *memory; /* [net->derived_bytes], for struct net_slice */
    size_t made;  /* derivations that are of the weights as they are: the first so many */
};

/* None is made yet; net and weights outlive it. Returns 0, or -1 after setting error; derived_weights_finish in
 * either case. */
int derived_weights_init(struct derived_weights *derived, const struct net *net, const float *weights,
                         struct error *error);
void derived_weights_finish(struct derived_weights *derived);

/* The weights have changed, or those that are learned alone. */
void derived_weights_forget(struct derived_weights *derived);
void derived_weights_forget_learned(struct derived_weights *derived);

/* Makes what slices read in training, or in evaluation, unless it is made; on all threads. */
void derived_weights_make(struct derived_weights *derived, struct thread_pool *pool, bool training);
#endif
