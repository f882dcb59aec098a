/* training_open.c: see training_open.h. */
#include "train/training_open.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model/model_names.h"
#include "run/run_checkpoints.h"
#include "run/run_info.h"
#include "run/run_log.h"
#include "train/arithmetic.h"
#include "train/class_weights.h"
#include "train/memory_need.h"
#include "train/pretrained.h"
#include "train/pretrained_text.h"
#include "train/rank_check.h"
#include "train/training_warn.h"

static struct executor_spec executor_spec(struct training *t, bool training)
{
    const struct model *model = t->model;
    const size_t batch = (size_t)t->settings->batch;

    return (struct executor_spec){
        .net = model->net,
        .pool = t->pool,
        .level = model->level,
        .batch = training ? batch : evaluate_batch((size_t)model->settings.data.window),
        .groups = training ? executor_groups(batch, t->settings->groups) : 0,
        .scaling = normalization_scaling(&t->state.normalization, model),
        .augment = !training    ? NULL
                   : t->augment ? t->augment
                                : model->augment,
        .seed = (uint64_t)t->settings->seed,
        .clip = t->settings->clip,
        .class_weights = training && t->weighed ? t->class_weights : NULL,
        .weights = t->state.weights,
        .states = t->state.states,
        .derived = &t->derived,
        .optimizer = training ? &t->state.optimizer : NULL,
        .ranks = t->spec->ranks,
    };
}

/* ---- the state ---------------------------------------------------------------------------------------- */

/* The test at the end (final_test.c) has no executor for steps and no slots, but what it finds. The page about the run
 * takes less. */
static int check_test_memory(struct training *t, const struct executor_spec *evaluation, size_t windows,
                             struct error *error)
{
    const struct memory_need need = {.executors = evaluation,
                                     .count = 1,
                                     .copies = 1,
                                     .windows = windows,
                                     .figures =
                                         evaluation_bytes(t->model->net, t->test, t->spec->mistakes, false)};

    return memory_need_check(t->model, &need, error);
}

static int check_memory(struct training *t, struct error *error)
{
    const struct executor_spec specs[] = {executor_spec(t, true), executor_spec(t, false)};
    struct memory_need need = {
        .executors = specs, .count = 2, .copies = 1 + optimizer_slots(&t->settings->optimizer)};
    const struct safetensors *file = t->model->file;
    const struct tensor *tensor;

    for (size_t i = 0; file && (tensor = safetensors_at(file, i)); i++)
        need.loaded += tensor->bytes; /* fits: it is in memory */
    if (t->samples)
        need.windows = samples_window_bytes(t->samples);
    if (t->test && !size_add(need.windows, samples_window_bytes(t->test), &need.windows))
        need.windows = SIZE_MAX;
    if (t->own_validation && !size_add(need.windows, samples_window_bytes(t->own_validation), &need.windows))
        need.windows = SIZE_MAX;
    if (memory_need_check(t->model, &need, error) != 0)
        return -1;
    return t->test ? check_test_memory(t, &specs[1], need.windows, error) : 0;
}

/* A checkpoint is as large as the state that is made of it: it goes before anything else comes. */
static int load_state(struct training *t, struct error *error)
{
    const struct safetensors *file = t->model->file;
    const char *arithmetic = safetensors_value(file, "arithmetic");

    t->checkpoint = memory_string(safetensors_label(file));
    if (!t->checkpoint)
        return error_memory(error);
    if (train_state_load(&t->state, t->model, file, true, error) != 0)
        return -1;
    if (arithmetic && !t->spec->any_arithmetic && !training_is_finished(t) &&
        arithmetic_check(arithmetic, t->model->level, t->checkpoint, error) != 0)
        return -1;
    model_release_file(t->spec->resumed);
    return 0;
}

/* The table of what there is in the file is told when the run begins. */
static int load_pretrained(struct training *t, struct error *error)
{
    struct pretrained pretrained;
    int result = -1;

    if (pretrained_open(&pretrained, t->model, error) == 0 &&
        pretrained_load(&pretrained, t->state.weights, t->state.states, error) == 0) {
        memcpy(t->state.from, safetensors_hash(pretrained.file), sizeof t->state.from);
        t->from_text = pretrained_text(&pretrained);
        t->from_json = pretrained_json(&pretrained);
        result = t->from_text && t->from_json ? 0 : error_memory(error);
    }
    pretrained_finish(&pretrained);
    return result;
}

