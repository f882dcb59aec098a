/* nnrun_train.c: training a config, and going on with a run. */
#include <stdlib.h>
#include <string.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_evaluation.h"
#include "api/public_listener.h"
#include "api/public_model.h"
#include "api/public_struct.h"
#include "base/memory.h"
#include "train/resumption.h"

_Static_assert((int)TRAINER_FINISHED == (int)NNRUN_FINISHED &&
                   (int)TRAINER_INTERRUPTED == (int)NNRUN_INTERRUPTED &&
                   (int)TRAINER_WAS_FINISHED == (int)NNRUN_WAS_FINISHED,
               "the numbers are those of train/trainer.h");
_Static_assert((int)TRAINING_EPOCHS == (int)NNRUN_ENDED_BY_EPOCHS &&
                   (int)TRAINING_PATIENCE == (int)NNRUN_ENDED_BY_PATIENCE &&
                   (int)TRAINING_STOPPED == (int)NNRUN_ENDED_BY_STOP,
               "the numbers are those of train/events.h");

/* The structure as the first header had it; later members come after these. */
enum { FIRST_SIZE = offsetof(nnrun_training, held) + sizeof(void *) };

struct held { /* by an nnrun_training */
    char *run;
    nnrun_evaluation *test;
};

/* A training under way. */
struct trial {
    nnrun_train_options options;
    nnrun_training training;
    struct public_listener listener;
    struct ranks *ranks; /* NULL: this process is alone */
    struct host host;
};

static int begin(struct trial *trial, const nnrun_train_options *options, struct error *error)
{
    *trial = (struct trial){.training = NNRUN_TRAINING_INIT};
    host_enter(&trial->host);
    trial->training.held = calloc(1, sizeof(struct held));
    if (!trial->training.held)
        return error_memory(error);
    if (public_struct_take("nnrun_train_options", options, &trial->options, sizeof trial->options, error) !=
            0 ||
        public_need_zero("nnrun_train_options", trial->options.reserved, error) != 0)
        return -1;
    trial->listener.on_event = trial->options.on_event;
    trial->listener.arg = trial->options.arg;
    trial->listener.host = &trial->host;
    return 0;
}

/* What became of it goes to the caller, or is freed. */
static int end(struct trial *trial, nnrun_training *training, nnrun_error *error, struct error *own)
{
    trial->training.told = ranks_told(trial->ranks);
    ranks_close(trial->ranks);
    host_leave(&trial->host);
    if (public_struct_begin(training, FIRST_SIZE)) {
        nnrun_training_clear(training);
        public_struct_give(training, &trial->training, sizeof trial->training);
    } else {
        nnrun_training_clear(&trial->training);
    }
    return public_error_give(error, own);
}

/* Joins the other ranks, if the options ask for a communicator. */
static int join(struct trial *trial, struct registry *registry, struct error *error)
{
    if (!trial->options.comm)
        return 0;
    trial->ranks = ranks_open(registry, trial->options.comm, error);
    if (!trial->ranks)
        return -1;
    trial->training.rank = trial->listener.rank = ranks_rank(trial->ranks);
    trial->training.ranks = ranks_size(trial->ranks);
    return 0;
}

static int take_result(struct trial *trial, struct trainer_result *result, struct error *error)
{
    nnrun_training *training = &trial->training;
    struct held *held = training->held;

    training->end = (int32_t)result->end;
    training->saved = result->saved;
    training->diverged = result->diverged;
    training->step = result->step;
    training->ended_by = (int32_t)result->ended_by;
    training->epoch = result->epoch;
    training->best_epoch = result->best_epoch;
    training->run = held->run = result->run;
    if (result->test.count > 0 && !(held->test = public_evaluation_take(&result->test)))
        error_memory(error);
    if (trial->listener.no_memory && error->code == ERROR_NONE)
        error_memory(error);
    training->test = held->test;
    evaluation_finish(&result->test);
    return error->code == ERROR_NONE ? 0 : -1;
}

static int train(struct trial *trial, struct trainer_spec *spec, struct error *error)
{
    struct trainer_result result = {0};
    int failed;

    trial->training.report = spec->model->settings.output.report;
    trial->training.rate = spec->model->settings.train.optimizer.rate;
    trial->training.patience = spec->model->settings.train.patience;
    trial->training.epochs = (uint64_t)spec->model->settings.train.epochs;
    spec->mistakes = trial->options.mistakes;
    spec->ranks = trial->ranks;
    spec->listener = public_listener_make(&trial->listener);
    spec->requests = &trial->listener.requests;
    failed = trainer_run(spec, &result, error);
    if (!failed)
        public_listener_done(&trial->listener, &result);
    return take_result(trial, &result, error);
}

