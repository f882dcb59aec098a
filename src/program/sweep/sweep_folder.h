/* sweep_folder.h: the folder of a sweep, which any number of processes of any number of machines may work in.
 *
 *   sweep.json   what the sweep varies, and the names of its runs
 *   sweep.lock   whoever trains a run has locked a byte of it, at a place that the run's name gives; lost with the process
 *                and with the child that trains
 *   sweep.csv    a row for each run
 *   sweep.html   the page that compares the combinations
 *   NAME/        a run folder for each run
 *
 * One thread at a time. */
#ifndef SWEEP_SWEEP_FOLDER_H
#define SWEEP_SWEEP_FOLDER_H

#include <stdbool.h>

#include "sweep/plan_type.h"

#define SWEEP_INFO  "sweep.json"
#define SWEEP_LOCK  "sweep.lock"
#define SWEEP_TABLE "sweep.csv"
#define SWEEP_PAGE  "sweep.html"

struct sweep_folder;

/* What is done while another process holds the folder: a short wait. false: it is not waited for any longer. */
struct sweep_patience {
    bool (*wait)(void *arg);
    void *arg;
};

/* Makes the folder, or opens that of a sweep all of whose runs are among the plan's: seeds and values may be added to it.
 * Any other is refused (ERROR_ARGUMENT). The patience outlives it. NULL after setting error, or without one: patience was
 * lost. */
struct sweep_folder *sweep_folder_open(const char *path, const struct plan *plan,
                                       const struct sweep_patience *patience, struct error *error);
void sweep_folder_close(struct sweep_folder *folder); /* NULL: nothing */

const char *sweep_folder_path(const struct sweep_folder *folder); /* without a slash at its end */

/* Takes the run, until it is given back or whoever has the descriptor *claim has ended: a child that has it and outlives
 * this process keeps the run. 1, 0: another process has it, or -1 after setting error. */
int sweep_folder_claim(struct sweep_folder *folder, const struct plan_run *run, int *claim,
                       struct error *error);
void sweep_folder_give_back(int claim);

/* Waits until no other process is between these two, and keeps it so. Returns 0; 1: patience was lost; or -1. */
int sweep_folder_hold(struct sweep_folder *folder, struct error *error);
void sweep_folder_release(struct sweep_folder *folder);

/* "FOLDER/NAME" in fresh memory; NULL after setting error. */
char *sweep_folder_file(const struct sweep_folder *folder, const char *name, struct error *error);
#endif
