/* tester.h: a checkpoint's weights on its model's test samples. */
#ifndef TRAIN_TESTER_H
#define TRAIN_TESTER_H

#include "train/evaluate.h"
#include "train/train_state.h"

struct tester_spec {
    const struct model *model;
    const struct train_state *state;
    size_t mistakes;                                          /* to keep, at most */
    bool verdicts;                                            /* to keep, for mcnemar.h */
    bool (*progress)(void *arg, uint64_t done, uint64_t all); /* returns whether to stop; may be NULL */
    void *progress_arg;
};

/* Opens the test set and evaluates the state's weights on all of it. Returns 0, or -1 after setting error:
 * ERROR_DATA if there is no test set or it is not whole. evaluation_finish in either case. */
int tester_run(const struct tester_spec *spec, struct evaluation *result, struct error *error);
#endif
