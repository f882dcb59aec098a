/* library_error.h: errors of libnnrun as the program's own. */
#ifndef CLI_LIBRARY_ERROR_H
#define CLI_LIBRARY_ERROR_H

#include <nnrun/nnrun.h>

#include "base/error.h"

/* Replaces what `to` holds by all messages of `from`, with what is known of their places; `from` is empty then.
 * Returns -1. */
int library_error(struct error *to, nnrun_error *from);
#endif
