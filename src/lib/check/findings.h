/* findings.h: the failures of many cases, those that are alike put together. */
#ifndef CHECK_FINDINGS_H
#define CHECK_FINDINGS_H

#include "check/gradcheck.h"

struct finding {
    char *layer, *type, *label; /* of the first case that has it */
    struct failure first;
    unsigned cases;     /* that have it */
    unsigned levels;    /* of code, a bit each, that have it */
    size_t last_result; /* the last that has it */
};

struct findings {         /* zeroed: none yet */
    struct finding *list; /* in the order they were found */
    size_t count, room;
    size_t results; /* added */
};

/* Adds the failures of a result: one like another of that layer (failure_is_like) counts as its case. Returns 0,
 * or -1 if memory ran out. */
int findings_add(struct findings *findings, const struct gradcheck_result *result);
void findings_finish(struct findings *findings);
#endif
