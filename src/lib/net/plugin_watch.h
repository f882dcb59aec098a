/* plugin_watch.h: which function of which plugin each thread is in.
 *
 * A plugin that crashes takes the process along. The library installs no handler, but a host that has one may
 * ask here what its thread was doing. The host makes the watch, zeroed, and hands it to the registry
 * (registry_watch); what is loaded from there on is watched. A watch may lie in memory that processes share. */
#ifndef NET_PLUGIN_WATCH_H
#define NET_PLUGIN_WATCH_H

#include <stdatomic.h>

#include "net/plugin_call.h"

enum { PLUGIN_WATCH_CALLS = 256 }; /* at one time; further ones are not watched */

struct plugin_watch_entry {
    _Alignas(64) atomic_uintptr_t thread; /* 0: free */
    struct plugin_call call;              /* that thread's own while it is in it */
};

struct plugin_watch {
    struct plugin_watch_entry entries[PLUGIN_WATCH_CALLS];
};

/* Before and after a call of a plugin's code: layer, type, function and level of the call, whose strings must last
 * as long as it, and its slice, NULL: it has none. Begin returns NULL if nobody watches. [any thread] */
struct plugin_watch_entry *plugin_watch_begin(struct plugin_watch *watch, const struct plugin_call *call,
                                              const struct nnrun_slice *slice);
void plugin_watch_end(struct plugin_watch_entry *entry); /* NULL: nothing */

/* True if the calling thread is in a watched call, and then which. Async-signal-safe. */
bool plugin_watch_find(const struct plugin_watch *watch, struct plugin_call *call);

/* The same of any thread, for a process that had one and has ended. */
bool plugin_watch_find_any(const struct plugin_watch *watch, struct plugin_call *call);
#endif
