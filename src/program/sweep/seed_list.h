/* seed_list.h: the seeds of a sweep, as "1-10" or "1,3,7-9". [any thread] */
#ifndef SWEEP_SEED_LIST_H
#define SWEEP_SEED_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SEED_LIST_MOST = 10000 };

/* Into a fresh array, for the caller to free also after a failure. Returns 0, or -1 after setting error
 * (ERROR_ARGUMENT). */
int seed_list_parse(const char *text, int32_t **seeds, size_t *count, struct error *error);
#endif
