/* trainer_spec.h: what a caller asks of a training run, and how the two speak while it is under way. */
#ifndef TRAIN_TRAINER_SPEC_H
#define TRAIN_TRAINER_SPEC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "run/run_folder.h"
#include "train/events.h"
#include "train/ranks.h"

/* Requests from outside, as a signal handler may make them. */
struct trainer_requests {
    atomic_int stop; /* save after the step under way, then leave */
    atomic_int save; /* save after the step under way and continue */
};

struct trainer_listener { /* each may be NULL; called by the thread that trains */
    void *arg;
    void (*start)(void *arg, const struct start_event *event);
    void (*weights)(void *arg, const struct weights_event *event); /* after the start */
    void (*progress)(void *arg, const struct progress_event *event);
    void (*evaluated)(void *arg, bool test, uint64_t done, uint64_t all); /* samples, now and then */
    void (*epoch)(void *arg, const struct epoch_event *event);
    void (*test)(void *arg, const struct test_event *event, uint64_t step);
    void (*warning)(void *arg, const struct warning_event *event);
    void (*underflow)(void *arg, uint64_t step);
};

struct trainer_spec {
    const struct model *model;
    const char *config_path; /* for run.json; NULL: of a resumed run it keeps what it says */
    const char *output;      /* folder given on the command line: refused if used; NULL: the config's */
    struct run_folder *
        run; /* to resume, from the checkpoint that `model` holds; the caller's; NULL: a new run, or another rank's */
    struct model *resumed; /* `model`, whose checkpoint is freed as soon as it is loaded; NULL: a new run */
    struct ranks *ranks;   /* who learn together, the caller's; NULL: this process alone */
    bool any_arithmetic;   /* resume even if the arithmetic is another here */
    struct trainer_listener listener;
    struct trainer_requests *requests;
    size_t mistakes; /* of the test at the end that are kept, at most */
};
#endif
