/* contract_traits.h: whether a layer's traits are true. */
#ifndef CHECK_CONTRACT_TRAITS_H
#define CHECK_CONTRACT_TRAITS_H

#include "check/rig_call.h"

/* Holds what the layer claims (enum nnrun_trait) against its outputs in evaluation, at the rig's level, in the middle of a
 * network or (`loss`) at its end. `base` and `other` are room for a snapshot each. */
void contract_check_traits(struct rig *rig, bool loss, float *base, float *other);
#endif
