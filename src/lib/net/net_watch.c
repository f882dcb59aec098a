/* net_watch.c: see net_watch.h. */
#include "net/net_watch.h"

struct plugin_watch_entry *net_watch_begin(const struct net_node *node, const char *function,
                                           const char *level, const struct nnrun_slice *slice)
{
    const struct plugin_call call = {.layer = node->name,
                                     .type = node->plugin->layer.type,
                                     .function = function,
                                     .path = node->plugin->path,
                                     .level = level};

    return plugin_watch_begin(node->plugin->watch, &call, slice);
}
