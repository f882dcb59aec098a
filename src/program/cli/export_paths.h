/* export_paths.h: where exported files may go: nothing but an earlier one of the kind is replaced. */
#ifndef CLI_EXPORT_PATHS_H
#define CLI_EXPORT_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct export_path {
    const char *path;                               /* NULL: such a file is not asked for */
    const char *option;                             /* "--c" */
    const char *kind;                               /* "a C file" */
    bool (*begins)(const void *bytes, size_t size); /* whether such a file of ours does so */
};

/* Refuses paths of one file, that of the checkpoint, and those at which there is something else; an empty file is nothing.
 * Returns 0, or -1 after setting error. */
int export_paths_check(const char *checkpoint, const struct export_path *paths, size_t count,
                       struct error *error);
#endif
