/* trainer.c: see trainer.h. */
#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/run_checkpoints.h"
#include "run/run_files.h"
#include "run/run_info.h"
#include "run/run_log.h"
#include "train/schedule.h"

struct trainer {
    const struct trainer_spec *spec;
    struct model *model;
    const struct train_settings *settings;
    struct thread_pool *pool;
    struct samples *samples, *test;
    struct executor *executor, *evaluator;
    struct run_folder *run, *own_run; /* own_run: made here, closed here */
    struct train_state state;
    size_t count, validation; /* samples to train on, to validate with */
    uint64_t steps;           /* an epoch */
    uint64_t saved_step;      /* of the last step file; UINT64_MAX: none yet */
    bool saved_open;          /* ... and it was saved within an epoch */
    bool diverged;            /* a loss is no number any more */
    bool started;             /* the walk over the open epoch's samples */
};

static void warn(const struct trainer *t, const char *text)
{
    if (t->spec->listener.warning)
        t->spec->listener.warning(t->spec->listener.arg, text);
}

/* Takes the line over. */
static int log_line(struct trainer *t, char *line, struct error *error)
{
    const int result = line ? run_log_append(t->run, line, error) : error_memory(error);

    free(line);
    return result;
}

/* ---- opening ------------------------------------------------------------------------------------------ */

static int open_data(struct trainer *t, struct error *error)
{
    const size_t validation = (size_t)t->model->settings.data.validation;
    size_t all;

    if (model_need_data(t->model, false, error) != 0 || !(t->samples = model_samples(t->model, false, error)))
        return -1;
    if (t->model->paths.test_images && !(t->test = model_samples(t->model, true, error)))
        return -1;
    all = samples_count(t->samples);
    if (validation >= all)
        return error_set(error, ERROR_DATA, "%s: has %zu samples, so data.validation cannot be %zu",
                         t->model->paths.train_images, all, validation);
    t->count = all - validation;
    t->validation = validation;
    t->steps = (t->count + (size_t)t->settings->batch - 1) / (size_t)t->settings->batch;
    return 0;
}

/* Steps of the last whole epoch; 0: there is none. */
static double steps_before(const struct train_state *state)
{
    const double *row;
    double before;

    if (state->epoch == 0)
        return 0;
    row = state->history + (state->epoch - 1) * HISTORY_COLUMNS;
    before = state->epoch > 1 ? row[HISTORY_STEP - HISTORY_COLUMNS] : 0;
    return row[HISTORY_STEP] > before ? row[HISTORY_STEP] - before : 0;
}

/* A resumed run goes on with as many samples as it had. */
static int check_samples(const struct trainer *t, struct error *error)
{
    const char *path = t->model->paths.train_images;
    const size_t all = t->count + t->validation;
    const size_t had = run_info_samples(run_folder_path(t->run));
    const double steps = steps_before(&t->state);

    if (t->state.consumed > t->count)
        return error_set(error, ERROR_DATA,
                         "%s: was saved after %llu samples of an epoch, but there are only %zu",
                         t->spec->label, (unsigned long long)t->state.consumed, t->count);
    if (t->state.step < t->state.consumed / (uint64_t)t->settings->batch)
        return error_set(error, ERROR_DATA, "%s: was saved after %llu samples of an epoch, but %llu steps",
                         t->spec->label, (unsigned long long)t->state.consumed,
                         (unsigned long long)t->state.step);
    if (had > 0 && had != all)
        return error_set(
            error, ERROR_DATA,
            "%s: has %zu samples, but the run began with %zu: it can go on with those alone, data.directory=FOLDER "
            "tells where they are",
            path, all, had);
    if (steps > 0 && steps != (double)t->steps)
        return error_set(
            error, ERROR_DATA,
            "%s: its samples make %llu steps an epoch, but the run's last epoch had %.0f: it can go on with the "
            "samples it had alone, data.directory=FOLDER tells where they are",
            path, (unsigned long long)t->steps, steps);
    return 0;
}

static struct executor_spec executor_spec(struct trainer *t, bool training)
{
    struct model *model = t->model;
    const size_t batch = (size_t)t->settings->batch;

    return (struct executor_spec){
        .net = model->net,
        .pool = t->pool,
        .level = model->level,
        .batch = training ? batch : evaluate_batch((size_t)model->settings.data.window),
        .groups = training ? executor_groups(batch, t->settings->groups) : 0,
        .scaling = model->scaling,
        .augment = training ? model->augment : NULL,
        .seed = (uint64_t)t->settings->seed,
        .clip = (float)t->settings->clip,
        .weights = t->state.weights,
        .states = t->state.states,
        .optimizer = training ? &t->state.optimizer : NULL,
    };
}

