/* export_check.c: see export_check.h. */
#include "export/export_check.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/model_names.h"
#include "operators/reference.h"
#include "train/evaluate.h"
#include "train/memory_need.h"

struct checking {
    const struct graph *graph;
    const struct export_answerer *other;
    float *x, *y; /* a sample and its outputs, for that */
    struct samples *samples;
    struct thread_pool *pool;
    struct executor *executor;
    struct reference **references; /* [threads] */
    size_t threads;
    size_t batch, values; /* the most samples of one; outputs of a sample */
    float *outputs;       /* [batch][values] of the network */
    double *exported;     /* the same of one that computes the graph */
    double *wanted;       /* [values]: the network's of a sample */
    struct batch now;
    struct error *error;
};

/* ---- answers ------------------------------------------------------------------------------------------- */

/* The class with the largest output; of several labels, or of a single output, no class but the sides of 1/2 count. */
static size_t best_of(const double *outputs, size_t values)
{
    size_t best = 0;

    for (size_t i = 1; i < values; i++)
        if (outputs[i] > outputs[best])
            best = i;
    return best;
}

static bool are_classes(const struct checking *now)
{
    return now->now.label_width == 1 && now->values > 1;
}

static bool is_right(const struct checking *now, const double *outputs, const uint8_t *labels)
{
    if (are_classes(now))
        return best_of(outputs, now->values) == labels[0];
    for (size_t i = 0; i < now->values; i++)
        if (now->values != now->now.label_width || (outputs[i] > 0.5) != (labels[i] != 0))
            return false;
    return true;
}

static bool are_alike(const struct checking *now, const double *a, const double *b)
{
    if (are_classes(now))
        return best_of(a, now->values) == best_of(b, now->values);
    for (size_t i = 0; i < now->values; i++)
        if ((a[i] > 0.5) != (b[i] > 0.5))
            return false;
    return true;
}

/* ---- batches ------------------------------------------------------------------------------------------- */

/* One sample through the graph. */
static void run_sample(void *arg, unsigned i, unsigned thread)
{
    const struct checking *now = arg;
    struct reference *reference = now->references[thread];
    double *x = reference_value(reference, 0); /* the input is the first value */
    const double *y = reference_value(reference, now->graph->output);

    for (size_t k = 0; k < now->graph->values[0].values; k++)
        x[k] = now->now.floats ? (double)now->now.floats[i][k] : now->now.pixels[i][k];
    reference_run_rounded(reference);
    for (size_t k = 0; k < now->values; k++)
        now->exported[i * now->values + k] = y[k];
}

/* All samples through what else computes the graph. Returns 0 or -1. */
static int ask_other(struct checking *now)
{
    for (size_t i = 0; i < now->now.count; i++) {
        for (size_t k = 0; k < now->graph->values[0].values; k++)
            now->x[k] = now->now.floats ? now->now.floats[i][k] : (float)now->now.pixels[i][k];
        if (now->other->answer(now->other->arg, now->x, now->y, now->error) != 0)
            return -1;
        for (size_t k = 0; k < now->values; k++)
            now->exported[i * now->values + k] = (double)now->y[k];
    }
    return 0;
}

static void compare_batch(struct checking *now, struct export_check *result)
{
    double *const wanted = now->wanted;

    for (size_t i = 0; i < now->now.count; i++) {
        const double *exported = now->exported + i * now->values;
        for (size_t k = 0; k < now->values; k++) {
            wanted[k] = (double)now->outputs[i * now->values + k];
            result->largest = fmax(result->largest, fabs(wanted[k]));
            if (!isnan(result->difference) && !(fabs(wanted[k] - exported[k]) <= result->difference))
                result->difference = fabs(wanted[k] - exported[k]);
        }
        result->right_exported += is_right(now, exported, now->now.labels[i]);
        result->differing += !are_alike(now, wanted, exported);
        result->samples++;
    }
}

/* Both answers to the samples of a batch. Returns 0 or -1. */
static int check_batch(struct checking *now, struct export_check results[EXPORT_CHECKS])
{
    thread_pool_run(now->pool, (unsigned)now->now.count, run_sample, now);
    compare_batch(now, &results[EXPORT_CHECK_OPERATORS]);
    if (!now->other)
        return 0;
    if (ask_other(now) != 0)
        return -1;
    compare_batch(now, &results[EXPORT_CHECK_OTHER]);
    return 0;
}

