/* pack_paths.h: where the config that pack writes may be, and what it is called. */
#ifndef CLI_PACK_PATHS_H
#define CLI_PACK_PATHS_H

#include <stdbool.h>

#include "base/error.h"

/* Fails if there is such a file and it may not be replaced (`over`), or its folder is neither there nor `output`. */
int pack_paths_check(const char *path, const char *output, bool over, struct error *error);

/* The network's name, by that of the file; for the caller to free. NULL: no memory. */
char *pack_paths_name(const char *path);

/* How a config at `path` names a folder, both of which are there; for the caller to free. NULL after setting error. */
char *pack_paths_from(const char *path, const char *folder, struct error *error);
#endif
