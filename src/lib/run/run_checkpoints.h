/* run_checkpoints.h: the checkpoints of a run folder: its step files and the best one, saved, pruned and
 * found. One thread at a time. */
#ifndef RUN_RUN_CHECKPOINTS_H
#define RUN_RUN_CHECKPOINTS_H

#include <stddef.h>
#include <stdint.h>

#include "checkpoint/safetensors_read.h"
#include "checkpoint/safetensors_write.h"
#include "run/run_folder.h"

/* Writes the step file of `step`; when this returns 0 it is durable. The caller prunes later. Returns 0 or
 * -1. */
int run_checkpoints_save(struct run_folder *run, uint64_t step, const struct tensor *tensors,
                         size_t tensor_count, const struct metadata *metadata, size_t metadata_count,
                         struct error *error);

/* The same into best.safetensors; call it before run_checkpoints_save of that epoch. */
int run_checkpoints_save_best(struct run_folder *run, const struct tensor *tensors, size_t tensor_count,
                              const struct metadata *metadata, size_t metadata_count, struct error *error);

/* Removes all but the newest `keep` >= 1 step files. */
int run_checkpoints_prune(struct run_folder *run, unsigned keep, struct error *error);

/* Removes step files later than `step` (a resumed run repeats them). */
int run_checkpoints_drop_after(struct run_folder *run, uint64_t step, struct error *error);

/* The best checkpoint of a folder in *file, NULL if there is none. Returns 0 or -1. */
int run_checkpoints_best(const char *folder, struct safetensors **file, struct error *error);

/* The path of the checkpoint to look at, the best or else the newest, which may be damaged: fresh memory. NULL
 * after setting error: ERROR_DATA if there is none. */
char *run_checkpoints_path(const char *folder, struct error *error);

/* The newest step file that verifies; *warnings receives a line "PATH: reason" for each newer one passed over
 * (fresh memory, "" if none; NULL on failure). NULL after setting error: ERROR_DATA if none is whole, with
 * the reasons. Only one whose bytes were read and are no checkpoint is passed over: any other error is returned. */
struct safetensors *run_checkpoints_newest(struct run_folder *run, uint64_t *step, char **warnings,
                                           struct error *error);

/* The same of a folder that need not be ours: another process may be training into it. ERROR_DATA if it is
 * not a run. */
struct safetensors *run_checkpoints_peek(const char *path, uint64_t *step, struct error *error);
#endif
