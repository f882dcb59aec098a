/* mcnemar.h: whether two networks differ, by the test samples that only one of them gets right.
 *
 * Intervals of two accuracies say little: most samples are right for both networks, and easy ones are so in both
 * intervals. McNemar's test looks at the others alone. If the networks were equally good, each of those would be a toss
 * of a coin: p is the probability that heads and tails are at least as far apart (exact, two-sided).
 * Source: Q. McNemar, Note on the sampling error of the difference between correlated proportions or percentages,
 * Psychometrika 12, 1947; T. Dietterich, Approximate statistical tests for comparing supervised classification learning
 * algorithms, Neural Computation 10, 1998. */
#ifndef TRAIN_MCNEMAR_H
#define TRAIN_MCNEMAR_H

#include "train/evaluate.h"

struct mcnemar {
    uint64_t both, only_first, only_second, neither; /* samples that were right */
    double p;                                        /* 1 if neither has one of its own */
};

/* The probability that of `first + second` tosses the rarer side comes up at most as often as the smaller of the two, or
 * the other side does. The same bits on any machine. */
double mcnemar_p(uint64_t first, uint64_t second);

/* Of two evaluations with `verdicts`. Fails (ERROR_DATA) if they were of different samples. Returns 0 or -1. */
int mcnemar_compare(struct mcnemar *result, const struct evaluation *first, const struct evaluation *second,
                    struct error *error);
#endif
