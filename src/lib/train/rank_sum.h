/* rank_sum.h: the sum of all groups' gradients over the ranks, with the bits of one process.
 *
 * On one machine groups are summed pairwise by index: t[g] += t[g + s] for s = 1, 2, 4 ..., g a multiple of 2 s. A rank has
 * consecutive groups; of the tree above them it sums the largest subtrees that lie within these. Their roots are cut into
 * shares of whole blocks, one for each rank. Each rank gets its share of all roots, finishes the tree there, and the
 * finished shares go to all. So each number is the same sum in the same order, and no more is sent than twice the weights
 * for each root. */
#ifndef TRAIN_RANK_SUM_H
#define TRAIN_RANK_SUM_H

#include "train/executor_spec.h"

struct rank_sum {
    const struct executor_spec *spec;
    unsigned groups;   /* of the batch under way */
    float **gradients; /* those of weight_update */
    float *received;   /* shares of other ranks' roots */
    float **parts;     /* [spec->groups] this rank's share of each root; NULL: that group is none */
    size_t *begin;     /* [ranks + 1] floats at which shares begin, whole blocks */
    struct nnrun_comm_message *messages;
    size_t message_count;
};

/* The groups of this rank, of all that a full batch has: from *from to *to. */
void rank_sum_groups(const struct executor_spec *spec, unsigned *from, unsigned *to);

/* Adds the bytes rank_sum_init takes; false if they do not fit size_t. */
bool rank_sum_add_bytes(const struct executor_spec *spec, size_t *total);

/* Of one process: nothing. The spec outlives it. Returns 0, or -1 when out of memory; rank_sum_finish in either case. */
int rank_sum_init(struct rank_sum *sum, const struct executor_spec *spec);
void rank_sum_finish(struct rank_sum *sum);

/* All ranks: those of the first `groups` gradients that are this rank's are there; leaves the sum of all in gradients[0],
 * unless something between the ranks fails (ranks_broken). */
void rank_sum_run(struct rank_sum *sum, float **gradients, unsigned groups);
#endif
