/* predictor.c: see predictor.h. */
#include "predict/predictor.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "model/model_fit.h"
#include "net/net_derived.h"
#include "net/net_one.h"

struct predictor {
    const struct model *model;
    const struct train_state *state;
    struct lanes_scaling scaling;
    struct derived_weights derived; /* made at once: nothing changes from then on */
    void *made; /* [net->one_weight_bytes] of weights in their form for one sample, likewise */
    lanes_gather_code *gather;
    lanes_gather_floats_code *gather_floats;
    lanes_scale_code *scale;
    lanes_scale_floats_code *scale_floats;
};

struct predictor_context {
    const struct predictor *predictor;
    struct thread_pool *pool; /* of one thread, the caller's: it sets and restores the arithmetic */
    void *arena;
    void *one;      /* [net->one_bytes] for one sample without lanes */
    float **layers; /* [node][values]; NULL: not kept */
    /* the call under way */
    const struct predictor_samples *samples;
    size_t count;
    float *outputs;
};

static void make_one(void *arg, unsigned part, unsigned thread)
{
    const struct predictor *predictor = arg;

    (void)part, (void)thread;
    net_one_make(predictor->model->net, predictor->state->weights, predictor->state->states, predictor->made);
}

/* The weights in all their other forms. */
static int make_derived(struct predictor *predictor, struct error *error)
{
    const struct net *net = predictor->model->net;
    struct thread_pool *pool;

    if (derived_weights_init(&predictor->derived, net, predictor->state->weights, error) != 0)
        return -1;
    predictor->made = memory_array(net->one_weight_bytes, 1);
    if (!predictor->made)
        return error_memory(error);
    if (net->derivation_count == 0 && net->one_weight_bytes == 0)
        return 0;
    pool = thread_pool_create(1, error);
    if (!pool)
        return -1;
    derived_weights_make(&predictor->derived, pool, false);
    thread_pool_run(pool, 1, make_one, predictor);
    thread_pool_destroy(pool);
    return 0;
}

struct predictor *predictor_create(const struct model *model, const struct train_state *state,
                                   struct error *error)
{
    struct predictor *predictor = memory_array(1, sizeof *predictor);

    if (!predictor) {
        error_memory(error);
        return NULL;
    }
    predictor->model = model;
    predictor->state = state;
    predictor->scaling = normalization_scaling(&state->normalization, model);
    predictor->gather = lanes_gather(model->level);
    predictor->gather_floats = lanes_gather_floats(model->level);
    predictor->scale = lanes_scale(model->level);
    predictor->scale_floats = lanes_scale_floats(model->level);
    if (make_derived(predictor, error) == 0)
        return predictor;
    predictor_destroy(predictor);
    return NULL;
}

void predictor_destroy(struct predictor *predictor)
{
    if (!predictor)
        return;
    derived_weights_finish(&predictor->derived);
    free(predictor->made);
    free(predictor);
}

/* ---- contexts ---------------------------------------------------------------------------------------- */

size_t predictor_bytes(const struct model *model)
{
    size_t bytes;

    return size_add(model_lasting_bytes(model), model->net->one_weight_bytes, &bytes) ? bytes : SIZE_MAX;
}

/* Layers that are kept share no place. */
size_t predictor_context_bytes(const struct model *model, bool keep_layers)
{
    const struct net *net = model->net;
    size_t bytes;
    bool fits = size_add(net->arena_bytes, net->one_bytes, &bytes);

    for (size_t i = 0; keep_layers && i < net->node_count; i++)
        fits = fits && size_add_array(&bytes, net->nodes[i].values, sizeof(float));
    return fits ? bytes : SIZE_MAX;
}

static int make_layers(struct predictor_context *context)
{
    const struct net *net = context->predictor->model->net;

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
    size_t bytes = SIZE_MAX;

    if (!context) {
        error_memory(error);
        return NULL;
    }
    (void)size_add(predictor_context_bytes(predictor->model, keep_layers), predictor_bytes(predictor->model),
                   &bytes);
    if (model_check_memory(predictor->model, bytes, error) != 0) {
        free(context);
        return NULL;
    }
    context->predictor = predictor;
    context->arena = memory_array(predictor->model->net->arena_bytes, 1);
    context->one = memory_array(predictor->model->net->one_bytes, 1);
    if (!context->arena || !context->one || (keep_layers && make_layers(context) != 0))
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
    for (size_t i = 0; context->layers && i < context->predictor->model->net->node_count; i++)
        free(context->layers[i]);
    free(context->layers);
    free(context->arena);
    free(context->one);
    thread_pool_destroy(context->pool);
    free(context);
}

