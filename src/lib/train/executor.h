/* executor.h: one training step, or the evaluation of a batch, on all threads.
 *
 * The batch is cut into slices of 16 samples, slices into groups; a thread takes a group and adds up its
 * gradient slice by slice; then blocks of parameters are reduced over the groups and updated. Which thread
 * does what never shows in the result. One caller at a time. */
#ifndef TRAIN_EXECUTOR_H
#define TRAIN_EXECUTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/thread_pool.h"
#include "data/augment.h"
#include "data/lanes.h"
#include "data/samples.h"
#include "net/net.h"
#include "train/optimizer.h"

struct executor;

/* Where a thread's time goes, in seconds since the caller cleared it; a cache line of its own. */
struct step_times {
    _Alignas(64) double gather;      /* pixels to lanes, targets */
    double forward, backward, judge; /* judge: losses and answers */
    double update;                   /* of blocks of parameters: reduction over the groups and the rule */
};

struct executor_spec {
    const struct net *net; /* constant; outlives the executor, as do all below */
    struct thread_pool *pool;
    unsigned level;
    size_t batch;    /* largest batch of any call */
    unsigned groups; /* 0: evaluation alone */
    struct lanes_scaling scaling;
    const struct augment *augment; /* of what is trained on; NULL: it stays as it is */
    uint64_t seed;
    float clip; /* 0: no limit */
    float *weights, *states;
    struct optimizer *optimizer; /* NULL in evaluation */
    struct step_times *times;    /* [threads], to be added to; NULL: nobody looks at the clock */
};

/* NULL after setting error: no memory. */
struct executor *executor_create(const struct executor_spec *spec, struct error *error);
void executor_destroy(struct executor *executor); /* NULL: nothing */

/* Groups of a batch if the config says 0: min(slices, 8); never more than slices. */
unsigned executor_groups(size_t batch, int32_t wanted);

/* Bytes executor_create takes; false if they do not fit size_t. */
bool executor_bytes(const struct executor_spec *spec, size_t *bytes);

struct step_sums {
    double loss;    /* sum over the samples, in their order */
    uint64_t right; /* samples whose largest output is at their label (of several labels: all on the right
                       side of 1/2) */
};

/* Forward, backward, update; `rate` is the learning rate, `step` counts from 0 and keys the random words. If
 * the loss is not finite nothing is updated: -1, the error naming layer and step. Adds to *sums. */
int executor_train(struct executor *executor, const struct batch *batch, double rate, uint64_t step,
                   struct step_sums *sums, struct error *error);

/* Forward only; a loss that is not finite counts as it is. If `said` is not NULL, the class of sample i goes
 * to said[i] and, if `outputs` is not NULL, its outputs to outputs[i * values]. Adds to *sums. */
void executor_evaluate(struct executor *executor, const struct batch *batch, struct step_sums *sums,
                       uint32_t *said, float *outputs);

/* True if a layer plugin changed the arithmetic of its thread (it was set again) since the last call. */
bool executor_float_changed(struct executor *executor);
#endif
