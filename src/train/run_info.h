/* run_info.h: run.json: what may differ between two runs of one promise: machine, time, absolute paths. */
#ifndef TRAIN_RUN_INFO_H
#define TRAIN_RUN_INFO_H

#include "train/job.h"
#include "train/run_folder.h"

/* Writes it for a new run; config_path NULL: brings a resumed run's up to date. Returns 0 or -1. */
int run_info_write(struct run_folder *run, struct job *job, const char *config_path, unsigned threads,
                   struct error *error);

/* The data paths it keeps in `folder`; all NULL if there are none. Returns 0, or -1 when out of memory. */
int run_info_paths(const char *folder, struct job_paths *paths, struct error *error);

/* output.keep and output.report as the run was told last; as they are where it says nothing. */
void run_info_output(const char *folder, struct output_settings *output);
void run_info_free_paths(struct job_paths *paths);
#endif
