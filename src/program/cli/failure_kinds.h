/* failure_kinds.h: what gradcheck found wrong, each kind of failure once however many cases and levels have
 * it. */
#ifndef CLI_FAILURE_KINDS_H
#define CLI_FAILURE_KINDS_H

#include "check/gradcheck.h"

struct failure_kind;

struct failure_kinds { /* zeroed: none yet */
    struct failure_kind *list;
    size_t count, room;
    unsigned results; /* seen */
};

/* Sorts the failures of a result: two are of one kind if they are of one layer and differ in figures, case or
 * level only. Returns 0, or -1 when out of memory. */
int failure_kinds_add(struct failure_kinds *kinds, const struct gradcheck_result *result);

/* A line on stderr for each kind: the first of them, and how many more there are. Of each layer wrong
 * gradients come first: other failures may follow from them. */
void failure_kinds_print(const struct failure_kinds *kinds);
void failure_kinds_finish(struct failure_kinds *kinds);
#endif
