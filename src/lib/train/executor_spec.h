/* executor_spec.h: what an executor works with, and what it counts. */
#ifndef TRAIN_EXECUTOR_SPEC_H
#define TRAIN_EXECUTOR_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/thread_pool.h"
#include "data/augment.h"
#include "data/lanes.h"
#include "net/net.h"
#include "net/net_derived.h"
#include "train/optimizer.h"
#include "train/ranks.h"
#include "train/step_times.h"

struct executor_spec {
    const struct net *net; /* constant; outlives the executor, as do all below */
    struct thread_pool *pool;
    unsigned level;
    size_t batch;    /* largest batch of any call */
    unsigned groups; /* 0: evaluation alone */
    struct lanes_scaling scaling;
    const struct augment *augment; /* of training samples; NULL: they stay as they are */
    const float
        *class_weights; /* [256] of a sample's loss and gradient, by its label; NULL: each counts alike */
    uint64_t seed;
    double clip; /* 0: no limit */
    float *weights, *states;
    struct derived_weights
        *derived;                /* of these weights, shared by all who change them; NULL: the net has none */
    struct optimizer *optimizer; /* NULL in evaluation */
    struct ranks *ranks;         /* who share the work; NULL: this process does it all */
    struct step_times *times;    /* [threads], to be added to; NULL: nobody looks at the clock */
};

struct step_sums {
    double loss; /* sum over the samples, in their order; with class weights the mean of a batch weighed by
                            them, for each of its samples */
    uint64_t unanswered; /* samples of which an output is no finite number: not right */
    uint64_t right; /* samples whose largest output is at their label (of several labels: all on the right
                       side of 1/2) */
};
#endif
