/* output_place.h: where a folder that is to be written lies. [any thread] */
#ifndef PACK_OUTPUT_PLACE_H
#define PACK_OUTPUT_PLACE_H

#include <stddef.h>

#include "base/error.h"

/* Fails (ERROR_ARGUMENT) if the folder, which need not be there yet, is one of the paths or lies below one. Returns 0 or -1. */
int output_place_check(const char *folder, const char *const *paths, size_t count, struct error *error);

/* Of a folder that is not there: how many have to be made, it and those above it. */
size_t output_place_missing(const char *path);

/* Removes that many again, the folder first, as far as nothing is in them. */
void output_place_remove(const char *path, size_t made);
#endif
