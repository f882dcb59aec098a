/* data_look.h: what is unusual about the samples of a run, found before it begins. */
#ifndef TRAIN_DATA_LOOK_H
#define TRAIN_DATA_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

enum { DATA_LOOK_CLASSES = 256 };

struct data_look {
    bool counted; /* there are classes and validation samples: */
    uint64_t training[DATA_LOOK_CLASSES], validation[DATA_LOOK_CLASSES]; /* samples of each */
    bool
        tests_training; /* the first test samples are the first training samples, as far as both go, in other files */
};

/* Reads the labels of the training file, `count` of which are to train on, and of both files as many samples as are
 * equal. It looks for no more than is warned of. Returns 0 or -1. */
int data_look(struct data_look *look, const struct model *model, size_t count, struct error *error);
#endif
