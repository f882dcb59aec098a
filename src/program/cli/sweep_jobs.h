/* sweep_jobs.h: the runs of a sweep trained by children, several at a time. One thread at a time. */
#ifndef CLI_SWEEP_JOBS_H
#define CLI_SWEEP_JOBS_H

#include "cli/sweep_state.h"

/* Trains every run that waits, resumes those that were begun, and waits for those that other processes train. A run that
 * fails stops no other; a signal stops all, which save. Calls ended(sweep, run) after each. Returns 0, or -1 after setting
 * error, when none of them is left running. */
int sweep_jobs_run(struct sweep *sweep, void (*ended)(struct sweep *sweep, size_t run),
                   void (*shown)(struct sweep *sweep), struct error *error);
#endif
