/* epoch.h: one epoch of a training run: its steps, its validation, and how it is closed. */
#ifndef TRAIN_EPOCH_H
#define TRAIN_EPOCH_H

#include "train/training.h"

/* Finds the data of the open epoch, unless that was done. Those that are kept in memory are read and checked
 * here the first time. Returns 0 or -1. */
int epoch_start(struct training *t, struct error *error);

/* Trains on what is left of the open epoch, then closes it: validates, logs, saves. Returns 0; 1 if asked to
 * stop within the epoch, not saved; or -1. */
int epoch_run(struct training *t, struct error *error);

/* The caller asked to stop after the step under way. */
bool epoch_stop_wanted(const struct training *t);
#endif
