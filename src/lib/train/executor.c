/* executor.c: see executor.h. */
#include "train/executor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

struct executor {
    struct executor_spec spec;
    size_t slices; /* of the largest batch */
    lanes_gather_code *gather;
    char **arenas;        /* [threads] */
    void **targets;       /* [threads] */
    void **scratch;       /* [threads], for augmentation */
    float **gradients;    /* [groups] */
    float *observations;  /* [slices][states] */
    float *losses;        /* [slices * 16] */
    uint8_t *right;       /* [slices * 16] */
    double *norms;        /* [blocks] */
    size_t target_values; /* floats or one int32 a lane */
    /* the call under way */
    const struct batch *batch;
    size_t now_slices;
    uint64_t step;
    uint32_t *said;
    float *outputs;
    struct optimizer_step update;
};

static size_t blocks(const struct net *net)
{
    return (net->weights + NET_BLOCK - 1) / NET_BLOCK;
}

unsigned executor_groups(size_t batch, int32_t wanted)
{
    const size_t slices = (batch + NNRUN_LANES - 1) / NNRUN_LANES, most = wanted > 0 ? (size_t)wanted : 8;

    return (unsigned)(slices < most ? slices : most);
}

static bool add_bytes(size_t *total, size_t count, size_t size)
{
    size_t bytes;

    return size_multiply(count, size, &bytes) && size_add(*total, bytes, total);
}

bool executor_bytes(const struct executor_spec *spec, size_t *bytes)
{
    const size_t slices = (spec->batch + NNRUN_LANES - 1) / NNRUN_LANES,
                 threads = thread_pool_threads(spec->pool);
    size_t row;

    *bytes = 0;
    return add_bytes(bytes, threads, spec->net->arena_bytes) &&
           add_bytes(bytes, threads, spec->augment ? augment_scratch_bytes(spec->augment) : 0) &&
           add_bytes(bytes, threads, net_target_values(spec->net) * NNRUN_LANES * sizeof(float)) &&
           size_multiply(spec->net->weights, sizeof(float), &row) && add_bytes(bytes, spec->groups, row) &&
           size_multiply(spec->net->states, sizeof(float), &row) &&
           add_bytes(bytes, spec->groups ? slices : 0, row) &&
           add_bytes(bytes, slices * NNRUN_LANES, sizeof(float) + 1);
}

struct executor *executor_create(const struct executor_spec *spec, struct error *error)
{
    struct executor *executor = memory_array(1, sizeof *executor);
    const size_t threads = thread_pool_threads(spec->pool);
    size_t observations;
    bool ok;

    if (!executor) {
        error_memory(error);
        return NULL;
    }
    executor->spec = *spec;
    executor->slices = (spec->batch + NNRUN_LANES - 1) / NNRUN_LANES;
    executor->gather = lanes_gather(spec->level);
    executor->target_values = net_target_values(spec->net);
    executor->arenas = memory_array(threads, sizeof *executor->arenas);
    executor->targets = memory_array(threads, sizeof *executor->targets);
    executor->scratch = memory_array(threads, sizeof *executor->scratch);
    executor->gradients = memory_array(spec->groups, sizeof *executor->gradients);
    executor->losses = memory_array(executor->slices * NNRUN_LANES, sizeof *executor->losses);
    executor->right = memory_array(executor->slices * NNRUN_LANES, sizeof *executor->right);
    executor->norms = memory_array(blocks(spec->net), sizeof *executor->norms);
    ok = executor->arenas && executor->targets && executor->scratch && executor->gradients &&
         executor->losses && executor->right && executor->norms;
    if (ok && spec->groups) {
        executor->observations = size_multiply(executor->slices, spec->net->states, &observations)
                                     ? memory_array(observations, sizeof(float))
                                     : NULL;
        ok = executor->observations != NULL;
    }
    for (size_t t = 0; ok && t < threads; t++) {
        executor->arenas[t] = memory_array(spec->net->arena_bytes, 1);
        executor->targets[t] = memory_array(executor->target_values * NNRUN_LANES, sizeof(float));
        executor->scratch[t] = memory_array(spec->augment ? augment_scratch_bytes(spec->augment) : 0, 1);
        ok = executor->arenas[t] && executor->targets[t] && executor->scratch[t];
    }
    for (unsigned g = 0; ok && g < spec->groups; g++)
        ok = (executor->gradients[g] = memory_array(spec->net->weights, sizeof(float))) != NULL;
    if (!ok) {
        error_memory(error);
        executor_destroy(executor);
        return NULL;
    }
    return executor;
}

