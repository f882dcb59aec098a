/* outcome.h: how far the run in a folder is, by its log and checkpoints, and what came of it. One thread at a time. */
#ifndef SWEEP_OUTCOME_H
#define SWEEP_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum outcome_state {
    OUTCOME_NONE,  /* there is no checkpoint yet */
    OUTCOME_BEGUN, /* it can be resumed */
    OUTCOME_DONE   /* trained, and tested if there is something to test with */
};

struct outcome {
    enum outcome_state state;
    double *validation; /* [epochs]: accuracies, NaN where there is none */
    size_t epochs;
    double best; /* validation accuracy of the best epoch, whose weights are tested; NaN: none */
    bool page;   /* there is one about the run */
    bool owed;   /* it is done but for the page that it wants: it was killed before, and resume writes it */
    uint64_t count, right; /* of the test; count 0: there is none */
};

/* Returns 0, or -1 after setting error; finish it in either case. A folder that is not there has nothing. */
int outcome_read(struct outcome *outcome, const char *folder, struct error *error);
void outcome_finish(struct outcome *outcome);

/* The accuracy of the test; NaN: there is none. */
double outcome_test(const struct outcome *outcome);

/* Whether a process trains into the folder. */
bool outcome_is_locked(const char *folder);
#endif
