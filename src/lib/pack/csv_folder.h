/* csv_folder.h: the tables in a folder without folders: files called .csv or .tsv, perhaps .gz. Their names say which are for
 * training, validation and test. */
#ifndef PACK_CSV_FOLDER_H
#define PACK_CSV_FOLDER_H

#include <stddef.h>

#include "pack/source.h"

enum { CSV_FOLDER_LEFT = 400 };

struct csv_folder {
    char **paths; /* [count], those for training first, then for validation, then for the test */
    size_t count;
    size_t left;                 /* files that are left out, */
    char names[CSV_FOLDER_LEFT]; /* ... the first of them */
};

/* Does it hold tables, and no folder? 1, 0, also if it is no folder, or -1 after setting error. */
int csv_folder_is(const char *path, struct error *error);

/* Finds the only table, or those whose names say what they are for. Fails (ERROR_DATA) if none does, if none is for
 * training, or if one is there twice. Finish it in either case. Returns 0 or -1. */
int csv_folder_find(struct csv_folder *folder, const char *path, struct error *error);
void csv_folder_finish(struct csv_folder *folder);

/* Tells the sink what is left out, if anything is. Returns 0 or -1. */
int csv_folder_remark(const struct csv_folder *folder, const struct pack_sink *sink, struct error *error);
#endif
