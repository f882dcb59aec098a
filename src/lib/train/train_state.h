/* train_state.h: everything that changes while a network learns, and its way into a checkpoint and back. */
#ifndef TRAIN_TRAIN_STATE_H
#define TRAIN_TRAIN_STATE_H

#include <stdint.h>

#include "base/sha256.h"
#include "model/model.h"
#include "train/optimizer.h"
#include "run/run_folder.h"
#include "checkpoint/safetensors_read.h"
#include "train/executor.h"
#include "train/normalization.h"

enum history_column { /* of `history` in a checkpoint, one row a finished epoch; NaN where there is none */
                      HISTORY_EPOCH, /* from 1 */
                      HISTORY_STEP,
                      HISTORY_LOSS, /* mean over the epoch's samples, while learning */
                      HISTORY_TRAIN_ACCURACY,
                      HISTORY_VALIDATION_LOSS,
                      HISTORY_VALIDATION_ACCURACY,
                      HISTORY_RATE, /* of the epoch's last step */
                      HISTORY_COLUMNS
};

struct train_state {
    float *weights, *states;            /* [net->weights], [net->states] */
    struct normalization normalization; /* of the samples */
    struct optimizer optimizer;
    uint64_t epoch;         /* finished epochs */
    uint64_t step;          /* finished steps */
    uint64_t consumed;      /* samples of the open epoch already learned from */
    struct step_sums sums;  /* of the open epoch */
    double rate;            /* of the last step */
    double *history;        /* [epoch][HISTORY_COLUMNS] */
    size_t history_room;    /* rows */
    double best;            /* best validation accuracy; -1: none yet */
    uint64_t best_epoch;    /* its epoch, from 1 */
    char from[SHA256_TEXT]; /* the SHA-256 of the file whose weights it began with; "": none */
};

/* Zeroed, `with_optimizer`: with slots, for training. Returns 0 or -1; train_state_finish in either case. */
int train_state_make(struct train_state *state, const struct model *model, bool with_optimizer,
                     struct error *error);

/* The same with initial weights from train.seed; `with_optimizer`: with slots, for training. Returns 0 or -1. */
int train_state_init(struct train_state *state, const struct model *model, bool with_optimizer,
                     struct error *error);

/* From a checkpoint made for the same network (model_check_file: told before memory is taken). What the
 * optimiser remembers starts at zero where the file has none of it (the optimiser was changed). Returns 0 or
 * -1; train_state_finish in either case. */
int train_state_load(struct train_state *state, const struct model *model, const struct safetensors *file,
                     bool with_optimizer, struct error *error);
/* The weights of a checkpoint, and the layers' states, in place of the state's; all else stays. Returns 0, 1 if
 * the checkpoint is not of that epoch's end, or -1; then nothing is changed. */
int train_state_load_weights(struct train_state *state, const struct model *model,
                             const struct safetensors *file, uint64_t epoch, struct error *error);
void train_state_finish(struct train_state *state);

/* Adds a row to the history. Returns 0 or -1. */
int train_state_add_history(struct train_state *state, const double row[HISTORY_COLUMNS],
                            struct error *error);

/* Writes the state's step file, or best.safetensors. Returns 0 or -1. */
int train_state_save(const struct train_state *state, const struct model *model, struct run_folder *run,
                     bool as_best, struct error *error);

/* The same to any path, in place of a file that is there. Returns 0 or -1. */
int train_state_write(const struct train_state *state, const struct model *model, const char *path,
                      struct error *error);
#endif
