/* statistics_of_runs.h: mean, deviation and interval of some runs, and whether two lists of them differ. [any thread] */
#ifndef SWEEP_STATISTICS_OF_RUNS_H
#define SWEEP_STATISTICS_OF_RUNS_H

#include <stddef.h>

struct run_statistics {
    size_t count;
    double mean, deviation; /* of the sample, with count - 1; NaN of fewer than two */
    double low, high;       /* 95 % interval of the mean, by Student's t; NaN likewise */
};

/* Of the values that are finite. */
struct run_statistics run_statistics(const double *values, size_t count);

/* The two-sided p of the paired t-test that the differences have a mean of 0; 1 if there are fewer than two, and that of
 * the sign test if all are the same, where t would be infinite. Values that are not finite are left out. */
double run_paired_p(const double *differences, size_t count);

/* Holm's correction: each p becomes the least level at which it would be rejected among all of them. A p that is NaN stays
 * so, and does not count. Holm, "A simple sequentially rejective multiple test procedure", 1979. */
void run_holm(double *p, size_t count);
#endif
