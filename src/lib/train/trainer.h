/* trainer.h: a training run from its first step, or from a checkpoint, to its end. */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "train/evaluate.h"
#include "train/trainer_spec.h"

enum trainer_end { TRAINER_FINISHED, TRAINER_INTERRUPTED, TRAINER_WAS_FINISHED };

struct trainer_result {
    enum trainer_end end;
    char *run; /* the folder, for the caller to free; NULL: none was made yet */
    uint64_t step;
    enum training_end ended_by;
    uint64_t epoch, best_epoch; /* finished ones; that with the best validation accuracy, 0: none */
    bool saved;                 /* there is a checkpoint to resume from */
    bool diverged;              /* it failed because a loss was NaN or infinite */
    struct evaluation test;     /* the one at the end, for evaluation_finish; count 0: there was none */
};

/* Trains to the end, then tests with the best weights (the last without validation) if there is test data.
 * Returns 0 or -1. */
int trainer_run(const struct trainer_spec *spec, struct trainer_result *result, struct error *error);
#endif
