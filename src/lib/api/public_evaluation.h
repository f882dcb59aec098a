/* public_evaluation.h: an evaluation as programs see it, with what is behind it. */
#ifndef API_PUBLIC_EVALUATION_H
#define API_PUBLIC_EVALUATION_H

#include <nnrun/nnrun.h>

#include "train/evaluate.h"

struct public_evaluation {
    nnrun_evaluation told; /* first: one's address is the other's */
    struct evaluation result;
    nnrun_class_figures *figures; /* [told.classes] */
    nnrun_mistake *mistakes;      /* [told.mistakes] */
};

/* Tells of a result whose arrays it has in common with the caller. Returns 0, or -1 when out of memory;
 * public_evaluation_drop in either case, which leaves the result's arrays alone. */
int public_evaluation_tell(struct public_evaluation *evaluation, const struct evaluation *result);
void public_evaluation_drop(struct public_evaluation *evaluation);

/* The same in memory of its own, for nnrun_evaluation_free. Takes the arrays over, which `result` has no more. NULL
 * when out of memory: it keeps them then. */
nnrun_evaluation *public_evaluation_take(struct evaluation *result);

/* What is behind it. */
const struct evaluation *public_evaluation_result(const nnrun_evaluation *evaluation);
#endif
