/* path_look.h: how a file begins, to tell what it is, and what is beside it. [any thread] */
#ifndef PACK_PATH_LOOK_H
#define PACK_PATH_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The first bytes of a file, inflated if it is gzip: *got < size if it has no more. 1; 0: the path is a folder; -1 after
 * setting error. */
int path_look(const char *path, void *begin, size_t size, size_t *got, struct error *error);

/* Is there a regular file, or a link to one? */
bool path_is_file(const char *path);

/* The path of that name in the folder of a file, for the caller to free. NULL: out of memory. */
char *path_beside(const char *file, const char *name);
#endif
