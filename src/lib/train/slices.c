/* slices.c: see slices.h. */
#include "train/slices.h"

#include <stdlib.h>

#include "base/memory.h"

size_t slices_of(size_t samples)
{
    return (samples + NNRUN_LANES - 1) / NNRUN_LANES;
}

bool slices_add_bytes(const struct executor_spec *spec, size_t *total)
{
    const size_t threads = thread_pool_threads(spec->pool);
    const size_t scratch = spec->augment ? augment_scratch_bytes(spec->augment) : 0;

    return size_add_array(total, threads, spec->net->arena_bytes) &&
           size_add_array(total, threads, scratch) &&
           size_add_array(total, threads, net_target_values(spec->net) * NNRUN_LANES * sizeof(float)) &&
           size_add_array(total, slices_of(spec->batch) * NNRUN_LANES, sizeof(float) + 1);
}

static int make_thread_memory(struct slices *slices, unsigned thread)
{
    const struct executor_spec *spec = slices->spec;

    slices->arenas[thread] = memory_array(spec->net->arena_bytes, 1);
    slices->targets[thread] = memory_array(slices->target_values * NNRUN_LANES, sizeof(float));
    slices->scratch[thread] = memory_array(spec->augment ? augment_scratch_bytes(spec->augment) : 0, 1);
    return slices->arenas[thread] && slices->targets[thread] && slices->scratch[thread] ? 0 : -1;
}

int slices_init(struct slices *slices, const struct executor_spec *spec)
{
    const unsigned threads = thread_pool_threads(spec->pool);

    *slices = (struct slices){.spec = spec,
                              .most = slices_of(spec->batch),
                              .gather = lanes_gather(spec->level),
                              .gather_floats = lanes_gather_floats(spec->level),
                              .target_values = net_target_values(spec->net)};
    slices->arenas = memory_array(threads, sizeof *slices->arenas);
    slices->targets = memory_array(threads, sizeof *slices->targets);
    slices->scratch = memory_array(threads, sizeof *slices->scratch);
    slices->losses = memory_array(slices->most * NNRUN_LANES, sizeof *slices->losses);
    slices->judged = memory_array(slices->most * NNRUN_LANES, sizeof *slices->judged);
    if (!slices->arenas || !slices->targets || !slices->scratch || !slices->losses || !slices->judged)
        return -1;
    if (spec->ranks && !(slices->begin = memory_array(ranks_size(spec->ranks) + 1, sizeof *slices->begin)))
        return -1;
    for (unsigned thread = 0; thread < threads; thread++)
        if (make_thread_memory(slices, thread) != 0)
            return -1;
    return 0;
}

void slices_finish(struct slices *slices)
{
    const unsigned threads = thread_pool_threads(slices->spec->pool);

    memory_free_each((void **)slices->arenas, threads);
    memory_free_each(slices->targets, threads);
    memory_free_each(slices->scratch, threads);
    free(slices->losses);
    free(slices->judged);
    free(slices->begin);
}

void slices_begin(struct slices *slices, const struct batch *batch, uint64_t step, uint32_t *predicted,
                  float *outputs)
{
    slices->batch = batch;
    slices->count = slices_of(batch->count);
    slices->step = step;
    slices->weight = (double)batch->count;
    if (slices->spec->class_weights) {
        slices->weight = 0;
        for (size_t i = 0; i < batch->count; i++)
            slices->weight += (double)slices->spec->class_weights[batch->labels[i][0]];
    }
    slices->predicted = predicted;
    slices->outputs = outputs;
}

uint32_t slices_samples(const struct slices *slices, size_t s)
{
    const size_t left = slices->batch->count - s * NNRUN_LANES;

    return left < NNRUN_LANES ? (uint32_t)left : NNRUN_LANES;
}

size_t slices_first(const struct slices *slices)
{
    return slices->begin ? slices->begin[ranks_rank(slices->spec->ranks)] : 0;
}

size_t slices_own(const struct slices *slices)
{
    const size_t first = slices_first(slices);
    size_t end = slices->count;

    if (slices->begin && slices->begin[ranks_rank(slices->spec->ranks) + 1] < end)
        end = slices->begin[ranks_rank(slices->spec->ranks) + 1];
    return end > first ? end - first : 0;
}

/* The arrays that have a place for each sample of the batch, and none past the last. */
static void share_samples(const struct slices *slices, void *memory, size_t size)
{
    struct ranks *ranks = slices->spec->ranks;

    for (uint32_t r = 0; r <= ranks_size(ranks); r++)
        slices->begin[r] *= NNRUN_LANES;
    ranks_gather(ranks, memory, slices->begin, slices->batch->count, size);
    for (uint32_t r = 0; r <= ranks_size(ranks); r++)
        slices->begin[r] /= NNRUN_LANES;
}

void slices_share(const struct slices *slices)
{
    const struct net *net = slices->spec->net;

    if (!slices->begin)
        return;
    share_samples(slices, slices->losses, sizeof *slices->losses);
    share_samples(slices, slices->judged, sizeof *slices->judged);
    if (slices->predicted)
        share_samples(slices, slices->predicted, sizeof *slices->predicted);
    if (slices->outputs)
        share_samples(slices, slices->outputs, net->nodes[net->last].values * sizeof *slices->outputs);
}

