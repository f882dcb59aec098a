/* output_paths.h: where files may go that a command line names: nothing but an earlier one of the kind is replaced. */
#ifndef CLI_OUTPUT_PATHS_H
#define CLI_OUTPUT_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct output_path {
    const char *path;                               /* NULL: such a file is not asked for */
    const char *option;                             /* "--c" */
    const char *kind;                               /* "a C file that nnrun exported" */
    bool (*begins)(const void *bytes, size_t size); /* whether such a file does so */
};

/* Refuses paths of one file, that of the checkpoint, and those at which there is something else; an empty file is nothing.
 * Returns 0, or -1 after setting error. */
int output_paths_check(const char *checkpoint, const struct output_path *paths, size_t count,
                       struct error *error);

/* Refuses a path at which there is something else, likewise. */
int output_path_check(const struct output_path *to, struct error *error);
#endif
