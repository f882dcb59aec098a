/* training_warn.h: what a training is warned of: its listener is told, and its log keeps it. */
#ifndef TRAIN_TRAINING_WARN_H
#define TRAIN_TRAINING_WARN_H

#include "train/training.h"

/* `name`: of the key of "warnings" that switches it off, NULL: none does. Returns 0 or -1. */
int training_warn(struct training *t, const char *name, const char *text, struct error *error);

/* Of a new run: what is unusual about its config and data. Of a resumed one: a learning rate that is not what it
 * would have been. Once the log is open; returns 0 or -1. */
int training_warn_at_start(struct training *t, struct error *error);

/* After a step, whose samples had that sum of losses: if the loss grows. Returns 0 or -1. */
int training_warn_of_loss(struct training *t, double sum, size_t samples, struct error *error);
#endif
