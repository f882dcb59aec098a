/* run_folder.h: the folder of one training run: made or opened, and locked while a process trains into it.
 *
 * Its files have their names from run_files.h. Only regular files of exactly these names, and temporaries of
 * them (file_io.h), are ever removed. One thread at a time. */
#ifndef RUN_RUN_FOLDER_H
#define RUN_RUN_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

struct run_folder;

/* Makes `path` (parents too), locks it and checks that it can be written. A folder that already has step
 * files or a best one, or is in use, is not taken: the next free name path-2, path-3 ... is, or with `exact`
 * it is an error. Logs left by a run that ended before its first step file are removed, temporaries of a
 * killed process too. NULL after setting error, ERROR_FAILED (ERROR_ARGUMENT for a folder that has step
 * files). */
struct run_folder *run_folder_create(const char *path, bool exact, struct error *error);

/* Locks an existing run to resume it; removes temporaries of a killed process. ERROR_FAILED if it is in
 * use or cannot be written, ERROR_DATA if it is not a run. */
struct run_folder *run_folder_open(const char *path, struct error *error);
void run_folder_close(struct run_folder *run); /* unlocks; NULL: nothing */

/* Whether the folder was moved or removed since, so that its name leads to nothing, or to another run. */
bool run_folder_is_gone(const struct run_folder *run);

/* Before anything in it is written or removed: nothing is in another run's. Returns 0, or -1 after setting error. */
int run_folder_check(const struct run_folder *run, struct error *error);

/* Without a slash at its end. */
const char *run_folder_path(const struct run_folder *run);
#endif
