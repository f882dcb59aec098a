/* cifar_files.h: the files of CIFAR-10's and CIFAR-100's binary form: records of one or two labels and 3x32x32 bytes. One thread
 * at a time. */
#ifndef PACK_CIFAR_FILES_H
#define PACK_CIFAR_FILES_H

#include "pack/part_name.h"

enum { CIFAR_SIDE = 32, CIFAR_PIXELS = 3 * CIFAR_SIDE * CIFAR_SIDE, CIFAR_MOST_RECORD = CIFAR_PIXELS + 2 };

struct cifar_files {
    char **paths; /* [count] */
    enum pack_part *parts;
    struct part_names said;
    size_t *records;
    size_t count;
    size_t labels; /* of a record: 1, or 2 of CIFAR-100, coarse and fine */
};

/* Of one folder, or of files, by their sizes and first records. 1; 0: they are none; -1 after setting error. Finish them
 * in either case. */
int cifar_files_find(struct cifar_files *files, const char *const *paths, size_t count, struct error *error);
void cifar_files_finish(struct cifar_files *files);

/* The classes' names, from the file of that name beside the first one, a line each: 0, or -1 after setting error. *count is 0 if
 * there is none. */
int cifar_names_load(const struct cifar_files *files, const char *name, size_t want, char ***names,
                     size_t *count, struct error *error);
#endif
