/* plugin_home.h: the file that holds the library itself, the program or libnnrun.so, and the prefix it is in. */
#ifndef NET_PLUGIN_HOME_H
#define NET_PLUGIN_HOME_H

#include "net/trust_path.h"

struct plugin_home {
    char *prefix;          /* "/usr" of /usr/bin/nnrun; NULL: not known, and then no folder is in it */
    struct trust_path way; /* to that file */
};

/* Returns 0, or -1 after setting error (ERROR_FAILED, ERROR_MEMORY): the system did not let us look. */
int plugin_home_open(struct plugin_home *home, struct error *error);
void plugin_home_close(struct plugin_home *home); /* zeroed: nothing */

/* As trust_check, of a plugin on that way. */
enum trust_fault plugin_home_check(const struct plugin_home *home, const struct trust_path *plugin,
                                   size_t *at);
#endif
