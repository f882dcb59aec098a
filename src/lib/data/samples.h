/* samples.h: a data set: images and labels in IDX files (gzip or plain), read in windows in a shuffled or
 * in file order. The caller sees batches of pointers into a window. Samples of unsigned bytes stay bytes; those
 * of any other type are floats, each value rounded once when it is read.
 *
 * Order: the range of samples (of the file, or of an index of it) is cut into windows of `window` consecutive ones; each is permuted by
 * (seed, epoch, window number). A set that fits one window is inflated once and kept; a larger one, or
 * any with `stream`, holds two windows, the next inflated by a thread of its own while the caller
 * uses this one. The order and the bits are the same either way. */
#ifndef DATA_SAMPLES_H
#define DATA_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/label_rule.h"
#include "data/samples_walk.h"
#include "nnrun/layer.h"

struct samples_spec {
    const char *images, *labels; /* paths, with or without ".gz" */
    struct nnrun_shape input;    /* what a sample must be: equal but for leading ones, or, for rank 1, in
                                    the number of values */
    struct label_rule rule;      /* what is said of labels; its text outlives the samples */
    size_t window;               /* samples, >= 1 and >= the largest batch asked for */
    bool stream;
    bool numbers; /* samples of every type are taken, not of unsigned bytes alone */
};

/* One batch, valid until the next call on the same set. Values are in C order; one of pixels and floats is
 * NULL. */
struct batch {
    size_t count;
    const uint8_t *const *pixels; /* [count], bytes */
    const float *const *floats;   /* [count] */
    const uint8_t *const *labels; /* [count], label_width bytes each */
    size_t label_width;
    const uint32_t *numbers; /* [count], of the samples in their file, from 0 */
    uint32_t epoch;          /* the walk's */
};

struct samples;

/* Opens both files and checks their headers against each other and the spec; reads no sample yet. NULL after
 * setting error with ERROR_DATA: "PATH: reason". */
struct samples *samples_open(const struct samples_spec *spec, struct error *error);
void samples_close(struct samples *samples); /* NULL: nothing */

/* Before the first walk: from now on walks go over an index, in which come all samples but `back`, in the order of their
 * file, and then these, which are drawn by class, by the seed (split.h). Reads the labels. Returns 0 or -1. */
int samples_keep_back(struct samples *samples, size_t back, uint64_t seed, struct error *error);

/* That index, numbers of samples in their file; NULL: there is none, and samples are in its order. */
const uint32_t *samples_index(const struct samples *samples);

/* Samples in the file, from its header. */
size_t samples_count(const struct samples *samples);

/* Of a sample, as the file has it: with leading dimensions of 1, and a picture where the network takes a
 * vector. */
struct nnrun_shape samples_shape(const struct samples *samples);

/* Bytes of a sample's values in memory. */
size_t samples_bytes(const struct samples *samples);

/* Whether they are numbers of any scale (spec), not pixels. */
bool samples_are_numbers(const struct samples *samples);

/* Whether batches have floats. */
bool samples_are_floats(const struct samples *samples);

/* Bytes of the windows that walks hold and of the index; SIZE_MAX if they are more than that. */
size_t samples_window_bytes(const struct samples *samples);

/* Labels of a sample. */
size_t samples_label_width(const struct samples *samples);

/* The first walk over a set that is kept reads and checks all of both files: whatever is wrong with them is
 * an error here. Returns 0 or -1. */
int samples_start(struct samples *samples, const struct samples_walk *walk, struct error *error);

/* The next at most `most` samples, and never more than a window; batch->count is 0 at the end. Where the set
 * is streamed, a file that turns out truncated, damaged, too long or with a label out of range is an error
 * here, before any sample of the window where it showed is handed out, and at each later call until the next
 * start. Returns 0 or -1. */
int samples_next(struct samples *samples, size_t most, struct batch *batch, struct error *error);
#endif
