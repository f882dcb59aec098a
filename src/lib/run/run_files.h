/* run_files.h: the names of the files in a run folder: the one place that writes and reads them. [any thread]
 *
 *   step-NNNNNNNNN.safetensors   nine digits, more when they are needed: the state after that step
 *   best.safetensors             a copy of the step file with the best validation accuracy
 *   run.json                     what may differ between equal runs: host, threads, absolute paths
 *   log.jsonl                    the run's events, one per line
 *   log.csv                      its epochs as a table, see log_csv.h
 *   report.html                  a page about the run, written when it ends
 *   lock                         locked with flock while a process trains into the folder */
#ifndef RUN_RUN_FILES_H
#define RUN_RUN_FILES_H

#include <stdbool.h>
#include <stdint.h>

#define RUN_BEST   "best.safetensors"
#define RUN_INFO   "run.json"
#define RUN_LOG    "log.jsonl"
#define RUN_TABLE  "log.csv"
#define RUN_REPORT "report.html"
#define RUN_LOCK   "lock"

enum { RUN_STEP_ROOM = 48 };

/* "step-000000012.safetensors" */
void run_step_name(char name[RUN_STEP_ROOM], uint64_t step);

/* Is it exactly the name of a step file? */
bool run_step_parse(const char *name, uint64_t *step);

/* Is it the name of a step file or of the best checkpoint? */
bool run_is_checkpoint(const char *name);

/* Is it the name of the log or of its table? */
bool run_is_log(const char *name);

/* Is it the name of a temporary of one of the files that are replaced atomically (file_io.h)? */
bool run_is_temporary(const char *name);

/* "FOLDER/NAME" and "FOLDER/step-000000012.safetensors" in fresh memory; NULL when out of memory. */
char *run_file_path(const char *folder, const char *name);
char *run_step_path(const char *folder, uint64_t step);
#endif