static void free_all(void **pointers, size_t count)
{
    for (size_t i = 0; pointers && i < count; i++)
        free(pointers[i]);
    free(pointers);
}

void executor_destroy(struct executor *executor)
{
    if (!executor)
        return;
    free_all((void **)executor->arenas, thread_pool_threads(executor->spec.pool));
    free_all(executor->targets, thread_pool_threads(executor->spec.pool));
    free_all(executor->scratch, thread_pool_threads(executor->spec.pool));
    free_all((void **)executor->gradients, executor->spec.groups);
    free(executor->observations);
    free(executor->losses);
    free(executor->right);
    free(executor->norms);
    free(executor);
}

/* Number of samples of slice s of the batch under way. */
static uint32_t slice_count(const struct executor *executor, size_t s)
{
    const size_t left = executor->batch->count - s * NNRUN_LANES;

    return left < NNRUN_LANES ? (uint32_t)left : NNRUN_LANES;
}

static const void *fill_target(const struct executor *executor, const uint8_t *const labels[NNRUN_LANES],
                               void *target)
{
    const uint32_t values = (uint32_t)executor->target_values;
    const bool one_hot = executor->batch->label_width == 1 && values > 1;
    int32_t *index = target;
    float *dense = target;

    if (executor->spec.net->target == NNRUN_CLASS) {
        for (int lane = 0; lane < NNRUN_LANES; lane++)
            index[lane] = labels[lane][0];
        return index;
    }
    /* one byte a sample is a class, made one-hot; else a value each */
    for (uint32_t i = 0; i < values; i++)
        for (uint32_t lane = 0; lane < NNRUN_LANES; lane++)
            dense[i * NNRUN_LANES + lane] = (float)(one_hot ? labels[lane][0] == i : labels[lane][i]);
    return dense;
}

/* The class with the largest output, the first of equals; SIZE_MAX where an output is NaN throughout. */
static uint32_t largest(const float *outputs, size_t values, uint32_t lane)
{
    size_t best = 0;

    for (size_t i = 1; i < values; i++)
        if (outputs[i * NNRUN_LANES + lane] > outputs[best * NNRUN_LANES + lane])
            best = i;
    return (uint32_t)best;
}

static bool all_sides_right(const float *outputs, size_t values, uint32_t lane, const uint8_t *labels)
{
    for (size_t i = 0; i < values; i++)
        if ((outputs[i * NNRUN_LANES + lane] > 0.5f) != (labels[i] != 0))
            return false;
    return true;
}

static void judge(struct executor *executor, size_t s, uint32_t count, const float *outputs)
{
    const struct net *net = executor->spec.net;
    const size_t values = net->nodes[net->last].values;

    for (uint32_t lane = 0; lane < count; lane++) {
        const size_t i = s * NNRUN_LANES + lane;
        const uint8_t *labels = executor->batch->labels[i];
        const uint32_t best = largest(outputs, values, lane);
        executor->right[i] = executor->batch->label_width == 1 && values > 1
                                 ? best == labels[0]
                                 : all_sides_right(outputs, values, lane, labels);
        if (executor->said)
            executor->said[i] = best;
        for (size_t k = 0; executor->outputs && k < values; k++)
            executor->outputs[i * values + k] = outputs[k * NNRUN_LANES + lane];
    }
}

/* Puts slice s into the thread's arena and fills in what training and evaluation share. */
static void prepare(struct executor *executor, size_t s, unsigned thread, bool training,
                    struct net_slice *slice)
{
    const struct executor_spec *spec = &executor->spec;
    const uint8_t *pixels[NNRUN_LANES], *labels[NNRUN_LANES];
    const struct augment *augment = training ? spec->augment : NULL;
    uint32_t numbers[NNRUN_LANES] = {0};