static const void *fill_target(const struct slices *slices, const uint8_t *const labels[NNRUN_LANES],
                               void *target)
{
    const uint32_t values = (uint32_t)slices->target_values;
    const bool one_hot = slices->batch->label_width == 1 && values > 1;
    int32_t *index = target;
    float *dense = target;

    if (slices->spec->net->target == NNRUN_CLASS) {
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

void slices_gather(struct slices *slices, size_t s, unsigned thread, bool training, struct net_slice *slice)
{
    const struct executor_spec *spec = slices->spec;
    const struct batch *batch = slices->batch;
    const uint8_t *pixels[NNRUN_LANES], *labels[NNRUN_LANES];
    const float *floats[NNRUN_LANES];
    const struct augment *augment = training ? spec->augment : NULL;
    uint32_t numbers[NNRUN_LANES] = {0};

    *slice = (struct net_slice){
        .arena = slices->arenas[thread],
        .count = slices_samples(slices, s),
        .training = training,
        .weights = spec->weights,
        .states = spec->states,
        .derived = spec->derived ? spec->derived->memory : NULL,
        .loss = slices->losses + s * NNRUN_LANES,
        .seed = spec->seed,
        .step = slices->step,
        .sample = (uint32_t)(s * NNRUN_LANES),
    };
    /* lanes past the batch's end repeat its last sample */
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = s * NNRUN_LANES + (lane < slice->count ? lane : slice->count - 1);
        if (batch->floats)
            floats[lane] = batch->floats[i];
        else
            pixels[lane] = batch->pixels[i];
        labels[lane] = batch->labels[i];
        if (augment)
            numbers[lane] = batch->numbers[i];
    }
    if (augment)
        augment_gather(augment, pixels, numbers, batch->epoch, slices->scratch[thread],
                       net_input(spec->net, slice->arena));
    else if (batch->floats)
        slices->gather_floats(&spec->scaling, floats, net_input(spec->net, slice->arena));
    else
        slices->gather(&spec->scaling, pixels, net_input(spec->net, slice->arena));
    slice->target = fill_target(slices, labels, slices->targets[thread]);
}

const float *slices_factors(const struct slices *slices, size_t s, float factors[NNRUN_LANES])
{
    const uint32_t count = slices_samples(slices, s);

    if (!slices->spec->class_weights)
        return NULL;
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = s * NNRUN_LANES + (lane < count ? lane : count - 1);
        factors[lane] = slices->spec->class_weights[slices->batch->labels[i][0]];
    }
    return factors;
}

/* The class with the largest output, the first of equals. */
static uint32_t largest_output(const float *outputs, size_t values, uint32_t lane)
{
    size_t best = 0;

    for (size_t i = 1; i < values; i++)
        if (outputs[i * NNRUN_LANES + lane] > outputs[best * NNRUN_LANES + lane])
            best = i;
    return (uint32_t)best;
}

/* A loss may have more or fewer outputs than labels, which then do not answer them: never right. */
static bool all_sides_right(const float *outputs, size_t values, uint32_t lane, const uint8_t *labels,
                            size_t label_width)
{
    if (values != label_width)
        return false;
    for (size_t i = 0; i < values; i++)
        if ((outputs[i * NNRUN_LANES + lane] > 0.5f) != (labels[i] != 0))
            return false;
    return true;
}

void slices_judge(struct slices *slices, size_t s, const struct net_slice *slice)
{
    const struct net *net = slices->spec->net;
    const float *outputs = net_output(net, slice->arena);
    const size_t values = net->nodes[net->last].values;

    for (uint32_t lane = 0; lane < slice->count; lane++) {
        const size_t i = s * NNRUN_LANES + lane;
        const uint8_t *labels = slices->batch->labels[i];
        const uint32_t best = largest_output(outputs, values, lane);
        const bool answered = net_is_answer(outputs + lane, values, NNRUN_LANES);
        const bool right = slices->batch->label_width == 1 && values > 1
                               ? best == labels[0]
                               : all_sides_right(outputs, values, lane, labels, slices->batch->label_width);
        slices->judged[i] = !answered ? JUDGED_UNANSWERED : right ? JUDGED_RIGHT : JUDGED_WRONG;
        if (slices->predicted)
            slices->predicted[i] = answered ? best : SLICES_NO_CLASS;
        for (size_t k = 0; slices->outputs && k < values; k++)
            slices->outputs[i * values + k] = outputs[k * NNRUN_LANES + lane];
    }
}

bool slices_was_right(const struct slices *slices, size_t i)
{
    return slices->judged[i] == JUDGED_RIGHT;
}

double slices_sum(const struct slices *slices, struct step_sums *sums)
{
    const float *weights = slices->spec->class_weights;
    double loss = 0;

    for (size_t i = 0; i < slices->batch->count; i++) {
        const double one = (double)slices->losses[i];
        loss += weights ? one * (double)weights[slices->batch->labels[i][0]] : one;
        sums->right += slices->judged[i] == JUDGED_RIGHT;
        sums->unanswered += slices->judged[i] == JUDGED_UNANSWERED;
    }
    if (weights)
        loss = loss / slices->weight * (double)slices->batch->count;
    sums->loss += loss;
    return loss;
}
