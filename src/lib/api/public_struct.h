/* public_struct.h: structures of callers that were compiled with an older or a newer header. [any thread] */
#ifndef API_PUBLIC_STRUCT_H
#define API_PUBLIC_STRUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Copies a structure that begins with its size into one of `size` bytes as this library knows it: what an older
 * caller lacks is zero, and so is all of it for NULL. Fails (ERROR_ARGUMENT) if the size was not set, or a newer
 * caller sets a member that is not known here. Returns 0 or -1. */
int public_struct_take(const char *name, const void *given, void *own, size_t size, struct error *error);

/* Whether there is a structure to be filled with room for the `first` bytes of the first release. Of one that
 * is zeroed, whose size is 0, that becomes its size. */
bool public_struct_begin(void *given, size_t first);

/* Copies as much of `own` back as the caller's structure holds, which keeps its size. NULL: nothing. */
void public_struct_give(void *given, const void *own, size_t size);
#endif
