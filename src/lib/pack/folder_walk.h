/* folder_walk.h: the files of classes' folders, and what is noticed on the way; folder_scan.c's. */
#ifndef PACK_FOLDER_WALK_H
#define PACK_FOLDER_WALK_H

#include "pack/folder_files.h"
#include "pack/folder_names.h"

enum { FOLDER_DEPTH = 16, FOLDER_LIST = 400 };

/* Things of a kind, the first ones by name. */
struct folder_noted {
    char list[FOLDER_LIST];
    size_t count;
};
void folder_note(struct folder_noted *noted, const char *path);

struct folder_walk {
    struct folder_scan *scan;
    bool skip_broken;
    struct folder_noted outside, foreign, nested, other, circle, deep, empty, single, locked;
    const struct folder_name *above[FOLDER_DEPTH]; /* the folders that it is in */
    size_t depth;
    const struct folder_name *root, *part; /* above those; NULL: none */
};

/* The folders among the names of `path` are classes: all their files. Returns 0 or -1. */
int folder_walk_classes(struct folder_walk *s, const char *path, const struct folder_names *names,
                        enum pack_part part, struct error *error);
#endif
