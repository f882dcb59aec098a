/* contract_one.h: experiments with a layer's evaluation of one sample alone (struct nnrun_one). */
#ifndef CHECK_CONTRACT_ONE_H
#define CHECK_CONTRACT_ONE_H

#include "check/rig_call.h"

/* Gives it each lane's sample at the rig's level, with drawn values, with equal ones, and with NaN, infinities and a
 * denormal among them: the bits are those of the lane, whatever memory held before. Its weights are whole, and nothing
 * else is written. `snapshot` is room for one. Returns 0, or -1 if memory ran out. */
int contract_check_one(struct rig *rig, float *snapshot);
#endif
