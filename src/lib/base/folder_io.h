/* folder_io.h: making, reading and clearing folders. Functions return 0, or -1 after setting error
 * (ERROR_FAILED, "PATH: reason"). */
#ifndef BASE_FOLDER_IO_H
#define BASE_FOLDER_IO_H

#include <stdbool.h>

#include "base/error.h"

/* Is there a folder, or a symbolic link to one? errno says why not. */
bool folder_exists(const char *path);

/* Has the folder been moved or removed since `file`, a path in it, was opened as fd? There is none of its name then, or one
 * with another file. Not if only the file was removed, or if it cannot be told. */
bool folder_is_gone(const char *path, const char *file, int fd);

/* The folder and those above it, durably; fine if it is there. */
int folder_make(const char *path, struct error *error);

/* Calls use(arg, descriptor of the folder, name, error) for each name in it, "." and ".." too, until that
 * returns something else than 0; returns that. */
typedef int folder_use(void *arg, int folder, const char *name, struct error *error);
int folder_each(const char *path, folder_use *use, void *arg, struct error *error);

/* Is it a regular file, and no link to one? 1, 0 (or there is none), or -1 with errno. */
int folder_is_file(int folder, const char *name);

/* Removes a regular file; anything else of that name was not written by us and stays, and so does what a
 * symbolic link leads to. Fine if there is none. `path` names the folder in messages. */
int folder_remove(const char *path, int folder, const char *name, struct error *error);
#endif
