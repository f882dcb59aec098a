/* epoch.c: see epoch.h. */
#include "train/epoch.h"

#include <math.h>

#include "base/clock.h"
#include "train/schedule.h"
#include "train/training_warn.h"

bool epoch_stop_wanted(const struct training *t)
{
    return t->spec->requests && atomic_load(&t->spec->requests->stop);
}

static bool take_save_request(const struct training *t)
{
    return t->spec->requests && atomic_exchange(&t->spec->requests->save, 0);
}

/* ---- steps -------------------------------------------------------------------------------------------- */

static void report_progress(const struct training *t)
{
    const struct train_state *state = &t->state;
    const struct progress_event event = {
        .epoch = state->epoch + 1,
        .epochs = (uint64_t)t->settings->epochs,
        .step = state->step,
        .done = state->consumed,
        .samples = t->count,
        .loss = state->sums.loss / (double)state->consumed,
        .accuracy = (double)state->sums.right / (double)state->consumed,
        .rate = state->rate,
    };

    if (t->spec->listener.progress)
        t->spec->listener.progress(t->spec->listener.arg, &event);
}

static int warn_of_float(struct training *t, bool changed, struct error *error)
{
    if (!changed || t->float_warned)
        return 0;
    t->float_warned = true;
    return training_warn(
        t, NULL, "a layer plugin changed how floating-point numbers are rounded (MXCSR); it was set again",
        error);
}

/* What a step made with floating-point numbers that is worth a line. */
static int note_of_step(struct training *t, bool changed, bool underflowed, struct error *error)
{
    return warn_of_float(t, changed, error) == 0 ? training_note_underflow(t, underflowed, error) : -1;
}

static int train_step(struct training *t, const struct batch *batch, struct error *error)
{
    struct train_state *state = &t->state;
    const double before = state->sums.loss;

    state->rate = t->settings->optimizer.rate * schedule_factor(&t->settings->schedule, state->step, t->steps,
                                                                (uint64_t)t->settings->epochs);
    if (executor_train(t->executor, batch, state->rate, state->step, &state->sums, error) != 0) {
        t->diverged = !ranks_broken(t->spec->ranks);
        return -1;
    }
    state->step++;
    state->consumed += batch->count;
    report_progress(t);
    /* ranks do the rest once all agree: agree_on_next */
    if ((!t->spec->ranks && note_of_step(t, executor_float_changed(t->executor),
                                         thread_pool_underflowed(t->pool), error) != 0) ||
        training_warn_of_loss(t, state->sums.loss - before, batch->count, error) != 0)
        return -1;
    return !t->spec->ranks && take_save_request(t) ? training_save(t, error) : 0;
}

int epoch_start(struct training *t, struct error *error)
{
    const struct samples_walk walk = {.count = t->count,
                                      .shuffle = true,
                                      .seed = (uint64_t)t->settings->seed,
                                      .epoch = (uint32_t)t->state.epoch,
                                      .skip = (size_t)t->state.consumed};

    if (t->started)
        return 0;
    t->started = true;
    return samples_start(t->samples, &walk, error);
}

/* What all ranks were asked, or met. Rank 0 alone writes, and may fail: the next step, in which ranks wait for what others
 * send, is begun only once all know that it did not. */
static int do_agreed(struct training *t, unsigned bits, struct error *error)
{
    int failed = note_of_step(t, bits & RANKS_FLOAT_CHANGED, bits & RANKS_UNDERFLOW, error);

    if (!failed && (bits & RANKS_SAVE) && !(bits & RANKS_STOP))
        failed = training_save(t, error);
    return ranks_agree(t->spec->ranks, 0, failed, NULL, error);
}

/* After a step, `failed` in this rank or not, all ranks agree on what comes next; what they were asked is done by all of
 * them after the same step. Returns 0, 1: to stop, or -1. */