static int make_state(struct training *t, struct error *error)
{
    if (training_is_resumed(t))
        return load_state(t, error);
    if (train_state_init(&t->state, t->model, true, error) != 0)
        return -1;
    return t->model->from ? load_pretrained(t, error) : 0;
}

int training_open_state(struct training *t, const struct trainer_spec *spec, struct error *error)
{
    *t = (struct training){.spec = spec,
                           .model = spec->model,
                           .settings = &spec->model->settings.train,
                           .run = spec->run,
                           .saved_step = UINT64_MAX};
    if (rank_check_groups(t, error) != 0)
        return -1;
    t->pool = thread_pool_create(model_threads(t->model), error);
    return t->pool && check_memory(t, error) == 0 ? make_state(t, error) : -1;
}

/* ---- the data ----------------------------------------------------------------------------------------- */

static int open_part(struct training *t, enum model_part part, const char *labels, struct samples **samples,
                     struct error *error)
{
    if (model_need_data(t->model, part, error) != 0 || model_names_check_data(t->model, labels, error) != 0)
        return -1;
    *samples = model_samples(t->model, part, error);
    return *samples ? 0 : -1;
}

static int open_samples(struct training *t, struct error *error)
{
    const struct model_paths *paths = &t->model->paths;
    const struct data_settings *data = &t->model->settings.data;
    const size_t back = (size_t)data->validation;
    size_t all;

    if (open_part(t, MODEL_TRAINING, paths->train_labels, &t->samples, error) != 0 ||
        (paths->test_images && open_part(t, MODEL_TEST, paths->test_labels, &t->test, error) != 0) ||
        (data->own_validation &&
         open_part(t, MODEL_VALIDATION, paths->validation_labels, &t->own_validation, error) != 0))
        return -1;
    all = samples_count(t->samples);
    if (back >= all)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = paths->train_images},
                            "has %zu sample%s: data.validation = %zu leaves none to train on", all,
                            text_plural(all), back);
    t->count = all - back;
    t->validation = t->own_validation ? samples_count(t->own_validation) : back;
    t->steps = (t->count + (size_t)t->settings->batch - 1) / (size_t)t->settings->batch;
    return 0;
}

/* Steps of the last whole epoch; 0: there is none. */
static double steps_of_last_epoch(const struct train_state *state)
{
    const double *row;
    double before;

    if (state->epoch == 0)
        return 0;
    row = state->history + (state->epoch - 1) * HISTORY_COLUMNS;
    before = state->epoch > 1 ? row[HISTORY_STEP - HISTORY_COLUMNS] : 0;
    return row[HISTORY_STEP] > before ? row[HISTORY_STEP] - before : 0;
}

/* The checkpoint's numbers fit each other and the data: nothing in a file is believed. */
static int check_position(const struct training *t, struct error *error)
{
    if (t->state.consumed > t->count)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = t->checkpoint},
                            "was saved after %llu samples of an epoch, but there are only %zu",
                            (unsigned long long)t->state.consumed, t->count);
    if (t->state.step < t->state.consumed / (uint64_t)t->settings->batch)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = t->checkpoint},
                            "was saved after %llu samples of an epoch, but %llu steps",
                            (unsigned long long)t->state.consumed, (unsigned long long)t->state.step);
    return 0;
}

/* A resumed run continues with as many samples as it had. */
static int check_same_samples(const struct training *t, struct error *error)
{
    const char *path = t->model->paths.train_images;
    const size_t all = samples_count(t->samples);
    const double steps = steps_of_last_epoch(&t->state);
    size_t had;

    if (!t->run)
        return 0; /* the rank that has the folder looks, and all have the same samples */
    if (run_info_samples(run_folder_path(t->run), &had, error) != 0)
        return -1;
    if (had > 0 && had != all)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = path},
            "has %zu samples, but the run began with %zu: it can continue with those alone; data.directory=FOLDER "
            "names their folder",
            all, had);
    if (steps > 0 && steps != (double)t->steps)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = path},
            "its samples make %llu steps per epoch, but the run's last epoch had %.0f: it can continue with the "
            "samples it had alone; data.directory=FOLDER tells where they are",
            (unsigned long long)t->steps, steps);
    return 0;
}

