/* rank_check.h: whether several ranks can train a network, and whether all of them have the same one. */
#ifndef TRAIN_RANK_CHECK_H
#define TRAIN_RANK_CHECK_H

#include "train/training.h"

/* No more ranks than there are groups. Returns 0, or -1 (ERROR_CONFIG) with the train.groups that would do. */
int rank_check_groups(const struct training *t, struct error *error);

/* All ranks, once the data are open: config, arithmetic, layers, data and weights to begin with are those of rank 0.
 * Returns 0, or -1 in all ranks with the first that differs. One process: 0. */
int rank_check_run(const struct training *t, struct error *error);
#endif