static int agree_on_next(struct training *t, bool stop, int failed, struct error *error)
{
    unsigned bits = stop ? RANKS_STOP : 0;

    if (!t->spec->ranks)
        return failed ? -1 : stop;
    bits |= take_save_request(t) ? RANKS_SAVE : 0;
    /* said once, by all ranks at the same step */
    bits |= !t->float_warned && executor_float_changed(t->executor) ? RANKS_FLOAT_CHANGED : 0;
    bits |= !t->underflowed && thread_pool_underflowed(t->pool) ? RANKS_UNDERFLOW : 0;
    if (ranks_agree(t->spec->ranks, bits, failed, &bits, error) != 0 ||
        ((bits & ~(unsigned)RANKS_STOP) != 0 && do_agreed(t, bits, error) != 0))
        return -1;
    return bits & RANKS_STOP ? 1 : 0;
}

/* Trains on what is left of the open epoch. Returns 0, 1 if asked to stop within it, or -1. */
static int train_steps(struct training *t, struct error *error)
{
    struct batch batch = {.count = 0};
    int failed = 0, next;

    for (;;) {
        const bool stop = epoch_stop_wanted(t) && t->state.consumed < t->count;

        if (!failed && !stop)
            failed = samples_next(t->samples, (size_t)t->settings->batch, &batch, error);
        next = agree_on_next(t, stop, failed, error);
        if (next != 0 || batch.count == 0)
            return next;
        failed = train_step(t, &batch, error);
    }
}

/* ---- the end of an epoch ------------------------------------------------------------------------------ */

static int validate(struct training *t, struct epoch_event *event, struct error *error)
{
    struct evaluation result = {0};

    event->validation_loss = event->validation_accuracy = (double)NAN;
    if (t->validation == 0)
        return 0;
    if (training_evaluate(t, t->own_validation ? t->own_validation : t->samples,
                          t->own_validation ? 0 : t->count, t->validation, &result, error) != 0)
        return -1;
    event->validation_loss = result.loss;
    event->validation_accuracy = result.accuracy;
    event->best = result.accuracy > t->state.best;
    return training_check_loss(t, result.loss, "the validation samples", error);
}

/* The state leaves the epoch behind. */
static int enter_history(struct training *t, struct epoch_event *event, struct error *error)
{
    struct train_state *state = &t->state;
    const double row[HISTORY_COLUMNS] = {[HISTORY_EPOCH] = (double)event->epoch,
                                         [HISTORY_STEP] = (double)event->step,
                                         [HISTORY_LOSS] = event->loss,
                                         [HISTORY_TRAIN_ACCURACY] = event->train_accuracy,
                                         [HISTORY_VALIDATION_LOSS] = event->validation_loss,
                                         [HISTORY_VALIDATION_ACCURACY] = event->validation_accuracy,
                                         [HISTORY_RATE] = event->rate};

    if (train_state_add_history(state, row, error) != 0)
        return -1;
    event->history = state->history;
    state->consumed = 0;
    state->sums = (struct step_sums){0};
    t->started = false;
    if (event->best) {
        state->best = event->validation_accuracy;
        state->best_epoch = state->epoch;
    }
    return 0;
}

/* The order matters to a crash: log (cut back on resume), best, step file, and only then is anything
 * removed. */
static int close_epoch(struct training *t, double began, uint64_t before, struct error *error)
{
    const struct train_state *state = &t->state;
    struct epoch_event event = {
        .epoch = state->epoch + 1,
        .epochs = (uint64_t)t->settings->epochs,
        .step = state->step,
        .loss = state->sums.loss / (double)t->count,
        .train_accuracy = (double)state->sums.right / (double)t->count,
        .rate = state->rate,
    };

    event.seconds = clock_seconds() - began;
    event.samples_per_s = event.seconds > 0 ? (double)(t->count - before) / event.seconds : 0;
    if (validate(t, &event, error) != 0 || enter_history(t, &event, error) != 0 ||
        training_log(t, event_epoch_json(&event), error) != 0 ||
        (event.best && training_save_best(t, error) != 0) || training_save(t, error) != 0)
        return -1;
    if (t->spec->listener.epoch)
        t->spec->listener.epoch(t->spec->listener.arg, &event);
    return 0;
}

int epoch_run(struct training *t, struct error *error)
{
    const double began = clock_seconds();
    const uint64_t before = t->state.consumed;
    int stopped;

    if (epoch_start(t, error) != 0)
        return -1;
    stopped = train_steps(t, error);
    return stopped ? stopped : close_epoch(t, began, before, error);
}
