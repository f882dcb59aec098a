/* weight_update.c: see weight_update.h. */
#include "train/weight_update.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static size_t count_blocks(const struct net *net)
{
    return (net->learned + NET_BLOCK - 1) / NET_BLOCK;
}

/* This rank has the gradient of that group, or gets the sum there. */
static bool has_gradient(const struct executor_spec *spec, unsigned g)
{
    unsigned from, to;

    rank_sum_groups(spec, &from, &to);
    return g == 0 || (g >= from && g < to);
}

static size_t count_gradients(const struct executor_spec *spec)
{
    size_t count = 0;

    for (unsigned g = 0; g < spec->groups; g++)
        count += has_gradient(spec, g);
    return count;
}

bool weight_update_add_bytes(const struct executor_spec *spec, size_t *total)
{
    const size_t slices = spec->groups ? slices_of(spec->batch) : 0;
    size_t gradient, observations;

    return size_multiply(spec->net->weights, sizeof(float), &gradient) &&
           size_add_array(total, count_gradients(spec), gradient) && rank_sum_add_bytes(spec, total) &&
           size_multiply(spec->net->states, sizeof(float), &observations) &&
           size_add_array(total, slices, observations);
}

int weight_update_init(struct weight_update *update, const struct executor_spec *spec)
{
    size_t observations;

    *update = (struct weight_update){.spec = spec};
    if (spec->groups == 0)
        return 0;
    update->gradients = memory_array(spec->groups, sizeof *update->gradients);
    update->norms = memory_array(count_blocks(spec->net), sizeof *update->norms);
    if (size_multiply(slices_of(spec->batch), spec->net->states, &observations))
        update->observations = memory_array(observations, sizeof *update->observations);
    update->steps = memory_array(spec->net->stretch_count, sizeof *update->steps);
    if (!update->gradients || !update->norms || !update->observations || !update->steps)
        return -1;
    for (unsigned g = 0; g < spec->groups; g++)
        if (has_gradient(spec, g) &&
            !(update->gradients[g] = memory_array(spec->net->weights, sizeof(float))))
            return -1;
    return rank_sum_init(&update->sum, spec);
}

void weight_update_finish(struct weight_update *update)
{
    memory_free_each((void **)update->gradients, update->spec->groups);
    rank_sum_finish(&update->sum);
    free(update->observations);
    free(update->norms);
    free(update->steps);
}

static void block_range(const struct weight_update *update, unsigned block, size_t *from, size_t *to)
{
    const size_t end = ((size_t)block + 1) * NET_BLOCK, learned = update->spec->net->learned;

    *from = (size_t)block * NET_BLOCK;
    *to = end < learned ? end : learned;
}

static struct step_times *times_of(const struct weight_update *update, unsigned thread)
{
    return update->spec->times ? &update->spec->times[thread] : NULL;
}

/* Leaves the groups' sum in gradients[0], and its squared norm. */
static void sum_block(void *arg, unsigned block, unsigned thread)
{
    struct weight_update *update = arg;
    const struct executor_spec *spec = update->spec;
    struct step_times *times = times_of(update, thread);
    double began = step_times_begin(times);
    size_t from, to;

    block_range(update, block, &from, &to);
    update->norms[block] =
        optimizer_code(spec->level, spec->optimizer->settings.type)->sum(&update->step, from, to);
    STEP_TIMES_LAP(times, update, &began);
}

/* Each stretch of it by its own rate. */
static void update_range(const struct weight_update *update, size_t from, size_t to)
{
    const struct executor_spec *spec = update->spec;
    const struct net_stretch *stretches = spec->net->stretches;
    size_t i = 0;

    for (; from < to; from = stretches[i].end < to ? stretches[i].end : to) {
        while (stretches[i].end <= from)
            i++;
        optimizer_code(spec->level, spec->optimizer->settings.type)
            ->update(&update->steps[i], from, stretches[i].end < to ? stretches[i].end : to);
    }
}

static void update_block(void *arg, unsigned block, unsigned thread)
{
    struct weight_update *update = arg;
    struct step_times *times = times_of(update, thread);
    double began = step_times_begin(times);
    size_t from, to;

    block_range(update, block, &from, &to);
    update_range(update, from, to);
    STEP_TIMES_LAP(times, update, &began);
}

/* Lowers the scale if the norm of the mean gradient is above the limit. Sums the groups for that. */
static void clip_gradient(struct weight_update *update, double weight)
{
    const struct executor_spec *spec = update->spec;
    const unsigned blocks = (unsigned)count_blocks(spec->net);
    double norm = 0;

    thread_pool_run(spec->pool, blocks, sum_block, update);
    for (unsigned block = 0; block < blocks; block++)
        norm += update->norms[block];
    norm = sqrt(norm) / weight;
    if (norm > spec->clip)
        update->step.scale = (float)(spec->clip / norm / weight);
    update->step.groups = 1;
}

/* As in optimizer_kernels.c: that of a channel without signal decays. NaN stays. */
static float flush(float state)
{
    return fabsf(state) < 0x1p-100f ? 0.0f : state;
}

/* state += momentum * (sum n obs / sum n - state), slices in order. */
static void update_states(const struct weight_update *update, const struct slices *slices)
{
    const struct net *net = update->spec->net;
    float *states = update->spec->states;

    for (size_t t = 0; t < net->tensor_count; t++) {
        const struct net_tensor *tensor = &net->tensors[t];
        if (tensor->made.role != NNRUN_STATE || tensor->frozen)
            continue;
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++) {
            double sum = 0;
            for (size_t s = 0; s < slices->count; s++)
                sum += (double)slices_samples(slices, s) * (double)update->observations[s * net->states + i];
            sum /= (double)slices->batch->count;
            states[i] = flush(states[i] + (float)(tensor->made.momentum * (sum - (double)states[i])));
        }
    }
}

void weight_update_run(struct weight_update *update, const struct slices *slices, unsigned groups,
                       double rate)
{
    const struct executor_spec *spec = update->spec;
    struct optimizer_step *step = &update->step;

    if (spec->ranks) {
        rank_sum_run(&update->sum, update->gradients, groups);
        groups = 1;
        if (ranks_broken(spec->ranks))
            return;
    }
    step->weights = spec->weights;
    step->gradients = update->gradients;
    step->groups = groups;
    step->decayed = spec->net->decayed;
    step->scale = spec->class_weights ? (float)(1 / slices->weight) : 1.0f / (float)slices->batch->count;
    optimizer_begin(spec->optimizer, rate, step);
    if (spec->clip > 0)
        clip_gradient(update, slices->weight);
    for (size_t i = 0; i < spec->net->stretch_count; i++) {
        update->steps[i] = *step;
        optimizer_set_rate(spec->optimizer, rate * spec->net->stretches[i].factor, &update->steps[i]);
    }
    thread_pool_run(spec->pool, (unsigned)count_blocks(spec->net), update_block, update);
    update_states(update, slices);
}