static int make_executors(struct training *t, struct error *error)
{
    struct executor_spec spec = executor_spec(t, true);

    if (derived_weights_init(&t->derived, t->model->net, t->state.weights, error) != 0)
        return -1;
    if (!(t->executor = executor_create(&spec, error)))
        return -1;
    spec = executor_spec(t, false);
    return (t->evaluator = executor_create(&spec, error)) ? 0 : -1;
}

/* Mean and deviation of a new run, from the samples that it learns from; of a resumed one they are known. */
static int normalize(struct training *t, struct error *error)
{
    struct normalization *normalization = &t->state.normalization;
    const struct lanes_scaling scaling = normalization_scaling(normalization, t->model);

    if (normalization->count == 0)
        return 0;
    if (!training_is_resumed(t) && normalization_measure(normalization, t->model, t->samples, t->count,
                                                         &t->constant, &t->first_constant, error) != 0)
        return -1;
    return model_augment(t->model, &scaling, &t->augment, error);
}

int training_open_data(struct training *t, struct error *error)
{
    int weighed;

    if (open_samples(t, error) != 0)
        return -1;
    if (training_is_resumed(t) && (check_position(t, error) != 0 || check_same_samples(t, error) != 0))
        return -1;
    if (check_memory(t, error) != 0)
        return -1;
    weighed = class_weights_make(t->class_weights, t->model, t->samples, t->count, error);
    if (weighed < 0)
        return -1;
    t->weighed = weighed;
    if (!training_is_resumed(t) && data_look(&t->look, t->model, t->count, error) != 0)
        return -1;
    return normalize(t, error) == 0 ? make_executors(t, error) : -1;
}

/* ---- the folder --------------------------------------------------------------------------------------- */

static int make_folder(struct training *t, struct error *error)
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

/* What is later than the checkpoint is repeated, and what a kill left undone is done. */
static int cut_back(struct training *t, struct error *error)
{
    if (run_checkpoints_drop_after(t->run, t->state.step, error) != 0 ||
        run_checkpoints_prune(t->run, (unsigned)t->model->settings.output.keep, error) != 0 ||
        run_log_cut(t->run, t->state.step, error) != 0)
        return -1;
    training_set_saved(t);
    return 0;
}

/* What train.from was found to have. */
static int log_weights(const struct training *t, struct error *error)
{
    return t->from_json ? run_log_append(t->run, t->from_json, error) : 0;
}

static void tell_weights(const struct training *t)
{
    const struct weights_event event = {.text = t->from_text, .json = t->from_json};

    if (t->from_json && t->spec->listener.weights)
        t->spec->listener.weights(t->spec->listener.arg, &event);
}

/* What comes into the folder first. Once there is a checkpoint the run can be resumed, which reads no weights again: so what
 * they were is in the log before. */
static int begin_folder(struct training *t, const struct start_event *event, struct error *error)
{
    const struct run_info info = {.resumed = event->resumed,
                                  .config_path = t->spec->config_path,
                                  .threads = event->threads,
                                  .samples = samples_count(t->samples)};

    if ((event->resumed && cut_back(t, error) != 0) || run_info_write(t->run, t->model, &info, error) != 0 ||
        training_log(t, event_start_json(event), error) != 0 || log_weights(t, error) != 0 ||
        (!event->resumed && training_save(t, error) != 0))
        return -1;
    if (t->spec->listener.start)
        t->spec->listener.start(t->spec->listener.arg, event);
    tell_weights(t);
    return 0;
}

int training_open_folder(struct training *t, struct error *error)
{
    if (!ranks_writes(t->spec->ranks)) {
        training_set_saved(t);
        return training_warn_at_start(t, error);
    }
    if (!t->run && make_folder(t, error) != 0)
        return -1;
    const struct start_event event = {.model = t->model,
                                      .run = run_folder_path(t->run),
                                      .resumed = training_is_resumed(t),
                                      .step = t->state.step,
                                      .samples = t->count,
                                      .validation = t->validation,
                                      .threads = thread_pool_threads(t->pool)};
    return begin_folder(t, &event, error) == 0 ? training_warn_at_start(t, error) : -1;
}

void training_close(struct training *t)
{
    executor_destroy(t->executor);
    executor_destroy(t->evaluator);
    augment_destroy(t->augment);
    samples_close(t->samples);
    samples_close(t->test);
    samples_close(t->own_validation);
    derived_weights_finish(&t->derived);
    train_state_finish(&t->state);
    thread_pool_destroy(t->pool);
    run_folder_close(t->own_run);
    free(t->checkpoint);
    free(t->from_text);
    free(t->from_json);
}
