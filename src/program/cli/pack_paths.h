/* pack_paths.h: where the config that pack writes may be, and what it is called. */
#ifndef CLI_PACK_PATHS_H
#define CLI_PACK_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Fails if there is such a file and it may not be replaced: only a config may, with `over`, and no source. Or if its folder
 * is neither there nor `output`. */
struct pack_paths {
    const char *config, *output;
    const char *const *sources;
    size_t source_count;
    bool over;
};
int pack_paths_check(const struct pack_paths *paths, struct error *error);

/* Fails if a config cannot name the folder, as it is text: UTF-8. */
int pack_paths_check_text(const char *folder, struct error *error);

/* How a config at `path` names a folder, both of which are there; for the caller to free. NULL after setting error. */
char *pack_paths_from(const char *path, const char *folder, struct error *error);
#endif