    *slice = (struct net_slice){
        .arena = executor->arenas[thread],
        .count = slice_count(executor, s),
        .training = training,
        .weights = spec->weights,
        .states = spec->states,
        .loss = executor->losses + s * NNRUN_LANES,
        .seed = spec->seed,
        .step = executor->step,
        .sample = (uint32_t)(s * NNRUN_LANES),
    };
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = s * NNRUN_LANES + (lane < slice->count ? lane : slice->count - 1);
        pixels[lane] = executor->batch->pixels[i];
        labels[lane] = executor->batch->labels[i];
        if (augment)
            numbers[lane] = executor->batch->numbers[i];
    }
    if (augment)
        augment_gather(augment, pixels, numbers, executor->batch->epoch, executor->scratch[thread],
                       net_input(spec->net, slice->arena));
    else
        executor->gather(&spec->scaling, pixels, net_input(spec->net, slice->arena));
    slice->target = fill_target(executor, labels, executor->targets[thread]);
}

/* Group g owns slices floor(g S / G) .. floor((g + 1) S / G) - 1 of a full batch; those a short one has not
 * are left out. */
static size_t group_begin(const struct executor *executor, unsigned g)
{
    return g * executor->slices / executor->spec.groups;
}

/* Adds the time since *began to one of the thread's times, if they are wanted. */
static void lap(const struct executor *executor, unsigned thread, size_t which, double *began)
{
    double now;

    if (!executor->spec.times)
        return;
    now = clock_seconds();
    if (which != SIZE_MAX)
        *(double *)(void *)((char *)&executor->spec.times[thread] + which) += now - *began;
    *began = now;
}
#define LAP(executor, thread, member, began) lap(executor, thread, offsetof(struct step_times, member), began)

static void train_group(void *arg, unsigned g, unsigned thread)
{
    struct executor *executor = arg;
    const struct net *net = executor->spec.net;
    const size_t begin = group_begin(executor, g), end = group_begin(executor, g + 1);
    double began = 0;

    lap(executor, thread, SIZE_MAX, &began);
    for (size_t s = begin; s < end && s < executor->now_slices; s++) {
        struct net_slice slice;
        prepare(executor, s, thread, true, &slice);
        LAP(executor, thread, gather, &began);
        slice.first = s == begin;
        slice.gradients = executor->gradients[g];
        slice.observations = executor->observations + s * net->states;
        net_forward(net, &slice);
        LAP(executor, thread, forward, &began);
        judge(executor, s, slice.count, net_output(net, slice.arena));
        LAP(executor, thread, judge, &began);
        net_backward(net, &slice);
        LAP(executor, thread, backward, &began);
    }
}

static void evaluate_slice(void *arg, unsigned s, unsigned thread)
{
    struct executor *executor = arg;
    struct net_slice slice;

    prepare(executor, s, thread, false, &slice);
    net_forward(executor->spec.net, &slice);
    judge(executor, s, slice.count, net_output(executor->spec.net, slice.arena));
}

static void block_range(const struct executor *executor, unsigned block, size_t *from, size_t *to)
{
    const size_t end = ((size_t)block + 1) * NET_BLOCK;

    *from = (size_t)block * NET_BLOCK;
    *to = end < executor->spec.net->weights ? end : executor->spec.net->weights;
}

static void sum_block(void *arg, unsigned block, unsigned thread)
{
    struct executor *executor = arg;
    double began = 0;
    size_t from, to;

    lap(executor, thread, SIZE_MAX, &began);
    block_range(executor, block, &from, &to);
    executor->norms[block] = optimizer_code(executor->spec.level, executor->spec.optimizer->settings.type)
                                 ->sum(&executor->update, from, to);
    LAP(executor, thread, update, &began);
}

static void update_block(void *arg, unsigned block, unsigned thread)
{
    struct executor *executor = arg;
    double began = 0;
    size_t from, to;

    lap(executor, thread, SIZE_MAX, &began);
    block_range(executor, block, &from, &to);
    optimizer_code(executor->spec.level, executor->spec.optimizer->settings.type)
        ->update(&executor->update, from, to);
    LAP(executor, thread, update, &began);
}

/* state += momentum * (sum n obs / sum n - state), slices in order. */
static void update_states(struct executor *executor)
{
    const struct net *net = executor->spec.net;

    for (size_t t = 0; t < net->tensor_count; t++) {
        const struct net_tensor *tensor = &net->tensors[t];
        if (tensor->made.role != NNRUN_STATE)
            continue;
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++) {
            double sum = 0;
            for (size_t s = 0; s < executor->now_slices; s++)
                sum += (double)slice_count(executor, s) * (double)executor->observations[s * net->states + i];
            sum /= (double)executor->batch->count;
            executor->spec.states[i] +=
                (float)(tensor->made.momentum * (sum - (double)executor->spec.states[i]));
        }
    }
}

