/* run_log.h: log.jsonl of a run folder, and log.csv, which is made from it. One thread at a time. */
#ifndef RUN_RUN_LOG_H
#define RUN_RUN_LOG_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "run/run_folder.h"

/* Appends one line (given without newline) and flushes it to the system; an epoch's becomes a row of log.csv
 * then. */
int run_log_append(struct run_folder *run, const char *line, struct error *error);

/* Calls use(arg, event, number, error) for each line of the log in a folder, from number 1: `event` is its JSON, NULL if it is
 * none. What a crash left behind the last newline is no line. The first result that is not 0 ends it. Returns that, 0, or -1
 * after setting error. */
int run_log_each(const char *folder,
                 int (*use)(void *arg, const json_t *event, size_t number, struct error *error), void *arg,
                 struct error *error);

/* Does the log end with the event "done" of a run that was not interrupted? Also if there is no log, or an empty
 * one. Returns 1, 0, or -1 after setting error. */
int run_log_is_done(const struct run_folder *run, struct error *error);

/* Cuts away lines whose "step" member is beyond `step`, and lines a crash left torn; the others stay as they
 * are. log.csv becomes the table of what is left. */
int run_log_cut(struct run_folder *run, uint64_t step, struct error *error);
#endif
