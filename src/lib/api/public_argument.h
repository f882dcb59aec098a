/* public_argument.h: what a caller must not leave out. [any thread] */
#ifndef API_PUBLIC_ARGUMENT_H
#define API_PUBLIC_ARGUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* They fail (ERROR_ARGUMENT), naming the function, if the pointer to `what` is NULL; if a path is empty, too. Return 0
 * or -1. */
int public_need(const char *function, const char *what, const void *pointer, struct error *error);
int public_need_path(const char *function, const char *what, const char *path, struct error *error);

/* Fails likewise if one of these strings is NULL, or all are. */
int public_need_strings(const char *structure, const char *what, const char *const *strings, size_t count,
                        struct error *error);

/* Fails if a member that has no use yet was set. */
int public_need_zero(const char *structure, int32_t reserved, struct error *error);
#endif
