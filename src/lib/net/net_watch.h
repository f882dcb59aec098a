/* net_watch.h: a call of a node's plugin, noted for whom the plugin's registry tells. [any thread] */
#ifndef NET_NET_WATCH_H
#define NET_NET_WATCH_H

#include "net/net.h"
#include "net/plugin_watch.h"

/* Before a call of the node's `function`, by code of that level, NULL: it has but one, with a slice or NULL; what it
 * returns goes to plugin_watch_end after it. */
struct plugin_watch_entry *net_watch_begin(const struct net_node *node, const char *function,
                                           const char *level, const struct nnrun_slice *slice);
#endif
