/* weight_update.h: the end of a training step: the groups' gradients are summed, clipped if wanted, and
 * change the weights; observations change the averaged states.
 *
 * Learned weights are worked on in blocks of NET_BLOCK parameters on all threads; frozen ones, and the states of
 * frozen layers, are not touched. Sums over groups, blocks and slices
 * have one order each, whichever thread does what. */
#ifndef TRAIN_WEIGHT_UPDATE_H
#define TRAIN_WEIGHT_UPDATE_H

#include "train/executor_spec.h"
#include "train/rank_sum.h"
#include "train/slices.h"

struct weight_update {
    const struct executor_spec *spec;
    float **gradients; /* [groups][weights], each summed over the group's slices; NULL: another rank has it */
    float *observations; /* [slices][states] */
    struct rank_sum sum; /* over the ranks, if there are several */
    double *norms;       /* [blocks] squared norms of the summed gradient */
    struct optimizer_step step;
    struct optimizer_step *steps; /* [net->stretch_count], of weights with another factor of the rate */
};

/* Adds the bytes weight_update_init takes, but for the norms; false if they do not fit size_t. */
bool weight_update_add_bytes(const struct executor_spec *spec, size_t *total);

/* The spec outlives it; without groups it is empty. Returns 0, or -1 when out of memory; weight_update_finish
 * in either case. */
int weight_update_init(struct weight_update *update, const struct executor_spec *spec);
void weight_update_finish(struct weight_update *update);

/* The first `groups` gradients, of several ranks each its own, and the observations of all slices of the batch under way
 * are there. Nothing is changed if something between the ranks fails (ranks_broken). */
void weight_update_run(struct weight_update *update, const struct slices *slices, unsigned groups,
                       double rate);
#endif
