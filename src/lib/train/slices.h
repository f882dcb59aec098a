/* slices.h: a batch cut into slices of 16 samples, one sample per lane.
 *
 * Each slice is gathered into the arena of the thread that runs it; what the network makes of it is judged
 * sample by sample. Slices of a batch may be gathered and judged in any order on any thread: results have
 * their places by the sample's index in the batch. */
#ifndef TRAIN_SLICES_H
#define TRAIN_SLICES_H

#include <stdbool.h>

#include "data/samples.h"
#include "train/executor_spec.h"

/* What became of a sample. */
enum judged { JUDGED_WRONG, JUDGED_RIGHT, JUDGED_UNANSWERED };

/* Predicted of a sample without an answer. */
#define SLICES_NO_CLASS UINT32_MAX

struct slices {
    const struct executor_spec *spec;
    size_t most; /* slices of the largest batch */
    lanes_gather_code *gather;
    lanes_gather_floats_code *gather_floats;
    size_t target_values; /* floats or one int32 per lane */
    char **arenas;        /* [threads] */
    void **targets;       /* [threads] */
    void **scratch;       /* [threads], for augmentation */
    float *losses;        /* [most * 16] */
    uint8_t *judged;      /* [most * 16] enum judged */
    /* the batch under way */
    const struct batch *batch;
    size_t count; /* its slices */
    uint64_t step;
    double weight;       /* of its samples, by class weights; without them their number */
    uint32_t *predicted; /* [batch]; NULL: not wanted */
    float *outputs;      /* [batch][values]; NULL: not wanted */
    size_t
        *begin; /* [ranks + 1] where the slices of each rank begin, for the caller to fill in; NULL: all are
                            this process's */
};

/* Slices of so many samples. */
size_t slices_of(size_t samples);

/* Adds the bytes slices_init takes; false if they do not fit size_t. */
bool slices_add_bytes(const struct executor_spec *spec, size_t *total);

/* The spec outlives the slices. Returns 0, or -1 when out of memory; slices_finish in either case. */
int slices_init(struct slices *slices, const struct executor_spec *spec);
void slices_finish(struct slices *slices);

/* Begins a batch. `step` keys the random words of training; see executor_evaluate for the arrays. */
void slices_begin(struct slices *slices, const struct batch *batch, uint64_t step, uint32_t *predicted,
                  float *outputs);

/* Of several ranks, the slices of this one: the first, and how many of the batch. */
size_t slices_first(const struct slices *slices);
size_t slices_own(const struct slices *slices);

/* After the slices of this rank were judged: what all ranks found becomes known here, unless something between them
 * fails. */
void slices_share(const struct slices *slices);

/* Samples of slice s: 16, or fewer in the last one. */
uint32_t slices_samples(const struct slices *slices, size_t s);

/* Puts slice s into the thread's arena and fills in what training and evaluation share. [worker] */
void slices_gather(struct slices *slices, size_t s, unsigned thread, bool training, struct net_slice *slice);

/* The class weight of each sample of slice s, in factors[16], which it returns; NULL: there are none. [worker] */
const float *slices_factors(const struct slices *slices, size_t s, float factors[NNRUN_LANES]);

/* After the forward pass of slice s: which of its samples are right, and the answers wanted. [worker] */
void slices_judge(struct slices *slices, size_t s, const struct net_slice *slice);

/* Of a sample of the batch, once its slice was judged. */
bool slices_was_right(const struct slices *slices, size_t i);

/* After all slices: adds the batch's losses, right answers and missing ones, in the order of samples. Returns
 * what it adds to the losses. */
double slices_sum(const struct slices *slices, struct step_sums *sums);
#endif
