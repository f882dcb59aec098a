/* run_info.h: run.json: what may differ between two runs of one promise: machine, time, absolute paths. */
#ifndef RUN_RUN_INFO_H
#define RUN_RUN_INFO_H

#include <jansson.h>

#include "model/model.h"
#include "run/run_folder.h"

struct run_info {
    bool resumed;            /* what is there is brought up to date */
    const char *config_path; /* NULL: it keeps what it says, or the config is of no file */
    unsigned threads;
    size_t samples; /* of the training files, those for validation among them */
};

/* Writes it about this run. Returns 0 or -1. */
int run_info_write(struct run_folder *run, const struct model *model, const struct run_info *spec,
                   struct error *error);

/* The text of run.json, replaced atomically, and read into fresh memory (NULL with error if it is absent or
 * larger than 1 MiB). */
int run_info_write_text(struct run_folder *run, const char *json, struct error *error);
char *run_info_read_text(const char *folder, struct error *error);

/* The next four return 0, or -1 when out of memory: what a run was told is not forgotten for that. A run.json
 * that is absent or torn says nothing. */

/* All it says, for the caller to release; NULL: nothing. */
int run_info_read(const char *folder, json_t **info, struct error *error);

/* The samples that the run had; 0: not known. */
int run_info_samples(const char *folder, size_t *samples, struct error *error);

/* The data paths it keeps in `folder`; all NULL if there are none. model_paths_finish in either case. */
int run_info_paths(const char *folder, struct model_paths *paths, struct error *error);

/* output.keep and output.report as the run was told last; as they are where it says nothing. */
int run_info_output(const char *folder, struct output_settings *output, struct error *error);
#endif
