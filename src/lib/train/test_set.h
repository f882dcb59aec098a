/* test_set.h: a model's test samples, and what a checkpoint's weights make of them. */
#ifndef TRAIN_TEST_SET_H
#define TRAIN_TEST_SET_H

#include "train/evaluate.h"
#include "train/train_state.h"

struct test_set_spec {
    struct model *model;
    const struct train_state *state;
    size_t mistakes; /* to keep, at most */
    void (*progress)(void *arg, uint64_t done, uint64_t all);
    void *progress_arg;
};

/* Opens the test set and evaluates the state's weights on all of it. Returns 0, or -1 after setting error:
 * ERROR_DATA if there is no test set or it is not whole. evaluation_finish in either case. */
int test_set_evaluate(const struct test_set_spec *spec, struct evaluation *result, struct error *error);
#endif
