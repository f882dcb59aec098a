/* predictor.c: see predictor.h. */
#include "predict/predictor.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "run/run_files.h"

struct predictor {
    struct model model;
    struct train_state state;
    lanes_gather_code *gather;
};

struct predictor_run {
    const struct predictor *predictor;
    struct thread_pool *pool; /* of one thread, the caller's: it sets and restores the arithmetic */
    void *arena;
    float **layers; /* [node][values]; NULL: not kept */
    /* the call under way */
    const uint8_t *const *samples;
    size_t count;
    float *outputs;
};

static int open_file(struct predictor *predictor, const char *path, const struct model_options *options,
                     struct error *error)
{
    struct model_options evaluate = *options;
    struct safetensors *file;
    struct stat status;
    int failed;

    evaluate.evaluate_only = true;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return error_set(error, ERROR_DATA, "%s: is a folder; name a checkpoint in it, such as %s/" RUN_BEST,
                         path, path);
    file = safetensors_read(path, error);
    if (!file)
        return -1;
    failed = model_open_checkpoint(&predictor->model, file, path, NULL, &evaluate, error) ||
             train_state_load(&predictor->state, &predictor->model, file, path, false, error);
    safetensors_free(file);
    return failed ? -1 : 0;
}

struct predictor *predictor_open(const char *path, const struct model_options *options, struct error *error)
{
    struct predictor *predictor = memory_array(1, sizeof *predictor);

    if (!predictor) {
        error_memory(error);
        return NULL;
    }
    if (open_file(predictor, path, options, error) == 0) {
        predictor->gather = lanes_gather(predictor->model.level);
        return predictor;
    }
    predictor_close(predictor);
    return NULL;
}

void predictor_close(struct predictor *predictor)
{
    if (!predictor)
        return;
    train_state_finish(&predictor->state);
    model_finish(&predictor->model);
    free(predictor);
}

const struct model *predictor_job(const struct predictor *predictor)
{
    return &predictor->model;
}

const struct train_state *predictor_state(const struct predictor *predictor)
{
    return &predictor->state;
}

size_t predictor_bytes(const struct predictor *predictor)
{
    return predictor->model.net->input_values;
}

size_t predictor_values(const struct predictor *predictor)
{
    const struct net *net = predictor->model.net;

    return net->nodes[net->last].values;
}

size_t predictor_layers(const struct predictor *predictor)
{
    return predictor->model.net->node_count;
}

/* ---- runs -------------------------------------------------------------------------------------------- */

static int make_layers(struct predictor_run *run)
{
    const struct net *net = run->predictor->model.net;

    run->layers = memory_array(net->node_count, sizeof *run->layers);
    for (size_t i = 0; run->layers && i < net->node_count; i++)
        if (!(run->layers[i] = memory_array(net->nodes[i].values, sizeof(float))))
            return -1;
    return run->layers ? 0 : -1;
}

struct predictor_run *predictor_run_create(const struct predictor *predictor, bool keep_layers,
                                           struct error *error)
{
    struct predictor_run *run = memory_array(1, sizeof *run);

    if (!run) {
        error_memory(error);
        return NULL;
    }
    run->predictor = predictor;
    run->arena = memory_array(predictor->model.net->arena_bytes, 1);
    if (!run->arena || (keep_layers && make_layers(run) != 0))
        error_memory(error);
    else if ((run->pool = thread_pool_create(1, error)))
        return run;
    predictor_run_destroy(run);
    return NULL;
}

void predictor_run_destroy(struct predictor_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; run->layers && i < run->predictor->model.net->node_count; i++)
        free(run->layers[i]);
    free(run->layers);
    free(run->arena);
    thread_pool_destroy(run->pool);
    free(run);
}

/* `lane` of [values][16]. */
static void copy_lane(const float *from, size_t values, size_t lane, float *to)
{
    for (size_t i = 0; i < values; i++)
        to[i] = from[i * NNRUN_LANES + lane];
}

static void forward(void *arg, unsigned part, unsigned thread)
{
    struct predictor_run *run = arg;
    const struct predictor *predictor = run->predictor;
    const struct net *net = predictor->model.net;
    const struct net_slice slice = {.arena = run->arena,
                                    .count = (uint32_t)run->count,
                                    .weights = predictor->state.weights,
                                    .states = predictor->state.states};
    const uint8_t *pixels[NNRUN_LANES];

    (void)part, (void)thread;
    for (size_t lane = 0; lane < NNRUN_LANES; lane++)
        pixels[lane] = run->samples[lane < run->count ? lane : run->count - 1];
    predictor->gather(&predictor->model.scaling, pixels, net_input(net, run->arena));
    for (size_t i = 0; i < net->node_count; i++) {
        net_forward_node(net, i, &slice);
        if (run->layers) /* at once: the next layer may write over it */
            copy_lane(net_node_output(net, i, run->arena), net->nodes[i].values, 0, run->layers[i]);
    }
    for (size_t i = 0; i < run->count; i++)
        copy_lane(net_output(net, run->arena), predictor_values(predictor), i,
                  run->outputs + i * predictor_values(predictor));
}

void predictor_ask(struct predictor_run *run, const uint8_t *const samples[], size_t count, float *outputs)
{
    run->samples = samples;
    run->count = count;
    run->outputs = outputs;
    thread_pool_run(run->pool, 1, forward, run);
}

struct predictor_layer predictor_layer(const struct predictor_run *run, size_t i)
{
    const struct net_node *node = &run->predictor->model.net->nodes[i];

    return (struct predictor_layer){node->name, node->type, node->shape, node->values, run->layers[i]};
}

/* NaN is less than any number. */
static bool larger(float a, float b)
{
    return a > b || (isnan(b) && !isnan(a));
}

size_t predictor_best(const float *outputs, size_t values, size_t *best, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < values; i++) {
        size_t at = count;
        while (at > 0 && larger(outputs[i], outputs[best[at - 1]]))
            at--;
        if (at == most)
            continue;
        count += count < most;
        for (size_t k = count - 1; k > at; k--)
            best[k] = best[k - 1];
        best[at] = i;
    }
    return count;
}
