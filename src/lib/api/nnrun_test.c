/* nnrun_test.c: a model on its test data. */
#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_evaluation.h"
#include "api/public_listener.h"
#include "api/public_model.h"
#include "api/public_struct.h"
#include "train/tester.h"

static bool tell_progress(void *arg, uint64_t done, uint64_t all)
{
    const nnrun_event event = {.kind = NNRUN_EVENT_EVALUATING, .testing = 1, .done = done, .samples = all};

    return public_listener_tell(arg, &event) & NNRUN_STOP;
}

static nnrun_evaluation *test(const nnrun_model *model, struct public_listener *listener,
                              const nnrun_test_options *options, struct error *error)
{
    const struct learned *learned = public_model_learned(model, error);
    struct evaluation result = {0};
    nnrun_evaluation *evaluation = NULL;

    if (!learned)
        return NULL;
    const struct tester_spec spec = {.model = &model->model,
                                     .state = &learned->state,
                                     .mistakes = options->mistakes,
                                     .verdicts = options->compare != 0,
                                     .progress = listener->on_event ? tell_progress : NULL,
                                     .progress_arg = listener};

    if (tester_run(&spec, &result, error) == 0 && !(evaluation = public_evaluation_take(&result)))
        error_memory(error);
    evaluation_finish(&result);
    return evaluation;
}

nnrun_evaluation *nnrun_test(const nnrun_model *model, const nnrun_test_options *options, nnrun_error *error)
{
    nnrun_evaluation *evaluation = NULL;
    nnrun_test_options own_options;
    struct error own = {0};
    struct host host;
    struct public_listener listener;

    host_enter(&host);
    if (public_need("nnrun_test", "model", model, &own) == 0 &&
        public_struct_take("nnrun_test_options", options, &own_options, sizeof own_options, &own) == 0) {
        listener =
            (struct public_listener){.on_event = own_options.on_event, .arg = own_options.arg, .host = &host};
        evaluation = test(model, &listener, &own_options, &own);
    }
    host_leave(&host);
    public_error_give(error, &own);
    return evaluation;
}
