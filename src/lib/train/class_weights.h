/* class_weights.h: factors of a sample's loss and gradient by its class, train.class_weights. */
#ifndef TRAIN_CLASS_WEIGHTS_H
#define TRAIN_CLASS_WEIGHTS_H

#include "model/model.h"

enum { CLASS_WEIGHTS_MOST = 256 };

/* Sets the weight of each class. "balanced": all of the training samples / (classes that are there x samples of the
 * class), for which the labels of the `count` samples to train on, the first by the order of the samples, are read; 1 of a
 * class without any. Returns 1, 0 if none are wanted, or -1 after setting error. */
int class_weights_make(float weights[CLASS_WEIGHTS_MOST], const struct model *model,
                       const struct samples *samples, size_t count, struct error *error);
#endif
