/* run_folder.h: the folder of one training run: step files, best, run.json, logs, report, and its lock.
 *
 *   step-NNNNNNNNN.safetensors   nine digits, more when they are needed
 *   best.safetensors             a copy of a step file
 *   run.json                     what may differ between equal runs: host, threads, absolute paths
 *   log.jsonl                    history, a line an event
 *   log.csv                      its epochs as a table, see log_csv.h
 *   report.html                  a page about the run, written when it ends
 *   lock                         flock'ed while a process trains into the folder
 * Only regular files of exactly these names, and temporaries of them (see file_io.h), are ever removed. One
 * thread at a time. */
#ifndef RUN_RUN_FOLDER_H
#define RUN_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/safetensors.h"

struct run_folder;

/* Makes `path` (parents too), locks it and checks that it can be written. A folder that already has step
 * files or a best one, or is in use, is not taken: the next free name path-2, path-3 ... is, or with `exact`
 * it is an error. Logs left by a run that ended before its first step file are removed, temporaries of a
 * killed process too. NULL after setting error, ERROR_FAILED (ERROR_ARGUMENT for a folder that has step
 * files). */
struct run_folder *run_folder_create(const char *path, bool exact, struct error *error);

/* Locks an existing run to go on with it; removes temporaries of a killed process. ERROR_FAILED if it is in
 * use or cannot be written, ERROR_DATA if it is no run. */
struct run_folder *run_folder_open(const char *path, struct error *error);
void run_folder_close(struct run_folder *run); /* unlocks; NULL: nothing */

/* Without a slash at its end. */
const char *run_folder_path(const struct run_folder *run);

/* Writes the step file of `step`; when this returns 0 it is durable. The caller prunes later. Returns 0 or
 * -1. */
int run_folder_save(struct run_folder *run, uint64_t step, const struct tensor *tensors, size_t tensor_count,
                    const struct metadata *metadata, size_t metadata_count, struct error *error);

/* The same into best.safetensors; call it before run_folder_save of that epoch. */
int run_folder_save_best(struct run_folder *run, const struct tensor *tensors, size_t tensor_count,
                         const struct metadata *metadata, size_t metadata_count, struct error *error);

/* Removes all but the newest `keep` >= 1 step files. */
int run_folder_prune(struct run_folder *run, unsigned keep, struct error *error);

/* Removes step files later than `step` (a resumed run repeats them). */
int run_folder_drop_after(struct run_folder *run, uint64_t step, struct error *error);

/* The newest step file that verifies; *warnings receives a line "PATH: reason" for each newer one passed over
 * (fresh memory, "" if none; NULL on failure). NULL after setting error: ERROR_DATA if none is whole, with
 * the reasons; ERROR_FAILED if memory ran out, rather than going on from an older one. */
struct safetensors *run_folder_newest(struct run_folder *run, uint64_t *step, char **warnings,
                                      struct error *error);

/* The same of a folder that need not be ours: another process may be training into it. ERROR_DATA if it is
 * no run. */
struct safetensors *run_folder_peek(const char *path, uint64_t *step, struct error *error);

/* run.json, replaced atomically; read into fresh memory (NULL with error if absent or > 1 MiB). `path` is the
 * folder's. */
int run_folder_write_info(struct run_folder *run, const char *json, struct error *error);
char *run_folder_read_info(const char *path, struct error *error);

/* log.jsonl: one line appended (without newline given) and flushed to the system; an epoch's is a row of
 * log.csv then. */
int run_folder_log(struct run_folder *run, const char *line, struct error *error);

/* All of it, for the caller to free; empty if there is none. `path` is the folder's. NULL after setting
 * error.
 */
char *run_folder_read_log(const char *path, size_t *size, struct error *error);

/* Cuts away lines whose "step" member is beyond `step`, and lines a crash left torn; the others stay as they
 * are. log.csv becomes the table of what is left. */
int run_folder_cut_log(struct run_folder *run, uint64_t step, struct error *error);
#endif
