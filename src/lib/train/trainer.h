/* trainer.h: a training run from its first step, or from a checkpoint, to its end. */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include <stdatomic.h>

#include "train/events.h"
#include "train/train_state.h"

/* Requests from outside, as a signal handler may make them. */
struct trainer_requests {
    atomic_int stop; /* save after the step under way, then leave */
    atomic_int save; /* save after the step under way and go on */
};

struct trainer_listener { /* each may be NULL; called by the thread that trains */
    void *arg;
    void (*start)(void *arg, const struct start_event *event);
    void (*progress)(void *arg, const struct progress_event *event);
    void (*evaluated)(void *arg, bool test, uint64_t done, uint64_t all); /* samples, now and then */
    void (*epoch)(void *arg, const struct epoch_event *event);
    void (*test)(void *arg, const struct test_event *event, uint64_t step);
    void (*warning)(void *arg, const char *text);
};

struct trainer_spec {
    struct model *model;
    const char *config_path; /* for run.json; NULL: it keeps what it says */
    const char *output;      /* folder given on the command line: refused if used; NULL: the config's */
    struct run_folder *run;  /* a run to go on with, and the checkpoint to start from, which */
    const struct safetensors *file; /* `model` was opened from; all the caller's; NULL: a new run */
    const char *label;              /* the checkpoint's path */
    bool any_arithmetic;            /* resume even if sums are rounded another way here */
    struct trainer_listener listener;
    struct trainer_requests *requests;
    size_t mistakes; /* of the test at the end that are kept, at most */
};

enum trainer_end { TRAINER_FINISHED, TRAINER_INTERRUPTED, TRAINER_WAS_FINISHED };

struct trainer_result {
    enum trainer_end end;
    char *run; /* the folder, for the caller to free; NULL: none was made yet */
    uint64_t step;
    bool saved;             /* there is a checkpoint to go on from */
    bool diverged;          /* it failed because a loss was no number any more */
    struct evaluation test; /* the one at the end, for evaluation_finish; count 0: there was none */
};

/* Trains to the end, then tests with the best weights (the last without validation) if there is test data.
 * Returns 0 or -1. */
int trainer_run(const struct trainer_spec *spec, struct trainer_result *result, struct error *error);
#endif
