/* packed_folder.h: what a folder of packed data says of itself, in the file of its facts. It is known by what is in that file: a
 * file of the same name from elsewhere is none. One thread at a time. */
#ifndef DATA_PACKED_FOLDER_H
#define DATA_PACKED_FOLDER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

#define PACKED_FACTS   "pack.json"
#define PACKED_CLASSES "classes.txt"
#define PACKED_COLUMNS "columns.txt"

enum { PACKED_FORMAT = 1 };

/* The facts of a folder of packed data. 1; 0: it is none; -1 after setting error: no memory, or they cannot be read now. Decref
 * them after 1. */
int packed_folder_read(const char *folder, json_t **facts, struct error *error);

/* Whether packs have files of that name. */
bool packed_folder_may_have(const char *name);

/* Whether the facts list the file of that name as one of the pack, as they are themselves. */
bool packed_folder_has(const json_t *facts, const char *name);

/* Whether its samples have the rows of their source for columns. */
bool packed_folder_is_transposed(const json_t *facts);

/* The same three of the folder that a file is in: 1 if it is one of a pack's files, or that file without gzip. `facts` may be NULL. */
int packed_folder_of(const char *path, json_t **facts, struct error *error);
#endif
