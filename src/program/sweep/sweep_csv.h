/* sweep_csv.h: sweep.csv: a row for each run of a sweep, in the order of its plan (RFC 4180, without carriage returns).
 * It has no times, so that it does not tell how the runs were shared out. [any thread] */
#ifndef SWEEP_SWEEP_CSV_H
#define SWEEP_SWEEP_CSV_H

#include "sweep/outcome.h"
#include "sweep/plan_type.h"

/* The table in fresh memory; NULL after setting error. */
char *sweep_csv(const struct plan *plan, const struct outcome *outcomes, struct error *error);
#endif