static void update(struct executor *executor, double rate)
{
    const struct net *net = executor->spec.net;
    struct optimizer_step *to = &executor->update;
    const unsigned count = (unsigned)blocks(net);

    to->weights = executor->spec.weights;
    to->gradients = executor->gradients;
    to->decayed = net->decayed;
    to->scale = 1.0f / (float)executor->batch->count;
    for (to->groups = 0; to->groups < executor->spec.groups; to->groups++)
        if (group_begin(executor, to->groups) >= executor->now_slices)
            break;
    optimizer_begin(executor->spec.optimizer, rate, to);
    if (executor->spec.clip > 0) {
        double norm = 0;
        thread_pool_run(executor->spec.pool, count, sum_block, executor);
        for (unsigned block = 0; block < count; block++)
            norm += executor->norms[block];
        norm = sqrt(norm) / (double)executor->batch->count;
        if (norm > (double)executor->spec.clip)
            to->scale = (float)((double)to->scale * (double)executor->spec.clip / norm);
        to->groups = 1;
    }
    thread_pool_run(executor->spec.pool, count, update_block, executor);
    update_states(executor);
}

static void begin(struct executor *executor, const struct batch *batch, uint64_t step)
{
    executor->batch = batch;
    executor->now_slices = (batch->count + NNRUN_LANES - 1) / NNRUN_LANES;
    executor->step = step;
}

static double sum_up(const struct executor *executor, struct step_sums *sums)
{
    double loss = 0;

    for (size_t i = 0; i < executor->batch->count; i++) {
        loss += (double)executor->losses[i];
        sums->right += executor->right[i];
    }
    sums->loss += loss;
    return loss;
}

/* Runs the first bad slice again to find the layer. */
static int say_nonfinite(struct executor *executor, double loss, uint64_t step, struct error *error)
{
    const struct net *net = executor->spec.net;
    struct net_slice slice;
    size_t bad = 0, node;

    while (bad < executor->batch->count && isfinite(executor->losses[bad]))
        bad++;
    bad /= NNRUN_LANES;
    prepare(executor, bad, 0, true, &slice);
    slice.observations = executor->observations + bad * net->states;
    slice.gradients = executor->gradients[0];
    node = net_find_nonfinite(net, &slice);
    if (node < net->node_count)
        return error_set(
            error, ERROR_FAILED,
            "the loss became %s at step %llu: the output of layer \"%s\" (%s) is no number any more; "
            "a smaller train.optimizer.rate may help",
            isnan(loss) ? "NaN" : "infinite", (unsigned long long)step, net->nodes[node].name,
            net->nodes[node].type);
    return error_set(
        error, ERROR_FAILED,
        "the loss became %s at step %llu, in layer \"%s\" (%s); a smaller train.optimizer.rate may help",
        isnan(loss) ? "NaN" : "infinite", (unsigned long long)step, net->nodes[net->last].name,
        net->nodes[net->last].type);
}

int executor_train(struct executor *executor, const struct batch *batch, double rate, uint64_t step,
                   struct step_sums *sums, struct error *error)
{
    double loss;

    begin(executor, batch, step);
    executor->said = NULL;
    executor->outputs = NULL;
    thread_pool_run(executor->spec.pool, executor->spec.groups, train_group, executor);
    loss = sum_up(executor, sums);
    if (!isfinite(loss))
        return say_nonfinite(executor, loss, step, error);
    update(executor, rate);
    return 0;
}

void executor_evaluate(struct executor *executor, const struct batch *batch, struct step_sums *sums,
                       uint32_t *said, float *outputs)
{
    begin(executor, batch, 0);
    executor->said = said;
    executor->outputs = outputs;
    thread_pool_run(executor->spec.pool, (unsigned)executor->now_slices, evaluate_slice, executor);
    sum_up(executor, sums);
}

bool executor_float_changed(struct executor *executor)
{
    return thread_pool_float_changed(executor->spec.pool);
}
