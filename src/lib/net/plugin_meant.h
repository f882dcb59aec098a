/* plugin_meant.h: the layer type that another system calls something else. */
#ifndef NET_PLUGIN_MEANT_H
#define NET_PLUGIN_MEANT_H

#include "net/plugin.h"

/* The type whose plugin lists the word as its own in another system, with the entry in *words, as it lives; NULL: none
 * does. Loads the plugins there are. */
const char *plugin_meant(struct registry *registry, const char *word, const struct nnrun_words **words);
#endif
