/* combinations.h: the combinations of a sweep's values, all there are or some that are drawn. One thread at a time. */
#ifndef SWEEP_COMBINATIONS_H
#define SWEEP_COMBINATIONS_H

#include "sweep/plan_type.h"

/* Makes them of the axes: all, the last axis changing first; or, unless `draws` is 0, that many different ones, of which
 * the first do not depend on how many there are. Returns 0 or -1. */
int combinations_make(struct plan *plan, size_t draws, struct error *error);
#endif
