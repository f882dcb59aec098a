/* output.h: the folder that a pack is written into: all of its files get their names at the end, or none does. */
#ifndef PACK_OUTPUT_H
#define PACK_OUTPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/file_io.h"
#include "data/packed_folder.h"

#define OUTPUT_FACTS   PACKED_FACTS
#define OUTPUT_CLASSES PACKED_CLASSES
#define OUTPUT_COLUMNS PACKED_COLUMNS

enum { OUTPUT_FILES = 9, OUTPUT_NAME = 48 };

struct output {
    const char *path; /* the caller's */
    int lock;         /* a descriptor of the folder; -1: none */
    size_t made;      /* by us, who have the lock, and nothing is in it yet: it and so many - 1 above it */
    json_t *older;    /* the facts of the pack that is in it; NULL: none */
    struct output_file {
        char name[OUTPUT_NAME];
        char *path;
        struct file_replacement file;
    } files[OUTPUT_FILES];
    size_t count;
};

/* Fails if a pack into the folder would replace one of these paths, which it is made of: the folder itself, or a file in it
 * with a name that packs have. Returns 0 or -1. */
int output_keep(const char *folder, const char *const *paths, size_t count, struct error *error);

/* Makes the folder if need be, and keeps others from packing into it. Refuses one that holds a pack, unless `over`,
 * and one with files of such names that no pack lists. Close it in either case. Returns 0 or -1. */
int output_open(struct output *output, const char *path, bool over, struct error *error);

/* A file to write into; NULL after setting error. The one that is begun last makes the pack whole. */
struct file_replacement *output_begin(struct output *output, const char *name, struct error *error);

/* Makes all of them durable, sets the files aside that an older pack lists, gives the new ones their names, in order, and
 * removes the older ones. If one of these fails before all have their names, the older pack is back and whole. Killed meanwhile,
 * the folder has files of one pack only, and OUTPUT_FACTS only if all are there. */
int output_commit(struct output *output, struct error *error);

/* Without a commit nothing stays, neither files nor a folder that was made. */
void output_close(struct output *output);
#endif
