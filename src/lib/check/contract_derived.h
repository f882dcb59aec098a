/* contract_derived.h: experiments with a layer's derived weights (struct nnrun_derived). */
#ifndef CHECK_CONTRACT_DERIVED_H
#define CHECK_CONTRACT_DERIVED_H

#include "check/rig_call.h"

/* Runs them all at the rig's level: each byte is written by one part and depends on the weights alone, the bytes are
 * those of lower levels that have FMA, and a NaN in a weight shows in y. `base` and `other` are room for a snapshot
 * each. Returns 0, or -1 if memory ran out. */
int contract_check_derived(struct rig *rig, float *base, float *other);
#endif
