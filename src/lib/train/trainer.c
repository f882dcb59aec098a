/* trainer.c: see trainer.h. The order of a run: opened, trained epoch by epoch, tested. */
#include "train/trainer.h"

#include <string.h>

#include "base/memory.h"
#include "run/run_log.h"
#include "train/epoch.h"
#include "train/final_test.h"
#include "train/rank_check.h"
#include "train/training_open.h"

/* Returns 0 when finished, 1 when asked to stop (saved), or -1. */
static int train_epochs(struct training *t, struct error *error)
{
    while (!training_is_finished(t)) {
        const int stopped = epoch_run(t, error);
        unsigned bits = epoch_stop_wanted(t) ? RANKS_STOP : 0;
        if (stopped < 0)
            return -1;
        if (stopped)
            return training_is_saved(t) || training_save(t, error) == 0 ? 1 : -1;
        if (ranks_agree(t->spec->ranks, bits, 0, &bits, error) != 0)
            return -1;
        if ((bits & RANKS_STOP) && !training_is_finished(t))
            return 1;
    }
    return 0;
}

/* All but the closing. */
static int run_training(struct training *t, struct trainer_result *result, struct error *error)
{
    int stopped, done = 0;
    unsigned bits;

    /* Killed after its last step file, a run lacks its test and what else comes then: it is brought to its end. */
    if (training_is_finished(t) && t->spec->run)
        done = run_log_is_done(t->run, error);
    if (ranks_agree(t->spec->ranks, done > 0 ? RANKS_DONE : 0, done < 0, &bits, error) != 0)
        return -1;
    if (bits & RANKS_DONE) {
        result->end = TRAINER_WAS_FINISHED;
        return 0;
    }
    if (training_open_data(t, error) != 0 || epoch_start(t, error) != 0 || rank_check_run(t, error) != 0 ||
        training_open_folder(t, error) != 0)
        return -1;
    stopped = train_epochs(t, error);
    if (stopped < 0)
        return -1;
    result->end = stopped ? TRAINER_INTERRUPTED : TRAINER_FINISHED;
    if (!stopped && final_test_run(t, &result->test, error) != 0)
        return -1;
    return t->run ? training_log(t, event_done_json(run_folder_path(t->run), t->state.step, training_end(t)),
                                 error)
                  : 0;
}

int trainer_run(const struct trainer_spec *spec, struct trainer_result *result, struct error *error)
{
    struct training t;
    int failed;

    memset(result, 0, sizeof *result);
    failed = training_open_state(&t, spec, error) != 0 || run_training(&t, result, error) != 0;
    failed = ranks_agree(spec->ranks, 0, failed, NULL, error) != 0;
    if (t.run && !(failed && run_folder_is_gone(t.run)) &&
        !(result->run = memory_string(run_folder_path(t.run))) && !failed)
        failed = error_memory(error);
    result->step = t.state.step;
    result->ended_by = training_end(&t);
    result->epoch = t.state.epoch;
    result->best_epoch = t.state.best_epoch;
    result->saved = training_is_resumed(&t) || t.saved_step != UINT64_MAX;
    result->diverged = t.diverged;
    training_close(&t);
    return failed ? -1 : 0;
}
