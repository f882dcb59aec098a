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

struct predictor_context {
    const struct predictor *predictor;
    struct thread_pool *pool; /* of one thread, the caller's: it sets and restores the arithmetic */
    void *arena;
    float **layers; /* [node][values]; NULL: not kept */
    /* the call under way */
    const uint8_t *const *samples;
    size_t count;
    float *outputs;
};

static int open_source(struct predictor *predictor, const struct model_source *source,
                       const struct model_options *options, struct error *error)
{
    struct model_source checkpoint = *source;
    struct model_options evaluate = *options;
    struct stat status;

    checkpoint.kind = MODEL_CHECKPOINT;
    evaluate.evaluate_only = true;
    if (source->path && stat(source->path, &status) == 0 && S_ISDIR(status.st_mode))
        return error_set(error, ERROR_DATA, "%s: is a folder; name a checkpoint in it, such as %s/" RUN_BEST,
                         source->path, source->path);
    if (model_open(&predictor->model, &checkpoint, &evaluate, error) != 0 ||
        train_state_load(&predictor->state, &predictor->model, predictor->model.file, false, error) != 0)
        return -1;
    model_release_file(&predictor->model);
    return 0;
}

struct predictor *predictor_open(const struct model_source *source, const struct model_options *options,
                                 struct error *error)
{
    struct predictor *predictor = memory_array(1, sizeof *predictor);

    if (!predictor) {
        safetensors_free(source->file);
        error_memory(error);
        return NULL;
    }
    if (open_source(predictor, source, options, error) == 0) {
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

const struct model *predictor_model(const struct predictor *predictor)
{
    return &predictor->model;
}

const struct train_state *predictor_state(const struct predictor *predictor)
{
    return &predictor->state;
}

size_t predictor_sample_bytes(const struct predictor *predictor)
{
    return predictor->model.net->input_values;
}

size_t predictor_values(const struct predictor *predictor)
{
    const struct net *net = predictor->model.net;

    return net->nodes[net->last].values;
}

size_t predictor_layer_count(const struct predictor *predictor)
{
    return predictor->model.net->node_count;
}

/* ---- contexts ---------------------------------------------------------------------------------------- */

static int make_layers(struct predictor_context *context)
{
    const struct net *net = context->predictor->model.net;

    context->layers = memory_array(net->node_count, sizeof *context->layers);
    for (size_t i = 0; context->layers && i < net->node_count; i++)
        if (!(context->layers[i] = memory_array(net->nodes[i].values, sizeof(float))))
            return -1;
    return context->layers ? 0 : -1;
}

struct predictor_context *predictor_context_create(const struct predictor *predictor, bool keep_layers,
                                                   struct error *error)
{
    struct predictor_context *context = memory_array(1, sizeof *context);

    if (!context) {
        error_memory(error);
        return NULL;
    }
    context->predictor = predictor;
    context->arena = memory_array(predictor->model.net->arena_bytes, 1);
    if (!context->arena || (keep_layers && make_layers(context) != 0))
        error_memory(error);
    else if ((context->pool = thread_pool_create(1, error)))
        return context;
    predictor_context_destroy(context);
    return NULL;
}

void predictor_context_destroy(struct predictor_context *context)
{
    if (!context)
        return;
    for (size_t i = 0; context->layers && i < context->predictor->model.net->node_count; i++)
        free(context->layers[i]);
    free(context->layers);
    free(context->arena);
    thread_pool_destroy(context->pool);
    free(context);
}

/* `lane` of [values][16]. */
static void copy_lane(const float *from, size_t values, size_t lane, float *to)
{
    for (size_t i = 0; i < values; i++)
        to[i] = from[i * NNRUN_LANES + lane];
}

static void run_forward(void *arg, unsigned part, unsigned thread)
{
    struct predictor_context *context = arg;
    const struct predictor *predictor = context->predictor;
    const struct net *net = predictor->model.net;
    const struct net_slice slice = {.arena = context->arena,
                                    .count = (uint32_t)context->count,
                                    .weights = predictor->state.weights,
                                    .states = predictor->state.states};
    const uint8_t *pixels[NNRUN_LANES];

    (void)part, (void)thread;
    for (size_t lane = 0; lane < NNRUN_LANES; lane++)
        pixels[lane] = context->samples[lane < context->count ? lane : context->count - 1];
    predictor->gather(&predictor->model.scaling, pixels, net_input(net, context->arena));
    for (size_t i = 0; i < net->node_count; i++) {
        net_forward_node(net, i, &slice);
        if (context->layers) /* at once: the next layer may write over it */
            copy_lane(net_node_output(net, i, context->arena), net->nodes[i].values, 0, context->layers[i]);
    }
    for (size_t i = 0; i < context->count; i++)
        copy_lane(net_output(net, context->arena), predictor_values(predictor), i,
                  context->outputs + i * predictor_values(predictor));
}

void predictor_predict(struct predictor_context *context, const uint8_t *const samples[], size_t count,
                       float *outputs)
{
    context->samples = samples;
    context->count = count;
    context->outputs = outputs;
    thread_pool_run(context->pool, 1, run_forward, context);
}

struct predictor_layer predictor_layer(const struct predictor_context *context, size_t i)
{
    const struct net_node *node = &context->predictor->model.net->nodes[i];

    return (struct predictor_layer){node->name, node->type, node->shape, node->values, context->layers[i]};
}

/* NaN is less than any number. */
static bool is_larger(float a, float b)
{
    return a > b || (isnan(b) && !isnan(a));
}

size_t predictor_best_classes(const float *outputs, size_t values, size_t *best, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < values; i++) {
        size_t at = count;
        while (at > 0 && is_larger(outputs[i], outputs[best[at - 1]]))
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
