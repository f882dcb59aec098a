/* training_open.h: the opening of a training run, with all its checks. In this order: the state, the data,
 * the folder. So a finished run opens no data, and wrong data leave no folder behind. */
#ifndef TRAIN_TRAINING_OPEN_H
#define TRAIN_TRAINING_OPEN_H

#include "train/training.h"

/* Checks that the memory suffices, starts the threads, and makes the state: a new one, or that of the
 * checkpoint. Returns 0 or -1; training_close in either case. */
int training_open_state(struct training *t, const struct trainer_spec *spec, struct error *error);

/* Opens the data, checks that a resumed run has the samples that it had, and makes the executors. Returns 0
 * or -1. */
int training_open_data(struct training *t, struct error *error);

/* Makes the folder of a new run; in that of a resumed one, removes what is later than its checkpoint. Writes
 * run.json, the event "start" and a new run's first step file. Returns 0 or -1. */
int training_open_folder(struct training *t, struct error *error);

void training_close(struct training *t);
#endif
