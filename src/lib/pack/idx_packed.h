/* idx_packed.h: IDX files that were packed before: what their folder knows of them, and IDX files cannot hold. One thread at a
 * time. */
#ifndef PACK_IDX_PACKED_H
#define PACK_IDX_PACKED_H

#include "pack/idx_pairs.h"

struct idx_packed { /* zeroed: they were not */
    bool transposed;
    bool unread;               /* no facts say that a file of names in their folder is theirs */
    char **classes, **columns; /* [count] */
    size_t class_count, column_count;
};

/* Names are those of the files with names in the folder of the first, which may have been edited, else those that its facts
 * have. Fails (ERROR_DATA) if the facts of two files differ, or a file has another number of names, or a name twice. Finish it
 * whatever it returns: 0 or -1. */
int idx_packed_load(struct idx_packed *packed, const struct idx_pairs *pairs, struct error *error);
void idx_packed_finish(struct idx_packed *packed);
#endif
