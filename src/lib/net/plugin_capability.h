/* plugin_capability.h: the capabilities that a plugin lists, and those that this core knows. Pure functions. */
#ifndef NET_PLUGIN_CAPABILITY_H
#define NET_PLUGIN_CAPABILITY_H

#include <stdbool.h>

#include "base/error.h"
#include "nnrun/layer.h"

/* Checks a layer's list and the tables of the capabilities that are known. `path` is TYPE.so's. Returns 0, or -1
 * (ERROR_CONFIG): the list is broken, or one that is NEEDED is not known. */
int plugin_check_capabilities(const struct nnrun_layer *layer, const char *path, struct error *error);

bool plugin_capability_is_known(const char *id);

/* The table of the capability "derived/1", "one/1", "operators/1" or "traits/1" of a checked layer; NULL: it has
 * none. */
const struct nnrun_derived *plugin_derived(const struct nnrun_layer *layer);
const struct nnrun_one *plugin_one(const struct nnrun_layer *layer);
const struct nnrun_operators *plugin_operators(const struct nnrun_layer *layer);
const struct nnrun_traits *plugin_traits(const struct nnrun_layer *layer);

/* The table of the capability "words/1" of a checked layer; NULL: it has none. */
const struct nnrun_words *plugin_words(const struct nnrun_layer *layer);

/* The level of its code that goes with that level of the layer's. */
unsigned plugin_derived_level(const struct nnrun_derived *derived, unsigned level);
unsigned plugin_one_level(const struct nnrun_one *one, unsigned level);
unsigned plugin_one_make_level(const struct nnrun_one *one, unsigned level);
#endif