static int check_memory(struct trainer *t, struct error *error)
{
    const struct executor_spec training = executor_spec(t, true), evaluation = executor_spec(t, false);
    size_t a, b, weights, all;
    const bool fits =
        executor_bytes(&training, &a) && executor_bytes(&evaluation, &b) && size_add(a, b, &all) &&
        size_multiply(t->model->net->weights, sizeof(float) * 3, &weights) && size_add(all, weights, &all);

    return model_check_memory(t->model, fits ? all : SIZE_MAX, error);
}

static int make_state(struct trainer *t, struct error *error)
{
    const char *arithmetic;

    if (!t->spec->file)
        return train_state_init(&t->state, t->model, true, error);
    arithmetic = safetensors_value(t->spec->file, "arithmetic");
    if (!t->spec->any_arithmetic && arithmetic && strcmp(arithmetic, train_arithmetic(t->model->level)) != 0)
        return error_set(
            error, ERROR_CONFIG,
            "%s: was trained with %s arithmetic, this is %s: the bits would differ; --any-arithmetic goes on "
            "all the same",
            t->spec->label, arithmetic, train_arithmetic(t->model->level));
    return train_state_load(&t->state, t->model, t->spec->file, t->spec->label, true, error);
}

static int make_executors(struct trainer *t, struct error *error)
{
    struct executor_spec spec = executor_spec(t, true);

    if (!(t->executor = executor_create(&spec, error)))
        return -1;
    spec = executor_spec(t, false);
    return (t->evaluator = executor_create(&spec, error)) ? 0 : -1;
}

static int make_run(struct trainer *t, struct error *error)
{
    const char *configured = t->model->settings.output.directory;
    char *path = t->spec->output ? memory_string(t->spec->output)
                 : *configured   ? memory_string(configured)
                                 : memory_format("runs/%s", t->model->settings.name);

    if (!path)
        return error_memory(error);
    t->run = t->own_run = run_folder_create(path, t->spec->output != NULL, error);
    free(path);
    return t->run ? 0 : -1;
}

/* ---- saving ------------------------------------------------------------------------------------------- */

static int save(struct trainer *t, struct error *error)
{
    if (train_state_save(&t->state, t->model, t->run, false, error) != 0)
        return -1;
    t->saved_step = t->state.step;
    t->saved_open = t->state.consumed > 0;
    return run_checkpoints_prune(t->run, (unsigned)t->model->settings.output.keep, error);
}

static bool is_saved(const struct trainer *t)
{
    return t->saved_step == t->state.step && t->saved_open == (t->state.consumed > 0);
}

/* ---- an epoch ----------------------------------------------------------------------------------------- */

static bool stop_wanted(const struct trainer *t)
{
    return t->spec->requests && atomic_load(&t->spec->requests->stop);
}

static bool save_wanted(const struct trainer *t)
{
    return t->spec->requests && atomic_exchange(&t->spec->requests->save, 0);
}

static void report_progress(const struct trainer *t)
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

static int one_step(struct trainer *t, const struct batch *batch, struct error *error)
{
    struct train_state *state = &t->state;

    state->rate = t->settings->optimizer.rate * schedule_factor(&t->settings->schedule, state->step, t->steps,
                                                                (uint64_t)t->settings->epochs);
    if (executor_train(t->executor, batch, state->rate, state->step, &state->sums, error) != 0) {
        t->diverged = true;
        return -1;
    }
    state->step++;
    state->consumed += batch->count;
    if (executor_float_changed(t->executor))
        warn(t, "a layer plugin changed how floating-point numbers are rounded (MXCSR); it was set again");
    report_progress(t);
    if (save_wanted(t))
        return save(t, error);
    return 0;
}

/* Finds the data of the open epoch. Those that are kept are read and checked here the first time. */
static int start_epoch(struct trainer *t, struct error *error)
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

/* Learns from what is left of the open epoch. Returns 0, 1 if asked to stop within it, or -1. */
static int learn(struct trainer *t, struct error *error)
{
    struct batch batch;

    if (start_epoch(t, error) != 0)
        return -1;
    for (;;) {
        if (stop_wanted(t) && t->state.consumed < t->count)
            return 1;
        if (samples_next(t->samples, (size_t)t->settings->batch, &batch, error) != 0)
            return -1;
        if (batch.count == 0)
            return 0;
        if (one_step(t, &batch, error) != 0)
            return -1;
    }
}

