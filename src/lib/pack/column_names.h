/* column_names.h: whether columns have names that a network can have: data.columns of a config, one per line of a file. */
#ifndef PACK_COLUMN_NAMES_H
#define PACK_COLUMN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "pack/remark.h"

enum {
    COLUMN_NAMES_MOST = 1024,
    COLUMN_NAME = 128 /* bytes */,
    COLUMN_NAMES_BYTES = 1 << 15 /* with newlines */
};

/* *usable: they have. Otherwise a remark says why not. Returns 0 or -1: no memory. */
int column_names_check(char *const *names, size_t count, struct remarks *remarks, bool *usable,
                       struct error *error);
#endif
