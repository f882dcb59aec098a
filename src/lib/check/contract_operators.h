/* contract_operators.h: whether the operators by which a layer describes itself compute what its forward does. */
#ifndef CHECK_CONTRACT_OPERATORS_H
#define CHECK_CONTRACT_OPERATORS_H

#include "check/rig_call.h"

/* Holds y in evaluation, at the rig's level, against reference.h: within 1e-5 of the largest element, for drawn x and
 * larger ones. `snapshot` is room for one. Returns 0, or -1 after setting error: memory ran out. */
int contract_check_operators(struct rig *rig, float *snapshot, struct error *error);
#endif