/* `lane` of [values][16]. */
static void copy_lane(const float *from, size_t values, size_t lane, float *to)
{
    for (size_t i = 0; i < values; i++)
        to[i] = from[i * NNRUN_LANES + lane];
}

/* Samples from `first` on into the arena's input; lanes past the last repeat it. */
static void gather(const struct predictor_context *context, size_t first, size_t count)
{
    const struct predictor *predictor = context->predictor;
    const struct net *net = predictor->model->net;
    const struct predictor_samples *samples = context->samples;
    const uint8_t *bytes[NNRUN_LANES];
    const float *floats[NNRUN_LANES];

    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t at = (first + (lane < count ? lane : count - 1)) * net->input_values;
        bytes[lane] = samples->bytes ? samples->bytes + at : NULL;
        floats[lane] = samples->floats ? samples->floats + at : NULL;
    }
    if (samples->bytes)
        predictor->gather(&predictor->scaling, bytes, net_input(net, context->arena));
    else
        predictor->gather_floats(&predictor->scaling, floats, net_input(net, context->arena));
}

static void run_slice(struct predictor_context *context, size_t first)
{
    const struct predictor *predictor = context->predictor;
    const struct net *net = predictor->model->net;
    const size_t values = net->nodes[net->last].values, left = context->count - first;
    const size_t count = left < NNRUN_LANES ? left : NNRUN_LANES;
    const struct net_slice slice = {.arena = context->arena,
                                    .count = (uint32_t)count,
                                    .weights = predictor->state->weights,
                                    .states = predictor->state->states,
                                    .derived = predictor->derived.memory};

    gather(context, first, count);
    for (size_t i = 0; i < net->node_count; i++) {
        net_forward_node(net, i, &slice);
        if (context->layers && first == 0) /* at once: the next layer may write over it */
            copy_lane(net_node_output(net, i, context->arena), net->nodes[i].values, 0, context->layers[i]);
    }
    for (size_t i = 0; i < count; i++)
        copy_lane(net_output(net, context->arena), values, i, context->outputs + (first + i) * values);
}

/* The same of one sample, by the layers that need no lanes for it. */
static void run_one(struct predictor_context *context, size_t first)
{
    const struct predictor *predictor = context->predictor;
    const struct predictor_samples *samples = context->samples;
    const struct net *net = predictor->model->net;
    const struct net_one_run run = {.memory = context->one,
                                    .made = predictor->made,
                                    .slice = {.arena = context->arena,
                                              .count = 1,
                                              .weights = predictor->state->weights,
                                              .states = predictor->state->states,
                                              .derived = predictor->derived.memory}};
    const size_t at = first * net->input_values;

    if (samples->bytes)
        predictor->scale(&predictor->scaling, samples->bytes + at, net_one_input(net, context->one));
    else
        predictor->scale_floats(&predictor->scaling, samples->floats + at, net_one_input(net, context->one));
    net_one_begin(net, &run);
    for (size_t i = 0; i < net->node_count; i++) {
        net_one_forward_node(net, i, &run);
        if (context->layers && first == 0)
            net_one_output(net, i, &run, context->layers[i]);
    }
    net_one_output(net, net->last, &run, context->outputs + first * net->nodes[net->last].values);
}

static void run_slices(void *arg, unsigned part, unsigned thread)
{
    struct predictor_context *context = arg;

    (void)part, (void)thread;
    for (size_t first = 0; first < context->count; first += NNRUN_LANES)
        if (context->count - first == 1)
            run_one(context, first);
        else
            run_slice(context, first);
}

void predictor_predict(struct predictor_context *context, const struct predictor_samples *samples,
                       size_t count, float *outputs)
{
    context->samples = samples;
    context->count = count;
    context->outputs = outputs;
    thread_pool_run(context->pool, 1, run_slices, context);
}

const float *predictor_layer(const struct predictor_context *context, size_t i)
{
    return context->layers ? context->layers[i] : NULL;
}
