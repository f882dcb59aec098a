/* plugin_check.h: reading a plugin's descriptor, whatever it was compiled against. Pure functions. */
#ifndef NET_PLUGIN_CHECK_H
#define NET_PLUGIN_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "nnrun/layer.h"

/* [a-z][a-z0-9_]*, at most 63 characters. */
bool plugin_name_ok(const char *name);
bool plugin_word_ok(const char *word, size_t length);

/* Printable ASCII; NULL is not. */
bool plugin_line_ok(const char *text);

/* Checks the frozen head, copies the descriptor into a zeroed full-size one and its settings into a fresh
 * array (*settings, for the caller to free; NULL if there are none), then checks every promise of the
 * tables. `path` is TYPE.so's. Returns 0 or -1 (ERROR_CONFIG). */
int plugin_copy(const void *symbol, const char *path, struct nnrun_layer *layer,
                struct nnrun_setting **settings, struct error *error);

/* Checks a setting of layer->settings against its layer and those before it. Returns 0 or -1. */
int plugin_check_setting(const struct nnrun_layer *layer, const struct nnrun_setting *setting,
                         const char *path, struct error *error);

/* Sets error to "PATH: broken plugin: WHAT: NAME", or, where a newer plugin may be right, "PATH: WHAT: NAME:
 * it may need a newer nnrun". NAME may be NULL. Return -1. */
int plugin_broken(struct error *error, const char *path, const char *what, const char *name);
int plugin_too_new(struct error *error, const char *path, const char *what, const char *name);
#endif
