/* normalization.h: mean and deviation of the training samples, which data.normalize = "train" subtracts and
 * divides by: one of each feature of a vector, one of each channel of anything else. A checkpoint keeps them
 * as tensors, so that all that is done with it later uses the same. */
#ifndef TRAIN_NORMALIZATION_H
#define TRAIN_NORMALIZATION_H

#include "checkpoint/safetensors_read.h"
#include "data/samples.h"
#include "model/model.h"

struct normalization {
    size_t count;         /* features or channels; 0: the config asks for none */
    float *mean, *std;    /* [count], on the scale of data.mean: of pixels / 255, or of numbers */
    float *scale, *shift; /* [count] made of them: value * scale + shift */
};

enum { NORMALIZATION_TENSORS = 2 };

/* A mean of 0 and a deviation of 1, until samples or a checkpoint tell. Returns 0, or -1 after setting error;
 * normalization_finish in either case. */
int normalization_init(struct normalization *normalization, const struct model *model, struct error *error);
void normalization_finish(struct normalization *normalization); /* a zeroed one: nothing */

/* Of samples [0, count), each counted once in file order by one thread: the same bits whatever window, stream
 * and threads. A feature that is the same in all samples gets a deviation of 1; *constant counts those, and
 * *first is the first. Returns 0 or -1. */
int normalization_measure(struct normalization *normalization, const struct model *model,
                          struct samples *samples, size_t count, size_t *constant, size_t *first,
                          struct error *error);

/* Those of a checkpoint, into one that is initialised. Returns 0, or -1 (ERROR_DATA): they are missing or
 * cannot be. */
int normalization_load(struct normalization *normalization, const struct model *model,
                       const struct safetensors *file, struct error *error);

/* Fills in what a checkpoint keeps of it. Returns how many tensors that are. */
size_t normalization_tensors(const struct normalization *normalization,
                             struct tensor tensors[NORMALIZATION_TENSORS]);

/* What turns samples into inputs: these numbers if there are any, else those of the config. */
struct lanes_scaling normalization_scaling(const struct normalization *normalization,
                                           const struct model *model);

/* The mean that it subtracts or else data.mean, of all channels or features: of pixels from 0 to 1. */
double normalization_mean(const struct normalization *normalization, const struct model *model);
#endif
