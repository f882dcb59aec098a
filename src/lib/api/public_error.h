/* public_error.h: an error of the library as the caller's nnrun_error. [any thread] */
#ifndef API_PUBLIC_ERROR_H
#define API_PUBLIC_ERROR_H

#include <nnrun/nnrun.h>

#include "base/error.h"

/* Replaces what the caller's error holds, NULL: nobody wants it, by what `from` holds, which is empty then. Returns
 * the status: NNRUN_OK, leaving the caller's alone, if `from` is empty. */
int public_error_give(nnrun_error *to, struct error *from);
#endif
