/* plugin_check.h: reading a plugin's descriptor, whatever it was compiled against. Pure functions. */
#ifndef NET_PLUGIN_CHECK_H
#define NET_PLUGIN_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "nnrun/layer.h"

/* [a-z][a-z0-9_]*, at most 63 characters. */
bool plugin_name_ok(const char *name);

/* Checks the frozen head, copies the descriptor into a zeroed full-size one and its settings into a fresh
 * array (*settings, for the caller to free; NULL if there are none), then checks every promise of the
 * tables. `path` is TYPE.so's. Returns 0 or -1 (STATUS_CONFIG). */
int plugin_copy(const void *symbol, const char *path, struct nnrun_layer *layer,
                struct nnrun_setting **settings, struct error *error);

/* Bytes a setting takes in the instance; 0: no such kind. */
size_t plugin_setting_size(uint32_t kind);

/* The words of "max|average": writes pointers and lengths of at most `most`, returns how many there are. */
size_t plugin_choices(const char *choices, const char **words, size_t *lengths, size_t most);
#endif
