/* test_set.c: see test_set.h. */
#include "train/test_set.h"

static int evaluate_with(const struct test_set_spec *spec, struct samples *samples, struct pool *pool,
                         struct evaluation *result, struct error *error)
{
    const struct job *job = spec->job;
    const struct stepper_spec stepper_spec = {.net = job->net,
                                              .pool = pool,
                                              .level = job->level,
                                              .batch = evaluate_batch((size_t)job->settings.data.window),
                                              .scaling = job->scaling,
                                              .weights = spec->state->weights,
                                              .states = spec->state->states};
    struct stepper *stepper = stepper_create(&stepper_spec, error);
    int failed = stepper ? evaluation_init(result, job->net, samples, spec->mistakes, error) : -1;

    if (!failed) {
        result->progress = spec->progress;
        result->progress_arg = spec->progress_arg;
        failed = evaluate(stepper, samples, 0, samples_count(samples), stepper_spec.batch, result, error);
    }
    stepper_destroy(stepper);
    return failed;
}

int test_set_evaluate(const struct test_set_spec *spec, struct evaluation *result, struct error *error)
{
    struct samples *samples = NULL;
    struct pool *pool = NULL;
    int failed = -1;

    *result = (struct evaluation){0};
    if (job_need_data(spec->job, true, error) == 0 && (samples = job_samples(spec->job, true, error)) &&
        (pool = pool_create(job_threads(spec->job), error)))
        failed = evaluate_with(spec, samples, pool, result, error);
    pool_destroy(pool);
    samples_close(samples);
    return failed;
}