static void validating(void *arg, uint64_t done, uint64_t all)
{
    const struct trainer *t = arg;

    t->spec->listener.evaluated(t->spec->listener.arg, false, done, all);
}

static void testing(void *arg, uint64_t done, uint64_t all)
{
    const struct trainer *t = arg;

    t->spec->listener.evaluated(t->spec->listener.arg, true, done, all);
}

static int validate(struct trainer *t, struct epoch_event *event, struct error *error)
{
    struct evaluation result = {.progress = t->spec->listener.evaluated ? validating : NULL,
                                .progress_arg = t};

    event->validation_loss = event->validation_accuracy = (double)NAN;
    if (t->validation == 0)
        return 0;
    if (evaluate(t->evaluator, t->samples, t->count, t->validation,
                 evaluate_batch((size_t)t->model->settings.data.window), &result, error) != 0)
        return -1;
    event->validation_loss = result.loss;
    event->validation_accuracy = result.accuracy;
    event->best = result.accuracy > t->state.best;
    if (isfinite(result.loss))
        return 0;
    t->diverged = true;
    return error_set(
        error, ERROR_FAILED,
        "the loss on the validation samples became %s after step %llu; a smaller train.optimizer.rate may help",
        isnan(result.loss) ? "NaN" : "infinite", (unsigned long long)t->state.step);
}

/* The order matters to a crash: log (cut back on resume), best, step file, and only then is anything removed.
 */
static int close_epoch(struct trainer *t, double began, uint64_t before, struct error *error)
{
    struct train_state *state = &t->state;
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
    if (validate(t, &event, error) != 0)
        return -1;
    const double row[HISTORY_COLUMNS] = {[HISTORY_EPOCH] = (double)event.epoch,
                                         [HISTORY_STEP] = (double)event.step,
                                         [HISTORY_LOSS] = event.loss,
                                         [HISTORY_TRAIN_ACCURACY] = event.train_accuracy,
                                         [HISTORY_VALIDATION_LOSS] = event.validation_loss,
                                         [HISTORY_VALIDATION_ACCURACY] = event.validation_accuracy,
                                         [HISTORY_RATE] = event.rate};
    if (train_state_add_history(state, row, error) != 0)
        return -1;
    event.history = state->history;
    state->consumed = 0;
    state->sums = (struct step_sums){0};
    t->started = false;
    if (event.best) {
        state->best = event.validation_accuracy;
        state->best_epoch = state->epoch;
    }
    if (log_line(t, event_epoch_json(&event), error) != 0 ||
        (event.best && train_state_save(state, t->model, t->run, true, error) != 0) || save(t, error) != 0)
        return -1;
    if (t->spec->listener.epoch)
        t->spec->listener.epoch(t->spec->listener.arg, &event);
    return 0;
}

static bool finished(const struct trainer *t)
{
    const struct train_state *state = &t->state;

    return state->epoch >= (uint64_t)t->settings->epochs ||
           (t->settings->patience > 0 && state->best_epoch > 0 &&
            state->epoch - state->best_epoch >= (uint64_t)t->settings->patience);
}

/* ---- the end ------------------------------------------------------------------------------------------- */

/* Puts the best weights in place of the last. Returns 0, -1, or 1 if best.safetensors is gone, or of another
 * epoch than the state says: a killed run left it, and was then resumed with other settings. */
static int take_best(struct trainer *t, struct error *error)
{
    char *path = run_file_path(run_folder_path(t->run), RUN_BEST);
    struct safetensors *file;
    struct train_state best = {0};
    int result = -1;

    if (!path)
        return error_memory(error);
    if (access(path, F_OK) != 0) {
        free(path);
        return 1;
    }
    file = safetensors_read(path, error);
    if (file && train_state_load(&best, t->model, file, path, false, error) == 0) {
        result = best.epoch != t->state.best_epoch;
        if (result == 0) {
            memcpy(t->state.weights, best.weights, t->model->net->weights * sizeof *best.weights);
            memcpy(t->state.states, best.states, t->model->net->states * sizeof *best.states);
        }
    }
    train_state_finish(&best);
    safetensors_free(file);
    free(path);
    return result;
}