static int train_config(struct trial *trial, const nnrun_model *model, struct error *error)
{
    if (public_need("nnrun_train", "model", model, error) != 0)
        return -1;
    if (model->info.source != NNRUN_CONFIG)
        return error_set(error, ERROR_ARGUMENT,
                         "nnrun_train: the model is a checkpoint's; a config is trained, and a run resumed");
    if (trial->options.folder && public_need_path("nnrun_train", "folder", trial->options.folder, error) != 0)
        return -1;
    if (join(trial, model->model.registry, error) != 0)
        return -1;

    struct trainer_spec spec = {
        .model = &model->model, .config_path = model->path, .output = trial->options.folder};
    return train(trial, &spec, error);
}

int nnrun_train(const nnrun_model *model, const nnrun_train_options *options, nnrun_training *training,
                nnrun_error *error)
{
    struct error own = {0};
    struct trial trial;

    if (begin(&trial, options, &own) == 0)
        train_config(&trial, model, &own);
    return end(&trial, training, error, &own);
}

/* ---- going on ----------------------------------------------------------------------------------------- */

static int warn_each(struct trial *trial, char *lines, struct error *error)
{
    for (char *line = lines, *next; line && *line; line = next) {
        char *text;

        next = line + strcspn(line, "\n");
        text = memory_format("passed over %.*s", (int)(next - line), line);
        next += *next == '\n';
        if (!text)
            return error_memory(error);
        public_listener_warn(&trial->listener, &(struct warning_event){.text = text});
        free(text);
    }
    return 0;
}

/* Before there is a model, which has a registry. What is loaded stays. */
static int join_first(struct trial *trial, const struct model_options *options, struct error *error)
{
    struct registry *registry;
    unsigned level;
    int result;

    if (!trial->options.comm)
        return 0;
    registry = model_registry(options, &level, error);
    result = registry ? join(trial, registry, error) : -1;
    registry_destroy(registry);
    return result;
}

static int resume(struct trial *trial, const char *folder, const nnrun_options *open, struct error *error)
{
    struct resumption resumption = {0};
    struct model_options options;
    nnrun_options own;
    int failed = public_model_options(open, &own, &options, error);

    if (!failed)
        failed = public_need_path("nnrun_resume", "folder", folder, error);
    if (!failed && trial->options.folder)
        failed = error_set(
            error, ERROR_ARGUMENT,
            "nnrun_resume: nnrun_train_options: folder: must be NULL, as a run stays in its folder");
    if (!failed)
        failed = join_first(trial, &options, error);
    if (!failed) {
        failed = resumption_open(&resumption, folder, &options, trial->ranks, error);
        if (warn_each(trial, resumption.warnings, error) != 0)
            failed = -1;
        failed = ranks_agree(trial->ranks, 0, failed, NULL, error);
    }
    if (!failed) {
        struct trainer_spec spec = {.model = &resumption.model,
                                    .run = resumption.run,
                                    .resumed = &resumption.model,
                                    .any_arithmetic = trial->options.any_arithmetic != 0};
        failed = train(trial, &spec, error);
    }
    resumption_close(&resumption);
    return failed;
}

int nnrun_resume(const char *folder, const nnrun_options *open, const nnrun_train_options *options,
                 nnrun_training *training, nnrun_error *error)
{
    struct error own = {0};
    struct trial trial;

    if (begin(&trial, options, &own) == 0)
        resume(&trial, folder, open, &own);
    return end(&trial, training, error, &own);
}

/* ---- ranks that cannot begin ---------------------------------------------------------------------------- */

int32_t nnrun_fail_ranks(const char *comm, const nnrun_options *open, int32_t code, const char *text)
{
    const bool is_error = code > NNRUN_OK && code < NNRUN_ERROR_MEMORY;
    const nnrun_train_options train = {.size = sizeof train, .comm = comm};
    struct model_options options;
    struct error error = {0};
    struct trial trial;
    nnrun_options own;
    int32_t told;

    if (begin(&trial, &train, &error) == 0 && public_model_options(open, &own, &options, &error) == 0 &&
        join_first(&trial, &options, &error) == 0) {
        error_add_lines(&error, is_error ? (enum error_code)code : ERROR_FAILED,
                        text && *text ? text : "it failed");
        ranks_agree(trial.ranks, 0, -1, NULL, &error); /* where all others come first */
    }
    told = ranks_told(trial.ranks);
    end(&trial, NULL, NULL, &error);
    return told;
}

void nnrun_training_clear(nnrun_training *training)
{
    struct held *held;

    if (!training || !public_struct_begin(training, FIRST_SIZE))
        return;
    held = training->held;
    if (held) {
        nnrun_evaluation_free(held->test);
        free(held->run);
    }
    free(held);
    public_struct_give(training, &(nnrun_training){0}, sizeof *training);
}
