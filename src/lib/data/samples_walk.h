/* samples_walk.h: which samples of a data set are seen, and in what order. */
#ifndef DATA_SAMPLES_WALK_H
#define DATA_SAMPLES_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A walk over the samples [first, first + count) of the file. Shuffled by (seed, epoch) if `shuffle`; `skip`
 * samples of the order are passed over (resume): for free where the set is kept, by inflating alone where it
 * is streamed. Any number of walks one after another; starting one ends the one before, and batches with it.
 * A streamed walk that begins where the last one ended reads on instead of starting over. */
struct samples_walk {
    size_t first, count;
    bool shuffle;
    uint64_t seed;
    uint32_t epoch;
    size_t skip;
};
#endif