static int check_batches(struct checking *now, bool (*progress)(void *arg, uint64_t done, uint64_t all),
                         void *arg, struct export_check results[EXPORT_CHECKS])
{
    const struct samples_walk walk = {.count = samples_count(now->samples)};
    struct step_sums sums = {0};
    int failed = samples_start(now->samples, &walk, now->error);

    while (!failed && (failed = samples_next(now->samples, now->batch, &now->now, now->error)) == 0 &&
           now->now.count > 0) {
        executor_evaluate(now->executor, &now->now, &sums, NULL, now->outputs);
        failed = check_batch(now, results);
        if (!failed && progress && progress(arg, results[EXPORT_CHECK_OPERATORS].samples, walk.count))
            failed = error_set(now->error, ERROR_FAILED, "the check was stopped");
    }
    for (size_t i = 0; i < EXPORT_CHECKS; i++)
        results[i].right = sums.right;
    return failed;
}

/* ---- what it takes ------------------------------------------------------------------------------------- */

static int create_references(struct checking *now)
{
    size_t room;

    now->threads = thread_pool_threads(now->pool);
    now->references = memory_array(now->threads, sizeof *now->references);
    if (!size_multiply(now->batch, now->values, &room))
        return error_memory(now->error);
    now->outputs = memory_array(room, sizeof *now->outputs);
    now->exported = memory_array(room, sizeof *now->exported);
    now->x = memory_array(now->graph->values[0].values, sizeof *now->x);
    now->y = memory_array(now->values, sizeof *now->y);
    now->wanted = memory_array(now->values, sizeof *now->wanted);
    if (!now->references || !now->outputs || !now->exported || !now->x || !now->y || !now->wanted)
        return error_memory(now->error);
    for (size_t i = 0; i < now->threads; i++)
        if (!(now->references[i] = reference_create(now->graph, now->error)))
            return -1;
    return 0;
}

static int open_samples(const struct model *model, struct checking *now)
{
    if (model_need_data(model, MODEL_TEST, now->error) != 0 ||
        model_names_check_data(model, model->paths.test_labels, now->error) != 0)
        return -1;
    now->samples = model_samples(model, MODEL_TEST, now->error);
    now->pool = now->samples ? thread_pool_create(model_threads(model), now->error) : NULL;
    return now->pool ? 0 : -1;
}

static void finish(struct checking *now)
{
    executor_destroy(now->executor);
    for (size_t i = 0; now->references && i < now->threads; i++)
        reference_destroy(now->references[i]);
    free(now->references);
    free(now->outputs);
    free(now->exported);
    free(now->x);
    free(now->y);
    free(now->wanted);
    thread_pool_destroy(now->pool);
    samples_close(now->samples);
}

int export_check(const struct model *model, const struct train_state *state, const struct graph *graph,
                 const struct export_answerer *other,
                 bool (*progress)(void *arg, uint64_t done, uint64_t all), void *arg,
                 struct export_check results[EXPORT_CHECKS], struct error *error)
{
    struct checking now = {.graph = graph,
                           .other = other,
                           .batch = evaluate_batch((size_t)model->settings.data.window),
                           .values = graph->values[graph->output].values,
                           .error = error};
    struct derived_weights derived = {0};
    struct executor_spec spec = {.net = model->net,
                                 .level = model->level,
                                 .batch = now.batch,
                                 .scaling = normalization_scaling(&state->normalization, model),
                                 .weights = state->weights,
                                 .states = state->states,
                                 .derived = &derived};
    const struct memory_need need = {.executors = &spec, .count = 1, .copies = 1};
    int failed = -1;

    for (size_t i = 0; i < EXPORT_CHECKS; i++)
        results[i] = (struct export_check){0};
    if (open_samples(model, &now) == 0) {
        spec.pool = now.pool;
        failed = memory_need_check(model, &need, error) != 0 ||
                 derived_weights_init(&derived, model->net, state->weights, error) != 0 ||
                 create_references(&now) != 0 || !(now.executor = executor_create(&spec, error)) ||
                 check_batches(&now, progress, arg, results) != 0;
    }
    finish(&now);
    derived_weights_finish(&derived);
    return failed ? -1 : 0;
}
