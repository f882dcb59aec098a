/* contract_plan.h: what plan() may not make of the news that a net is for evaluation alone (nnrun_plan.training). */
#ifndef CHECK_CONTRACT_PLAN_H
#define CHECK_CONTRACT_PLAN_H

#include "check/rig_call.h"

/* Compares the rig's layer with the last one of `evaluation`, the same case planned for evaluation alone: tensors and
 * output are alike, and it gives the same bits. At the rig's level. Returns 0, or -1 after setting error. */
int contract_check_plan(struct rig *rig, const struct net *evaluation, struct error *error);
#endif
