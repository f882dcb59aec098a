/* final_test.h: the end of a training run: its best weights on the test samples. */
#ifndef TRAIN_FINAL_TEST_H
#define TRAIN_FINAL_TEST_H

#include "train/training.h"

/* Puts the best weights, if there was validation, in place of the last, evaluates them on all test samples
 * and logs that; without test data it does nothing. Returns 0 or -1; evaluation_finish in either case. */
int final_test_run(struct training *t, struct evaluation *result, struct error *error);
#endif
