/* executor.c: see executor.h. */
#include "train/executor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

struct stepper {
    struct stepper_spec spec;
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

unsigned stepper_groups(size_t batch, int32_t wanted)
{
    const size_t slices = (batch + NNRUN_LANES - 1) / NNRUN_LANES, most = wanted > 0 ? (size_t)wanted : 8;

    return (unsigned)(slices < most ? slices : most);
}

static bool add_bytes(size_t *total, size_t count, size_t size)
{
    size_t bytes;

    return size_multiply(count, size, &bytes) && size_add(*total, bytes, total);
}

bool stepper_bytes(const struct stepper_spec *spec, size_t *bytes)
{
    const size_t slices = (spec->batch + NNRUN_LANES - 1) / NNRUN_LANES, threads = pool_threads(spec->pool);
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

struct stepper *stepper_create(const struct stepper_spec *spec, struct error *error)
{
    struct stepper *stepper = memory_array(1, sizeof *stepper);
    const size_t threads = pool_threads(spec->pool);
    size_t observations;
    bool ok;

    if (!stepper) {
        error_memory(error);
        return NULL;
    }
    stepper->spec = *spec;
    stepper->slices = (spec->batch + NNRUN_LANES - 1) / NNRUN_LANES;
    stepper->gather = lanes_gather(spec->level);
    stepper->target_values = net_target_values(spec->net);
    stepper->arenas = memory_array(threads, sizeof *stepper->arenas);
    stepper->targets = memory_array(threads, sizeof *stepper->targets);
    stepper->scratch = memory_array(threads, sizeof *stepper->scratch);
    stepper->gradients = memory_array(spec->groups, sizeof *stepper->gradients);
    stepper->losses = memory_array(stepper->slices * NNRUN_LANES, sizeof *stepper->losses);
    stepper->right = memory_array(stepper->slices * NNRUN_LANES, sizeof *stepper->right);
    stepper->norms = memory_array(blocks(spec->net), sizeof *stepper->norms);
    ok = stepper->arenas && stepper->targets && stepper->scratch && stepper->gradients && stepper->losses &&
         stepper->right && stepper->norms;
    if (ok && spec->groups) {
        stepper->observations = size_multiply(stepper->slices, spec->net->states, &observations)
                                    ? memory_array(observations, sizeof(float))
                                    : NULL;
        ok = stepper->observations != NULL;
    }
    for (size_t t = 0; ok && t < threads; t++) {
        stepper->arenas[t] = memory_array(spec->net->arena_bytes, 1);
        stepper->targets[t] = memory_array(stepper->target_values * NNRUN_LANES, sizeof(float));
        stepper->scratch[t] = memory_array(spec->augment ? augment_scratch_bytes(spec->augment) : 0, 1);
        ok = stepper->arenas[t] && stepper->targets[t] && stepper->scratch[t];
    }
    for (unsigned g = 0; ok && g < spec->groups; g++)
        ok = (stepper->gradients[g] = memory_array(spec->net->weights, sizeof(float))) != NULL;
    if (!ok) {
        error_memory(error);
        stepper_destroy(stepper);
        return NULL;
    }
    return stepper;
}

static void free_all(void **pointers, size_t count)
{
    for (size_t i = 0; pointers && i < count; i++)
        free(pointers[i]);
    free(pointers);
}

void stepper_destroy(struct stepper *stepper)
{
    if (!stepper)
        return;
    free_all((void **)stepper->arenas, pool_threads(stepper->spec.pool));
    free_all(stepper->targets, pool_threads(stepper->spec.pool));
    free_all(stepper->scratch, pool_threads(stepper->spec.pool));
    free_all((void **)stepper->gradients, stepper->spec.groups);
    free(stepper->observations);
    free(stepper->losses);
    free(stepper->right);
    free(stepper->norms);
    free(stepper);
}

/* Number of samples of slice s of the batch under way. */
static uint32_t slice_count(const struct stepper *stepper, size_t s)
{
    const size_t left = stepper->batch->count - s * NNRUN_LANES;

    return left < NNRUN_LANES ? (uint32_t)left : NNRUN_LANES;
}

static const void *fill_target(const struct stepper *stepper, const uint8_t *const labels[NNRUN_LANES],
                               void *target)
{
    const uint32_t values = (uint32_t)stepper->target_values;
    const bool one_hot = stepper->batch->label_width == 1 && values > 1;
    int32_t *index = target;
    float *dense = target;

    if (stepper->spec.net->target == NNRUN_CLASS) {
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

static void judge(struct stepper *stepper, size_t s, uint32_t count, const float *outputs)
{
    const struct net *net = stepper->spec.net;
    const size_t values = net->nodes[net->last].values;

    for (uint32_t lane = 0; lane < count; lane++) {
        const size_t i = s * NNRUN_LANES + lane;
        const uint8_t *labels = stepper->batch->labels[i];
        const uint32_t best = largest(outputs, values, lane);
        stepper->right[i] = stepper->batch->label_width == 1 && values > 1
                                ? best == labels[0]
                                : all_sides_right(outputs, values, lane, labels);
        if (stepper->said)
            stepper->said[i] = best;
        for (size_t k = 0; stepper->outputs && k < values; k++)
            stepper->outputs[i * values + k] = outputs[k * NNRUN_LANES + lane];
    }
}

/* Puts slice s into the thread's arena and fills in what training and evaluation share. */
static void prepare(struct stepper *stepper, size_t s, unsigned thread, bool training,
                    struct net_slice *slice)
{
    const struct stepper_spec *spec = &stepper->spec;
    const uint8_t *pixels[NNRUN_LANES], *labels[NNRUN_LANES];
    const struct augment *augment = training ? spec->augment : NULL;
    uint32_t numbers[NNRUN_LANES] = {0};

    *slice = (struct net_slice){
        .arena = stepper->arenas[thread],
        .count = slice_count(stepper, s),
        .training = training,
        .weights = spec->weights,
        .states = spec->states,
        .loss = stepper->losses + s * NNRUN_LANES,
        .seed = spec->seed,
        .step = stepper->step,
        .sample = (uint32_t)(s * NNRUN_LANES),
    };
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = s * NNRUN_LANES + (lane < slice->count ? lane : slice->count - 1);
        pixels[lane] = stepper->batch->pixels[i];
        labels[lane] = stepper->batch->labels[i];
        if (augment)
            numbers[lane] = stepper->batch->numbers[i];
    }
    if (augment)
        augment_gather(augment, pixels, numbers, stepper->batch->epoch, stepper->scratch[thread],
                       net_input(spec->net, slice->arena));
    else
        stepper->gather(&spec->scaling, pixels, net_input(spec->net, slice->arena));
    slice->target = fill_target(stepper, labels, stepper->targets[thread]);
}

/* Group g owns slices floor(g S / G) .. floor((g + 1) S / G) - 1 of a full batch; those a short one has not
 * are left out. */
static size_t group_begin(const struct stepper *stepper, unsigned g)
{
    return g * stepper->slices / stepper->spec.groups;
}

/* Adds the time since *began to one of the thread's times, if they are wanted. */
static void lap(const struct stepper *stepper, unsigned thread, size_t which, double *began)
{
    double now;

    if (!stepper->spec.times)
        return;
    now = clock_seconds();
    if (which != SIZE_MAX)
        *(double *)(void *)((char *)&stepper->spec.times[thread] + which) += now - *began;
    *began = now;
}
#define LAP(stepper, thread, member, began) lap(stepper, thread, offsetof(struct step_times, member), began)

static void train_group(void *arg, unsigned g, unsigned thread)
{
    struct stepper *stepper = arg;
    const struct net *net = stepper->spec.net;
    const size_t begin = group_begin(stepper, g), end = group_begin(stepper, g + 1);
    double began = 0;

    lap(stepper, thread, SIZE_MAX, &began);
    for (size_t s = begin; s < end && s < stepper->now_slices; s++) {
        struct net_slice slice;
        prepare(stepper, s, thread, true, &slice);
        LAP(stepper, thread, gather, &began);
        slice.first = s == begin;
        slice.gradients = stepper->gradients[g];
        slice.observations = stepper->observations + s * net->states;
        net_forward(net, &slice);
        LAP(stepper, thread, forward, &began);
        judge(stepper, s, slice.count, net_output(net, slice.arena));
        LAP(stepper, thread, judge, &began);
        net_backward(net, &slice);
        LAP(stepper, thread, backward, &began);
    }
}

static void evaluate_slice(void *arg, unsigned s, unsigned thread)
{
    struct stepper *stepper = arg;
    struct net_slice slice;

    prepare(stepper, s, thread, false, &slice);
    net_forward(stepper->spec.net, &slice);
    judge(stepper, s, slice.count, net_output(stepper->spec.net, slice.arena));
}

static void block_range(const struct stepper *stepper, unsigned block, size_t *from, size_t *to)
{
    const size_t end = ((size_t)block + 1) * NET_BLOCK;

    *from = (size_t)block * NET_BLOCK;
    *to = end < stepper->spec.net->weights ? end : stepper->spec.net->weights;
}

static void sum_block(void *arg, unsigned block, unsigned thread)
{
    struct stepper *stepper = arg;
    double began = 0;
    size_t from, to;

    lap(stepper, thread, SIZE_MAX, &began);
    block_range(stepper, block, &from, &to);
    stepper->norms[block] = optimizer_code(stepper->spec.level, stepper->spec.optimizer->settings.type)
                                ->sum(&stepper->update, from, to);
    LAP(stepper, thread, update, &began);
}

static void update_block(void *arg, unsigned block, unsigned thread)
{
    struct stepper *stepper = arg;
    double began = 0;
    size_t from, to;

    lap(stepper, thread, SIZE_MAX, &began);
    block_range(stepper, block, &from, &to);
    optimizer_code(stepper->spec.level, stepper->spec.optimizer->settings.type)
        ->update(&stepper->update, from, to);
    LAP(stepper, thread, update, &began);
}

/* state += momentum * (sum n obs / sum n - state), slices in order. */
static void update_states(struct stepper *stepper)
{
    const struct net *net = stepper->spec.net;

    for (size_t t = 0; t < net->tensor_count; t++) {
        const struct net_tensor *tensor = &net->tensors[t];
        if (tensor->made.role != NNRUN_STATE)
            continue;
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++) {
            double sum = 0;
            for (size_t s = 0; s < stepper->now_slices; s++)
                sum += (double)slice_count(stepper, s) * (double)stepper->observations[s * net->states + i];
            sum /= (double)stepper->batch->count;
            stepper->spec.states[i] +=
                (float)(tensor->made.momentum * (sum - (double)stepper->spec.states[i]));
        }
    }
}

static void update(struct stepper *stepper, double rate)
{
    const struct net *net = stepper->spec.net;
    struct optimizer_step *to = &stepper->update;
    const unsigned count = (unsigned)blocks(net);

    to->weights = stepper->spec.weights;
    to->gradients = stepper->gradients;
    to->decayed = net->decayed;
    to->scale = 1.0f / (float)stepper->batch->count;
    for (to->groups = 0; to->groups < stepper->spec.groups; to->groups++)
        if (group_begin(stepper, to->groups) >= stepper->now_slices)
            break;
    optimizer_begin(stepper->spec.optimizer, rate, to);
    if (stepper->spec.clip > 0) {
        double norm = 0;
        pool_run(stepper->spec.pool, count, sum_block, stepper);
        for (unsigned block = 0; block < count; block++)
            norm += stepper->norms[block];
        norm = sqrt(norm) / (double)stepper->batch->count;
        if (norm > (double)stepper->spec.clip)
            to->scale = (float)((double)to->scale * (double)stepper->spec.clip / norm);
        to->groups = 1;
    }
    pool_run(stepper->spec.pool, count, update_block, stepper);
    update_states(stepper);
}

static void begin(struct stepper *stepper, const struct batch *batch, uint64_t step)
{
    stepper->batch = batch;
    stepper->now_slices = (batch->count + NNRUN_LANES - 1) / NNRUN_LANES;
    stepper->step = step;
}

static double sum_up(const struct stepper *stepper, struct step_sums *sums)
{
    double loss = 0;

    for (size_t i = 0; i < stepper->batch->count; i++) {
        loss += (double)stepper->losses[i];
        sums->right += stepper->right[i];
    }
    sums->loss += loss;
    return loss;
}

/* Runs the first bad slice again to find the layer. */
static int say_nonfinite(struct stepper *stepper, double loss, uint64_t step, struct error *error)
{
    const struct net *net = stepper->spec.net;
    struct net_slice slice;
    size_t bad = 0, node;

    while (bad < stepper->batch->count && isfinite(stepper->losses[bad]))
        bad++;
    bad /= NNRUN_LANES;
    prepare(stepper, bad, 0, true, &slice);
    slice.observations = stepper->observations + bad * net->states;
    slice.gradients = stepper->gradients[0];
    node = net_find_nonfinite(net, &slice);
    if (node < net->node_count)
        return error_set(
            error, STATUS_FAILED,
            "the loss became %s at step %llu: the output of layer \"%s\" (%s) is no number any more; "
            "a smaller train.optimizer.rate may help",
            isnan(loss) ? "NaN" : "infinite", (unsigned long long)step, net->nodes[node].name,
            net->nodes[node].type);
    return error_set(
        error, STATUS_FAILED,
        "the loss became %s at step %llu, in layer \"%s\" (%s); a smaller train.optimizer.rate may help",
        isnan(loss) ? "NaN" : "infinite", (unsigned long long)step, net->nodes[net->last].name,
        net->nodes[net->last].type);
}

int stepper_train(struct stepper *stepper, const struct batch *batch, double rate, uint64_t step,
                  struct step_sums *sums, struct error *error)
{
    double loss;

    begin(stepper, batch, step);
    stepper->said = NULL;
    stepper->outputs = NULL;
    pool_run(stepper->spec.pool, stepper->spec.groups, train_group, stepper);
    loss = sum_up(stepper, sums);
    if (!isfinite(loss))
        return say_nonfinite(stepper, loss, step, error);
    update(stepper, rate);
    return 0;
}

void stepper_evaluate(struct stepper *stepper, const struct batch *batch, struct step_sums *sums,
                      uint32_t *said, float *outputs)
{
    begin(stepper, batch, 0);
    stepper->said = said;
    stepper->outputs = outputs;
    pool_run(stepper->spec.pool, (unsigned)stepper->now_slices, evaluate_slice, stepper);
    sum_up(stepper, sums);
}

bool stepper_float_changed(struct stepper *stepper)
{
    return pool_float_changed(stepper->spec.pool);
}
