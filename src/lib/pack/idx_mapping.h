/* idx_mapping.h: EMNIST's table of what its labels stand for: a line for each, "10 65" or "1 65 97", a label and the codes of
 * one or two characters. One thread at a time. */
#ifndef PACK_IDX_MAPPING_H
#define PACK_IDX_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct idx_mapping {
    size_t count; /* the largest label + 1 */
    char **names; /* [count], the first character's; NULL: that label is not in the table */
};

/* 0, or -1 after setting error. Finish it in either case. */
int idx_mapping_load(struct idx_mapping *mapping, const char *path, struct error *error);
void idx_mapping_finish(struct idx_mapping *mapping);
#endif
