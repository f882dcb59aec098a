/* plugin_object.h: a shared object loaded from a descriptor, under the name of its file. */
#ifndef NET_PLUGIN_OBJECT_H
#define NET_PLUGIN_OBJECT_H

#include <stdbool.h>

#include "base/error.h"

/* Loads the open file for good, as dlopen does with RTLD_NOW | RTLD_LOCAL: its initialisers run. Debuggers, dladdr and
 * the system know it by `path`, which has no links. It is found by that name again, instead of by the descriptor, where
 * there is no /proc, under a debugger, and if `by_path`, for what looks for other files beside its own. NULL after
 * setting error (ERROR_CONFIG, or the system did not let us). */
void *plugin_object_load(int fd, const char *path, bool by_path, struct error *error);
#endif
