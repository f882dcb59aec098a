/* foreign_calls.h: functions of the C library that a plugin has no business with. */
#ifndef CHECK_FOREIGN_CALLS_H
#define CHECK_FOREIGN_CALLS_H

#include "check/failure.h"
#include "net/plugin.h"

/* Adds a failure for each kind of such functions that the plugin's file needs, naming them. Returns 0, or -1 after
 * setting error: the file cannot be read. */
int foreign_calls_check(const struct plugin *plugin, struct failure_list *failures, struct error *error);

/* Which kind of failure the use of that symbol is; FAILURE_KINDS: none. */
enum failure_kind foreign_calls_kind(const char *symbol);
#endif
