/* ranks.h: the ranks of a training: processes that learn together, each a part of every step, and come to the bits of one.
 *
 * Every rank has all data, weights and optimizer state. Rank r computes the gradients of groups floor(r G / R) ..
 * floor((r + 1) G / R) - 1; what it finds of its slices goes to all, and so do the sums over groups (rank_sum.h). Rank 0
 * writes and tells.
 *
 * A rank that fails on its own goes to the next ranks_agree, and nothing else: whatever may fail in one rank alone is
 * followed by one before anything is gathered or sent. There all ranks learn of it, and fail. What fails between ranks is
 * remembered until then: what was to be filled in has no meaning.
 *
 * `ranks` may be NULL in all functions: this process is alone. One thread, that which opened it. */
#ifndef TRAIN_RANKS_H
#define TRAIN_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "comm/comm.h"

struct ranks;

/* Joins the other ranks by the communicator of that name. NULL after setting error. */
struct ranks *ranks_open(struct registry *registry, const char *communicator, struct error *error);
/* Leaves, with all others: this rank has failed at no place but an agreement. What failed between the ranks ends all. NULL:
 * nothing. */
void ranks_close(struct ranks *ranks);

uint32_t ranks_rank(const struct ranks *ranks); /* 0 */
uint32_t ranks_size(const struct ranks *ranks); /* 1 */

/* Where the share of rank r begins if `count` things are divided: floor(r count / size). */
size_t ranks_begin(const struct ranks *ranks, uint32_t r, size_t count);

/* True if this rank writes files and tells what happens: rank 0. */
bool ranks_writes(const struct ranks *ranks);

/* True after a failure of which rank 0 knows, and this is another rank: nothing need be said here. */
bool ranks_told(const struct ranks *ranks);

enum ranks_bits { /* what any rank may ask of all, or has met */
                  RANKS_STOP = 1,
                  RANKS_SAVE = 2,
                  RANKS_UNDERFLOW = 4,
                  RANKS_FLOAT_CHANGED = 8,
                  RANKS_DONE = 16,
                  RANKS_OTHER_BEST = 32
};

/* All ranks: *all becomes the bits that any rank has set, NULL: they do not matter. `failed`: this rank has, and `error`
 * says why. Returns 0, or -1 if any rank failed: error is then that of the first which did, in all of them, with its
 * rank unless that is 0. */
int ranks_agree(struct ranks *ranks, unsigned bits, int failed, unsigned *all, struct error *error);

/* All ranks: memory of `units` pieces of `size` bytes each; this rank has filled in its share from begin[rank] to
 * begin[rank + 1], and gets the others'. */
void ranks_gather(struct ranks *ranks, void *memory, const size_t *begin, size_t units, size_t size);

/* All ranks: from rank 0. */
void ranks_broadcast(struct ranks *ranks, void *memory, size_t bytes);

/* All ranks: messages as in nnrun/comm.h, of any size. */
void ranks_exchange(struct ranks *ranks, const struct nnrun_comm_message *messages, size_t count);

/* True once something has failed between the ranks: then what was received has no meaning. */
bool ranks_broken(const struct ranks *ranks);
#endif
