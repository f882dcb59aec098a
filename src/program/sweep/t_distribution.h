/* t_distribution.h: Student's t distribution with a whole number of degrees of freedom, at least 1. [any thread] */
#ifndef SWEEP_T_DISTRIBUTION_H
#define SWEEP_T_DISTRIBUTION_H

/* The probability that |T| is at least |t|: the p of a two-sided test. */
double t_two_sided(double t, unsigned freedom);

/* The t at which that is `p`, 0 < p < 1: an interval of the mean reaches this times the standard error to both sides. */
double t_of(double p, unsigned freedom);
#endif
