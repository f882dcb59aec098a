/* plugin_check.h: reading a plugin's descriptor, whatever it was compiled against. Pure functions. */
#ifndef NET_PLUGIN_CHECK_H
#define NET_PLUGIN_CHECK_H

#include "base/error.h"
#include "net/plugin_kind.h"
#include "nnrun/layer.h"

/* Of a layer: its head, and that it is as long as that says. */
extern const struct plugin_kind plugin_kind_layer;

/* Checks the frozen head of a plugin's descriptor: that it is one, and of an ABI that is understood here. Returns 0 or
 * -1 (ERROR_CONFIG). */
int plugin_check_head(const struct nnrun_head *head, const char *path, struct error *error);

/* Checks the head, copies the descriptor into a zeroed full-size one and its settings into a fresh
 * array (*settings, for the caller to free; NULL if there are none), then checks every promise of the
 * tables. `path` is TYPE.so's. Returns 0 or -1 (ERROR_CONFIG). */
int plugin_copy(const void *symbol, const char *path, struct nnrun_layer *layer,
                struct nnrun_setting **settings, struct error *error);
#endif
