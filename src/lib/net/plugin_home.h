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

/* As trust_check, of a plugin on that way: the verdict goes to *fault. Returns 0, or -1 after setting error. */
int plugin_home_check(const struct plugin_home *home, struct trust_path *plugin, enum trust_fault *fault,
                      size_t *at, struct error *error);
#endif
