/* evaluate.h: a network's loss and accuracy over a range of samples, each counted once, in file order. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "data/samples.h"
#include "train/step.h"

struct evaluation {
    uint64_t count, right;
    double loss;     /* mean */
    double accuracy; /* fraction */
    size_t classes;
    uint64_t *confusion; /* [label][said], classes x classes; NULL: not asked for. Owned by the caller */
};

/* Over samples [first, first + count). `batch` is the stepper's. Returns 0 or -1. */
int evaluate(struct stepper *stepper, struct samples *samples, size_t first, size_t count, size_t batch,
             struct evaluation *result, struct error *error);

/* Batch size for evaluation: enough slices for all threads, at most a window. */
size_t evaluate_batch(size_t window);
#endif
