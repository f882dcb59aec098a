/* contract_plan.c: see contract_plan.h. */
#include "check/contract_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool same_shape(const struct nnrun_shape *a, const struct nnrun_shape *b)
{
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof a->dim[0]) == 0;
}

static bool same_tensors(const struct rig *a, const struct rig *b)
{
    if (a->tensors != b->tensors || !same_shape(&a->node->shape, &b->node->shape))
        return false;
    for (size_t t = 0; t < a->tensors; t++)
        if (strcmp(a->tensor[t].name, b->tensor[t].name) != 0 ||
            a->tensor[t].made.role != b->tensor[t].made.role ||
            !same_shape(&a->tensor[t].made.shape, &b->tensor[t].made.shape))
            return false;
    return true;
}

static void evaluate(struct rig *rig, bool loss, float *snapshot)
{
    const struct rig_call call = {.count = NNRUN_LANES, .evaluate = true, .loss = loss, .fill = 0xff};

    rig_draw(rig, RIG_ALL_LANES, 0);
    rig_run(rig, &call, snapshot);
}

int contract_check_plan(struct rig *rig, const struct net *evaluation, struct error *error)
{
    struct rig *other = rig_create(evaluation, &evaluation->nodes[evaluation->last], rig->failures, error);
    float *a = memory_array(rig->floats, sizeof *a);
    float *b = other ? memory_array(other->floats, sizeof *b) : NULL;
    int result = a && b ? 0 : -1;

    if (other && result != 0) {
        error_memory(error);
    } else if (other && !same_tensors(rig, other)) {
        rig_report(rig, &(struct failure){.kind = FAILURE_PLAN_TENSORS});
    } else if (other) {
        other->level = rig->level;
        other->as_loss = rig->as_loss;
        evaluate(other, rig->as_loss, b);
        evaluate(rig, rig->as_loss, a);
        rig_compare(rig, b, a, RIG_Y | RIG_LOSS, RIG_ALL_LANES, false, FAILURE_PLAN_BITS);
    }
    free(a);
    free(b);
    rig_destroy(other);
    return result;
}
