/* training.c: see training.h. */
#include "train/training.h"

#include <math.h>
#include <stdlib.h>

#include "run/run_checkpoints.h"
#include "run/run_log.h"

bool training_is_finished(const struct training *t)
{
    const struct train_state *state = &t->state;

    return state->epoch >= (uint64_t)t->settings->epochs ||
           (t->settings->patience > 0 && state->best_epoch > 0 &&
            state->epoch - state->best_epoch >= (uint64_t)t->settings->patience);
}

enum training_end training_end(const struct training *t)
{
    if (!training_is_finished(t))
        return TRAINING_STOPPED;
    return t->state.epoch >= (uint64_t)t->settings->epochs ? TRAINING_EPOCHS : TRAINING_PATIENCE;
}

bool training_is_resumed(const struct training *t)
{
    return t->spec->resumed != NULL;
}

int training_log(struct training *t, char *line, struct error *error)
{
    const int result = !line ? error_memory(error) : !t->run ? 0 : run_log_append(t->run, line, error);

    free(line);
    return result;
}

int training_save(struct training *t, struct error *error)
{
    if (t->run && train_state_save(&t->state, t->model, t->run, false, error) != 0)
        return -1;
    training_set_saved(t);
    return t->run ? run_checkpoints_prune(t->run, (unsigned)t->model->settings.output.keep, error) : 0;
}

int training_save_best(struct training *t, struct error *error)
{
    return t->run ? train_state_save(&t->state, t->model, t->run, true, error) : 0;
}

void training_set_saved(struct training *t)
{
    t->saved_step = t->state.step;
    t->saved_open = t->state.consumed > 0;
}

bool training_is_saved(const struct training *t)
{
    return t->saved_step == t->state.step && t->saved_open == (t->state.consumed > 0);
}

int training_note_underflow(struct training *t, bool underflowed, struct error *error)
{
    if (!underflowed || t->underflowed)
        return 0;
    t->underflowed = true;
    if (training_log(t, event_underflow_json(t->state.step), error) != 0)
        return -1;
    if (t->spec->listener.underflow)
        t->spec->listener.underflow(t->spec->listener.arg, t->state.step);
    return 0;
}

static bool tell_validated(void *arg, uint64_t done, uint64_t all)
{
    const struct training *t = arg;

    t->spec->listener.evaluated(t->spec->listener.arg, false, done, all);
    return false;
}

/* Asked to stop, the training does after the epoch, and a test at its end does not. */
static bool tell_tested(void *arg, uint64_t done, uint64_t all)
{
    const struct training *t = arg;

    t->spec->listener.evaluated(t->spec->listener.arg, true, done, all);
    return false;
}

int training_evaluate(struct training *t, struct samples *samples, size_t first, size_t count,
                      struct evaluation *result, struct error *error)
{
    const size_t batch = evaluate_batch((size_t)t->model->settings.data.window);
    unsigned bits;
    int failed;

    if (t->spec->listener.evaluated)
        result->progress = samples == t->test ? tell_tested : tell_validated;
    result->progress_arg = t;
    failed = evaluate(t->evaluator, samples, first, count, batch, result, error);
    result->progress = NULL; /* the result outlives t */
    result->progress_arg = NULL;
    bits = thread_pool_underflowed(t->pool) ? RANKS_UNDERFLOW : 0;
    if (failed || ranks_agree(t->spec->ranks, bits, 0, &bits, error) != 0)
        return -1;
    return training_note_underflow(t, bits & RANKS_UNDERFLOW, error);
}

int training_check_loss(struct training *t, double loss, const char *which, struct error *error)
{
    if (isfinite(loss))
        return 0;
    t->diverged = true;
    return error_set(error, ERROR_FAILED,
                     "the loss on %s became %s after step %llu; a smaller train.optimizer.rate may help",
                     which, isnan(loss) ? "NaN" : "infinite", (unsigned long long)t->state.step);
}
