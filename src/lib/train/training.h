/* training.h: a training run under way: what it works with, and how its state comes into the run folder.
 *
 * Opened by training_open.h, it goes through epochs (epoch.h) and ends with a test (final_test.h); trainer.c
 * has the order. */
#ifndef TRAIN_TRAINING_H
#define TRAIN_TRAINING_H

#include "base/thread_pool.h"
#include "train/class_weights.h"
#include "train/data_look.h"
#include "train/executor.h"
#include "train/loss_watch.h"
#include "train/train_state.h"
#include "train/trainer_spec.h"

struct training {
    const struct trainer_spec *spec;
    const struct model *model;
    const struct train_settings *settings;
    struct thread_pool *pool;
    struct samples *samples, *test; /* test: NULL without test data */
    struct samples
        *own_validation; /* NULL: those to validate with are among the samples, the last of their order */
    struct executor *executor, *evaluator;
    struct run_folder *run, *own_run; /* own_run: made here, closed here; NULL: another rank writes */
    char *checkpoint; /* what messages call the one that the state was loaded from; NULL: a new run */
    char *from_text, *from_json; /* what train.from has of the network's weights; NULL: there is none */
    struct train_state state;
    struct augment *augment;        /* made for the normalization of the state; NULL: the model's */
    struct derived_weights derived; /* of the state's weights */
    size_t count, validation;       /* samples to train on, to validate with */
    uint64_t steps;                 /* per epoch */
    uint64_t saved_step;            /* of the last step file; UINT64_MAX: none yet */
    bool saved_open;                /* ... and it was saved within an epoch */
    float class_weights[CLASS_WEIGHTS_MOST];
    bool weighed;                    /* by these */
    struct data_look look;           /* of a new run */
    size_t constant, first_constant; /* features of a new run that data.normalize found to be constant */
    struct loss_watch loss;
    bool diverged;     /* a loss was NaN or infinite */
    bool float_warned; /* that a plugin changed how numbers are rounded: said once */
    bool underflowed;  /* something became 0 for want of a normal float: said once */
    bool started;      /* the walk over the open epoch's samples */
};

/* All epochs are done, or the best one is train.patience epochs old. */
bool training_is_finished(const struct training *t);

/* Why it is at its end: finished by epochs or patience, or else stopped. */
enum training_end training_end(const struct training *t);

/* Adds a line to the log. Takes it over; NULL: there was no memory for it. Returns 0 or -1. */
int training_log(struct training *t, char *line, struct error *error);

/* Writes the step file of the state as it is; only then are older ones removed. Returns 0 or -1. Of several ranks the
 * first writes that and the log. */
int training_save(struct training *t, struct error *error);

/* Writes the state as best.safetensors. Returns 0 or -1. */
int training_save_best(struct training *t, struct error *error);

/* That step file is there already. */
void training_set_saved(struct training *t);
bool training_is_saved(const struct training *t);

/* After a step or an evaluation: the first time that something in it was too small for a normal float, and became 0, the
 * log and the listener are told. Without that a run has the same bits on every processor with FMA. Returns 0 or -1. */
int training_note_underflow(struct training *t, bool underflowed, struct error *error);

/* Resumed, from a checkpoint; else it is a new run. */
bool training_is_resumed(const struct training *t);

/* Evaluates the state's weights on samples [first, first + count), telling the listener how far it is.
 * `result` from evaluation_init, or zeroed. Returns 0 or -1. */
int training_evaluate(struct training *t, struct samples *samples, size_t first, size_t count,
                      struct evaluation *result, struct error *error);

/* Returns 0, or -1 if the mean loss of an evaluation on `which` samples is not finite: it has diverged. */
int training_check_loss(struct training *t, double loss, const char *which, struct error *error);
#endif