static int final_test(struct trainer *t, struct evaluation *result, struct error *error)
{
    struct test_event event = {.checkpoint = "last", .epoch = t->state.epoch};
    int failed;

    if (!t->test)
        return 0;
    if (t->state.best_epoch > 0) {
        const int other = take_best(t, error);
        if (other < 0)
            return -1;
        if (other) {
            warn(t, "there is no best.safetensors of this run's best epoch; the last weights are tested");
        } else {
            event.checkpoint = "best";
            event.epoch = t->state.best_epoch;
        }
    }
    failed = evaluation_init(result, t->model->net, t->test, t->spec->mistakes, error);
    result->progress = t->spec->listener.evaluated ? testing : NULL;
    result->progress_arg = t;
    if (failed || evaluate(t->evaluator, t->test, 0, samples_count(t->test),
                           evaluate_batch((size_t)t->model->settings.data.window), result, error) != 0)
        return -1;
    result->progress = NULL; /* the result outlives t */
    result->progress_arg = NULL;
    event.result = *result;
    if (log_line(t, event_test_json(&event, t->state.step), error) != 0)
        return -1;
    if (t->spec->listener.test)
        t->spec->listener.test(t->spec->listener.arg, &event, t->state.step);
    return 0;
}

static int begin(struct trainer *t, struct error *error)
{
    const struct start_event event = {.model = t->model,
                                      .run = run_folder_path(t->run),
                                      .resumed = t->spec->file != NULL,
                                      .step = t->state.step,
                                      .samples = t->count,
                                      .validation = t->validation,
                                      .threads = thread_pool_threads(t->pool)};

    if (t->spec->file) {
        if (run_checkpoints_drop_after(t->run, t->state.step, error) != 0 ||
            run_log_cut(t->run, t->state.step, error) != 0)
            return -1;
        t->saved_step = t->state.step;
        t->saved_open = t->state.consumed > 0;
    }
    const struct run_info info = {
        .config_path = t->spec->config_path, .threads = event.threads, .samples = t->count + t->validation};
    if (run_info_write(t->run, t->model, &info, error) != 0 ||
        log_line(t, event_start_json(&event), error) != 0)
        return -1;
    if (!t->spec->file && save(t, error) != 0)
        return -1;
    if (t->spec->listener.start)
        t->spec->listener.start(t->spec->listener.arg, &event);
    return 0;
}

/* Returns 0 when finished, 1 when asked to stop (saved), or -1. */
static int train(struct trainer *t, struct error *error)
{
    while (!finished(t)) {
        const double began = clock_seconds();
        const uint64_t before = t->state.consumed;
        const int stopped = learn(t, error);
        if (stopped < 0)
            return -1;
        if (stopped)
            return is_saved(t) || save(t, error) == 0 ? 1 : -1;
        if (close_epoch(t, began, before, error) != 0)
            return -1;
        if (stop_wanted(t) && !finished(t))
            return 1;
    }
    return 0;
}

static int run(struct trainer *t, struct trainer_result *result, struct error *error)
{
    int stopped;

    if (!(t->pool = thread_pool_create(model_threads(t->model), error)) || check_memory(t, error) != 0 ||
        make_state(t, error) != 0)
        return -1;
    if (finished(t)) {
        result->end = TRAINER_WAS_FINISHED;
        return 0;
    }
    if (open_data(t, error) != 0 || (t->spec->file && check_samples(t, error) != 0) ||
        make_executors(t, error) != 0)
        return -1;
    /* before there is a folder: wrong data leave nothing behind */
    if (start_epoch(t, error) != 0 || (!t->run && make_run(t, error) != 0))
        return -1;
    if (!result->run && !(result->run = memory_string(run_folder_path(t->run))))
        return error_memory(error);
    if (begin(t, error) != 0)
        return -1;
    stopped = train(t, error);
    result->step = t->state.step;
    if (stopped < 0)
        return -1;
    result->end = stopped ? TRAINER_INTERRUPTED : TRAINER_FINISHED;
    if (!stopped && final_test(t, &result->test, error) != 0)
        return -1;
    return log_line(t, event_done_json(result->run, t->state.step, stopped), error);
}

int trainer_run(const struct trainer_spec *spec, struct trainer_result *result, struct error *error)
{
    struct trainer t = {.spec = spec,
                        .model = spec->model,
                        .settings = &spec->model->settings.train,
                        .run = spec->run,
                        .saved_step = UINT64_MAX};
    int failed;

    memset(result, 0, sizeof *result);
    if (spec->run && !(result->run = memory_string(run_folder_path(spec->run))))
        return error_memory(error);
    failed = run(&t, result, error);
    result->step = t.state.step;
    result->saved = spec->file || t.saved_step != UINT64_MAX;
    result->diverged = t.diverged;
    executor_destroy(t.executor);
    executor_destroy(t.evaluator);
    samples_close(t.samples);
    samples_close(t.test);
    train_state_finish(&t.state);
    thread_pool_destroy(t.pool);
    run_folder_close(t.own_run);
    return failed;
}
