/* window.h: consecutive samples in memory, with an order to hand them out in. */
#ifndef DATA_WINDOW_H
#define DATA_WINDOW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/idx_file.h"
#include "data/label_rule.h"
#include "data/samples_walk.h"

struct window_source { /* the files belong to the caller; one thread at a time reads from them */
    struct idx_file *images, *labels;
    struct label_rule rule;
    const uint32_t *index; /* [samples of a file] places in the files; NULL: each sample is at its own */
};

struct window {
    size_t count;     /* samples in order[] */
    uint8_t *samples; /* one behind the other: bytes, or floats */
    uint8_t *labels;
    uint32_t *order; /* [count] */
};

/* Samples of unsigned bytes are kept as bytes, those of any other type as floats. */
bool window_holds_floats(const struct window_source *source);
size_t window_sample_bytes(const struct window_source *source);

/* Room for `most` samples of the source. On failure there is nothing to finish. Returns 0 or -1. */
int window_init(struct window *window, const struct window_source *source, size_t most, struct error *error);
void window_finish(struct window *window); /* a zeroed one: nothing */

/* Reads the samples [first, first + count) of the files, or of the index, in which their places ascend, and checks their
 * labels. Samples between are read through, the files rewound if they are past the first. Gives up soon after *stop (may be NULL) is set, which
 * is a failure without a message. Returns 0 or -1. */
int window_read(struct window *window, const struct window_source *source, size_t first, size_t count,
                const atomic_bool *stop, struct error *error);

/* Sets the order for window `number` of a walk: 0 .. count - 1, or its permutation. */
void window_order(struct window *window, const struct samples_walk *walk, size_t number, size_t count);
#endif
