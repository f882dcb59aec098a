/* plugin_kind.h: what a shared object must export to be loaded as a plugin of that kind. */
#ifndef NET_PLUGIN_KIND_H
#define NET_PLUGIN_KIND_H

#include <stddef.h>

#include "base/error.h"

enum { PLUGIN_KIND_HEAD = 64 };

struct plugin_kind {
    const char *symbol; /* of its constant, "nnrun_plugin" */
    const char *what;   /* "layer plugin" */
    size_t head;        /* bytes at its front that loading must not change, at most PLUGIN_KIND_HEAD */
    /* Looks at these bytes, a copy, and at the size that the constant has in the file, before anything of the plugin runs.
     * Returns 0 or -1 after setting error (ERROR_CONFIG). */
    int (*check)(const void *head, size_t size, const char *path, struct error *error);
};
#endif
