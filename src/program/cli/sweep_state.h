/* sweep_state.h: a sweep under way, as the files sweep_*.c share it. */
#ifndef CLI_SWEEP_STATE_H
#define CLI_SWEEP_STATE_H

#include "cli/options.h"
#include "cli/screen.h"
#include "cli/signals.h"
#include "cli/sweep_child.h"
#include "sweep/outcome.h"
#include "sweep/sweep_folder.h"

enum sweep_run_state {
    SWEEP_APART,   /* not of this task's share */
    SWEEP_WAITING, /* to be trained, or another process has it */
    SWEEP_RUNNING, /* one of ours trains it */
    SWEEP_BEFORE,  /* it was done before, or by another process */
    SWEEP_DONE,    /* one of ours has trained it to its end */
    SWEEP_STOPPED, /* one of ours was stopped, and has saved */
    SWEEP_FAILED
};

struct sweep_run {
    enum sweep_run_state state;
    bool resumed;
    double began, tried; /* by the clock: the training; when another process had it */
    uint64_t epoch;      /* finished ones */
    double validation;   /* accuracy after that; NaN: not known */
    char *message;       /* of its error; NULL: none */
};

struct sweep_job {
    size_t run; /* of the plan */
    int claim;  /* of the run: a descriptor, see sweep_folder.h */
    unsigned threads;
    struct sweep_child child; /* process 0: there is none */
};

struct sweep {
    const struct options *options;
    const struct plan *plan;
    struct sweep_folder *folder;
    struct signals *signals;
    struct sweep_patience patience;
    unsigned waits;                       /* left for the folder once a stop was asked for */
    struct sweep_run *runs;               /* [plan->run_count] */
    size_t share;                         /* so many are this task's, */
    size_t before, done, failed, stopped; /* of which these */
    struct sweep_job *jobs;               /* [job_count] */
    unsigned job_count, processors;
    bool stopping, output_gone;
    bool event_lost; /* of --json, out of memory */
    double began;
    struct screen out;    /* stdout */
    struct screen screen; /* stderr, for the lines that are redrawn */
    bool draws;
    int drawn; /* lines of them */
    double last_drawn;
};
#endif
