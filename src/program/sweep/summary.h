/* summary.h: what the runs of a sweep say about its combinations. One thread at a time. */
#ifndef SWEEP_SUMMARY_H
#define SWEEP_SUMMARY_H

#include "sweep/outcome.h"
#include "sweep/plan_type.h"
#include "sweep/statistics_of_runs.h"

#define SUMMARY_LEVEL 0.05 /* a p below it: chance alone rarely makes such a difference */

enum summary_verdict {
    SUMMARY_NOTHING,  /* no run has an accuracy */
    SUMMARY_ALONE,    /* one combination has */
    SUMMARY_BEST,     /* the first is better than each other one */
    SUMMARY_ONE_SEED, /* nothing can be said: no two seeds are common */
    SUMMARY_UNSURE    /* the first is not surely better than all */
};

struct summary_row {
    size_t combination;
    struct run_statistics measured, test;
    size_t common; /* seeds that it and the first have */
    double
        p; /* that it is as good as the first, by Holm's correction; NaN: of the first, or not to be said */
};

struct summary {
    bool by_test;             /* by the accuracy of the test, as there is no validation */
    struct summary_row *rows; /* [count], the best mean first, those without an accuracy left out */
    size_t count;
    size_t level; /* so many rows are not surely worse than the first, which counts */
    enum summary_verdict verdict;
};

/* `outcomes` are those of the plan's runs. Combinations are compared by the validation accuracy of their finished runs,
 * never by the test if there is any validation. Returns 0 or -1; finish it in either case. */
int summary_make(struct summary *summary, const struct plan *plan, const struct outcome *outcomes,
                 struct error *error);
void summary_finish(struct summary *summary);
#endif
