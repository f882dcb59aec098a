/* pretrained.h: train.from: the weights of a file as those that a new run begins with.
 *
 * A tensor of the network is looked for under one name: train.from_prefix, the name of its layer or, if the layer has
 * that key, its `from`, a point, and its own name. It fits if it is there, of that shape, as F32, F16 or BF16. Nothing
 * is guessed: what does not fit keeps its initial values. */
#ifndef TRAIN_PRETRAINED_H
#define TRAIN_PRETRAINED_H

#include "base/error.h"
#include "model/model.h"
#include "train/pretrained_fit.h"

/* Reads the file that the model's train.from names and looks for the network's tensors. Fails if none fits, if
 * those of a frozen layer do not or, with train.from_strict, if any does not. Returns 0, or -1 after setting error;
 * pretrained_finish in either case. */
int pretrained_open(struct pretrained *pretrained, const struct model *model, struct error *error);
void pretrained_finish(struct pretrained *pretrained);

/* Puts what fits in place of the initial values. Returns 0, or -1 if one is NaN or infinite. */
int pretrained_load(const struct pretrained *pretrained, float *weights, float *states, struct error *error);
#endif
