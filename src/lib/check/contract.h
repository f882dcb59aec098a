/* contract.h: experiments that a layer which keeps the contract does not notice. */
#ifndef CHECK_CONTRACT_H
#define CHECK_CONTRACT_H

#include "check/rig_call.h"

/* Runs them all at the rig's level, in the middle of a network or (`loss`) at its end. Leaves the results of
 * a first call of a group with full lanes in `first`, of a later one that adds in `later`; `other` is room
 * for one more snapshot. False if the first call went so wrong that nothing can be said of its gradients. */
bool contract_check(struct rig *rig, bool loss, float *first, float *later, float *other);
#endif
