/* output_place.h: whether a folder that is to be written lies in what is read. [any thread] */
#ifndef PACK_OUTPUT_PLACE_H
#define PACK_OUTPUT_PLACE_H

#include <stddef.h>

#include "base/error.h"

/* Fails (ERROR_ARGUMENT) if the folder, which need not be there yet, is one of the paths or lies below one. Returns 0 or -1. */
int output_place_check(const char *folder, const char *const *paths, size_t count, struct error *error);
#endif
