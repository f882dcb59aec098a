/* tester.c: see tester.h. */
#include "train/tester.h"

#include "model/model_names.h"
#include "train/memory_need.h"

static int evaluate_with(const struct tester_spec *spec, struct samples *samples, struct thread_pool *pool,
                         struct evaluation *result, struct error *error)
{
    const struct model *model = spec->model;
    struct derived_weights derived;
    const struct executor_spec evaluation = {.net = model->net,
                                             .pool = pool,
                                             .level = model->level,
                                             .batch = evaluate_batch((size_t)model->settings.data.window),
                                             .scaling =
                                                 normalization_scaling(&spec->state->normalization, model),
                                             .weights = spec->state->weights,
                                             .states = spec->state->states,
                                             .derived = &derived};
    const struct memory_need need = {
        .executors = &evaluation,
        .count = 1,
        .copies = 1,
        .windows = samples_window_bytes(samples),
        .figures = evaluation_bytes(model->net, samples, spec->mistakes, spec->verdicts)};
    struct executor *executor = NULL;
    int failed = -1;

    if (memory_need_check(model, &need, error) != 0)
        return -1;
    if (derived_weights_init(&derived, model->net, spec->state->weights, error) == 0)
        executor = executor_create(&evaluation, error);
    if (executor)
        failed = evaluation_init(result, model->net, samples, spec->mistakes, error);
    if (!failed && spec->verdicts)
        failed = evaluation_keep_verdicts(result, samples_count(samples), error);
    if (!failed) {
        result->progress = spec->progress;
        result->progress_arg = spec->progress_arg;
        failed = evaluate(executor, samples, 0, samples_count(samples), evaluation.batch, result, error);
    }
    executor_destroy(executor);
    derived_weights_finish(&derived);
    return failed;
}

int tester_run(const struct tester_spec *spec, struct evaluation *result, struct error *error)
{
    struct samples *samples = NULL;
    struct thread_pool *pool = NULL;
    int failed = -1;

    *result = (struct evaluation){0};
    if (model_need_data(spec->model, MODEL_TEST, error) == 0 &&
        model_names_check_data(spec->model, spec->model->paths.test_labels, error) == 0 &&
        (samples = model_samples(spec->model, MODEL_TEST, error)) &&
        (pool = thread_pool_create(model_threads(spec->model), error)))
        failed = evaluate_with(spec, samples, pool, result, error);
    thread_pool_destroy(pool);
    samples_close(samples);
    return failed;
}
