/* plugin_home.c: see plugin_home.h. */
#include "net/plugin_home.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/installed.h"
#include "base/memory.h"

/* The folder above bin, lib or the build folder; of /app/nnrun it is /app. */
static char *make_prefix(const struct trust_path *way)
{
    const size_t folders = way->count - 2; /* but for the root and the file */

    return trust_path_of(way, folders > 1 ? folders - 1 : folders);
}

int plugin_home_open(struct plugin_home *home, struct error *error)
{
    const char *const file = installed_file();
    struct error why = {0};

    *home = (struct plugin_home){0};
    if (!file)
        return 0;
    if (trust_path_open(&home->way, file, &why) != 0) {
        if (error_is_failure(&why))
            return error_move(&why, error);
        error_clear(&why);
        return 0;
    }
    trust_path_leave(&home->way); /* nothing of the host's stays open */
    if (home->way.count > 2 && !(home->prefix = make_prefix(&home->way))) {
        plugin_home_close(home);
        return error_memory(error);
    }
    return 0;
}

void plugin_home_close(struct plugin_home *home)
{
    trust_path_close(&home->way);
    free(home->prefix);
    home->prefix = NULL;
}

/* A program that runs with more rights than its user, as by setgid, must not lend them to the user's code. */
static uid_t trusted_user(void)
{
    return installed_is_privileged() ? 0 : geteuid();
}

int plugin_home_check(const struct plugin_home *home, struct trust_path *plugin, enum trust_fault *fault,
                      size_t *at, struct error *error)
{
    const size_t length = home->prefix ? strlen(home->prefix) : 0;
    /* who has a second name for a privileged program, in a folder of its own, is not trusted for that */
    const bool is_inside = !installed_is_privileged() && length > 0 &&
                           strncmp(plugin->path, home->prefix, length) == 0 && plugin->path[length] == '/';
    const struct trust_chain chain = {plugin->places, plugin->count},
                             library = {home->way.places, is_inside ? home->way.count : 0};

    /* the groups that a user has are looked up only where that decides */
    while ((*fault = trust_check(&chain, &library, trusted_user(), at)) == TRUST_GROUP) {
        if (trust_path_ask_group(plugin, *at, error) != 0)
            return -1;
        if (!plugin->places[*at].private_group || plugin->places[*at].group == TRUST_NOBODY_ID)
            break;
    }
    return 0;
}
