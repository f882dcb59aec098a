/* plugin_file.h: the file of a plugin, checked through the descriptor by which it is then loaded. */
#ifndef NET_PLUGIN_FILE_H
#define NET_PLUGIN_FILE_H

#include "net/elf_image.h"
#include "net/plugin_home.h"
#include "net/plugin_kind.h"

enum { PLUGIN_MOST_BYTES = 1 << 28 };

struct plugin_file {
    int fd;
    struct trust_path way;
    char *bytes;
    struct elf_image image;
};

/* Opens it if it may be loaded: nobody can write it who is not trusted; it is a regular file of at most
 * PLUGIN_MOST_BYTES, a shared object of this machine's kind that is all there; and what it exports is what that kind
 * of plugin has, for this ABI. None of its code has run then. `path` is for messages. Returns 0, or -1 after setting error
 * (ERROR_CONFIG; ERROR_FAILED and ERROR_MEMORY: the system did not let us). What is wrong with who can write it
 * has in facts.file which file or folder that is about. */
int plugin_file_open(struct plugin_file *file, const struct plugin_home *home, const struct plugin_kind *kind,
                     const char *path, struct error *error);
void plugin_file_close(struct plugin_file *file);
#endif
