/* folder_names.h: what lies in a folder, sorted. */
#ifndef PACK_FOLDER_NAMES_H
#define PACK_FOLDER_NAMES_H

#include <stddef.h>

#include "base/error.h"

enum folder_kind { FOLDER_FILE, FOLDER_FOLDER, FOLDER_OTHER };

struct folder_name {
    char *name, *path;     /* the path begins with that of the folder */
    enum folder_kind kind; /* of what a link leads to; a link to nothing is a file */
    unsigned long long device, inode;
};

struct folder_names {
    struct folder_name *list; /* by code points */
    size_t count, room;
};

/* Without what is hidden or left by systems. Finish it in either case. Returns 0 or -1. */
int folder_names_read(struct folder_names *names, const char *path, struct error *error);
/* Adds one. `name` and `path` are copied. */
int folder_names_add(struct folder_names *names, const char *name, const char *path, struct error *error);
void folder_names_finish(struct folder_names *names);

/* Of that kind; *first is the first one's name, NULL if there is none. */
size_t folder_names_count(const struct folder_names *names, enum folder_kind kind, const char **first);
#endif
