/* run_record.h: what a run folder holds, for a report: read without its lock, so that the run may be going
 * on. */
#ifndef REPORT_RUN_RECORD_H
#define REPORT_RUN_RECORD_H

#include <jansson.h>

#include "train/mcnemar.h"
#include "train/tester.h"
#include "train/train_state.h"

enum record_column { /* what is known of each finished epoch; NaN where something is not */
                     RECORD_EPOCH,
                     RECORD_LOSS,
                     RECORD_TRAIN_ACCURACY,
                     RECORD_VALIDATION_LOSS,
                     RECORD_VALIDATION_ACCURACY,
                     RECORD_RATE,
                     RECORD_SECONDS,
                     RECORD_SPEED, /* samples a second */
                     RECORD_COLUMNS
};

struct record_test { /* the test at the end of the run, as its log has it; count 0: none */
    uint64_t count, right;
    double loss;
    double balanced_accuracy, area; /* NaN: there is none */
};

struct run_record {
    char *folder; /* without a slash at its end */
    struct model model;
    struct train_state newest; /* of the newest whole step file, without an optimiser, but for its weights: */
    bool has_best;             /* they are those of best.safetensors, which is of the newest's best epoch */
    uint64_t weights_epoch;    /* the epoch they are of: those that a test takes */
    size_t epochs;             /* finished */
    double *column[RECORD_COLUMNS]; /* [epochs] each */
    struct record_test test;
    uint64_t underflow; /* the first step with a result that was too small for a normal float; 0: none */
    double seconds;     /* of all epochs; NaN: not known of any */
    double speed;       /* the median of the epochs' samples a second; NaN likewise */
    bool finished;      /* all epochs are done, or it stopped early */
    json_t *info;       /* run.json */
};

/* Returns 0, or -1 after setting error: ERROR_DATA if it is no run, or a file of it is damaged. A last line
 * of the log that is not whole is passed over: it is being written, or was when the process died. Close it in
 * either case. `overrides` of the options are applied to what the checkpoint says. */
int run_record_open(struct run_record *record, const char *folder, const struct model_options *options,
                    struct error *error);
void run_record_close(struct run_record *record);

/* Tests both again, as `how` says of progress, and compares them sample by sample. Returns 0; 1 if the test samples are
 * not at hand, or not those of both; or -1 after setting error. */
int run_record_compare(const struct run_record *first, const struct run_record *second,
                       const struct tester_spec *how, struct mcnemar *result, struct error *error);

/* A text in run.json ("host", "started", ...), NULL: it has none. */
const char *run_record_fact(const struct run_record *record, const char *key);

/* Is a data file of run.json ("test_images", ...) the same in both? True if one of them does not say. */
bool run_record_same_data(const struct run_record *a, const struct run_record *b, const char *key);

/* Threads the run had, 0: unknown. */
unsigned run_record_threads(const struct run_record *record);
#endif
