/* executor.c: see executor.h. */
#include "train/executor.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "train/slices.h"
#include "train/weight_update.h"

struct executor {
    struct executor_spec spec;
    struct slices slices;
    struct weight_update update;
    unsigned first_group, group_count; /* of this rank */
};

unsigned executor_groups(size_t batch, int32_t wanted)
{
    const size_t slices = slices_of(batch), most = wanted > 0 ? (size_t)wanted : 8;

    return (unsigned)(slices < most ? slices : most);
}

bool executor_bytes(const struct executor_spec *spec, size_t *bytes)
{
    *bytes = 0;
    return slices_add_bytes(spec, bytes) && weight_update_add_bytes(spec, bytes);
}

struct executor *executor_create(const struct executor_spec *spec, struct error *error)
{
    struct executor *executor = memory_array(1, sizeof *executor);
    unsigned end;

    if (!executor) {
        error_memory(error);
        return NULL;
    }
    executor->spec = *spec;
    rank_sum_groups(spec, &executor->first_group, &end);
    executor->group_count = end - executor->first_group;
    executor->update.spec = &executor->spec; /* for executor_destroy */
    if (slices_init(&executor->slices, &executor->spec) == 0 &&
        weight_update_init(&executor->update, &executor->spec) == 0)
        return executor;
    error_memory(error);
    executor_destroy(executor);
    return NULL;
}

void executor_destroy(struct executor *executor)
{
    if (!executor)
        return;
    slices_finish(&executor->slices);
    weight_update_finish(&executor->update);
    free(executor);
}

/* Group g owns slices floor(g S / G) .. floor((g + 1) S / G) - 1 of a full batch of S slices; those that a
 * short batch lacks are left out. */
static size_t group_begin(const struct executor *executor, unsigned g)
{
    return g * executor->slices.most / executor->spec.groups;
}

/* Groups that own a slice of the batch under way: the first ones. */
static unsigned groups_with_slices(const struct executor *executor)
{
    unsigned groups = 0;

    while (groups < executor->spec.groups && group_begin(executor, groups) < executor->slices.count)
        groups++;
    return groups;
}

/* Where the slices of each rank begin, in the batch under way. */
static void plan_shares(struct executor *executor, bool training)
{
    const struct executor_spec *spec = &executor->spec;

    for (uint32_t r = 0; spec->ranks && r <= ranks_size(spec->ranks); r++)
        executor->slices.begin[r] =
            training ? group_begin(executor, (unsigned)ranks_begin(spec->ranks, r, spec->groups))
                     : ranks_begin(spec->ranks, r, executor->slices.count);
}

/* Learns from a group's slices, one after another: their gradients are added up in that order. */
static void train_group(void *arg, unsigned part, unsigned thread)
{
    struct executor *executor = arg;
    const struct net *net = executor->spec.net;
    const unsigned g = executor->first_group + part;
    const size_t begin = group_begin(executor, g), end = group_begin(executor, g + 1);
    struct step_times *times = executor->spec.times ? &executor->spec.times[thread] : NULL;
    double began = step_times_begin(times);

    for (size_t s = begin; s < end && s < executor->slices.count; s++) {
        struct net_slice slice;
        float factors[NNRUN_LANES];
        slices_gather(&executor->slices, s, thread, true, &slice);
        STEP_TIMES_LAP(times, gather, &began);
        slice.factors = slices_factors(&executor->slices, s, factors);
        slice.first = s == begin;
        slice.gradients = executor->update.gradients[g];
        slice.observations = executor->update.observations + s * net->states;
        net_forward(net, &slice);
        STEP_TIMES_LAP(times, forward, &began);
        slices_judge(&executor->slices, s, &slice);
        STEP_TIMES_LAP(times, judge, &began);
        net_backward(net, &slice);
        STEP_TIMES_LAP(times, backward, &began);
    }
}

static void evaluate_slice(void *arg, unsigned part, unsigned thread)
{
    struct executor *executor = arg;
    const size_t s = slices_first(&executor->slices) + part;
    struct net_slice slice;

    slices_gather(&executor->slices, s, thread, false, &slice);
    net_forward(executor->spec.net, &slice);
    slices_judge(&executor->slices, s, &slice);
}

/* Of the first layer with such an output; node net->node_count: it is the loss alone. */
static int set_layer_error(const struct net *net, size_t node, const char *what, uint64_t step,
                           struct error *error)
{
    const bool of_output = node < net->node_count;
    const struct net_node *layer = &net->nodes[of_output ? node : net->last];

    if (step == 0)
        return error_set(
            error, ERROR_FAILED,
            "the loss is %s before anything was learned: the %s of layer \"%s\" (%s) is NaN or infinite",
            what, of_output ? "output" : "loss", layer->name, layer->type);
    return error_set(error, ERROR_FAILED,
                     "the loss became %s at step %llu%s layer \"%s\" (%s)%s; "
                     "a smaller train.optimizer.rate may help",
                     what, (unsigned long long)step, of_output ? ": the output of" : ", in", layer->name,
                     layer->type, of_output ? " is NaN or infinite" : "");
}

/* Runs the first bad slice again to find the layer. */
static int set_nonfinite_error(struct executor *executor, double loss, uint64_t step, struct error *error)
{
    const struct net *net = executor->spec.net;
    struct slices *slices = &executor->slices;
    struct net_slice slice;
    size_t bad = 0, node;

    while (bad < slices->batch->count && isfinite(slices->losses[bad]))
        bad++;
    bad /= NNRUN_LANES;
    slices_gather(slices, bad, 0, true, &slice);
    slice.observations = executor->update.observations + bad * net->states;
    slice.gradients = executor->update.gradients[0];
    node = net_find_nonfinite(net, &slice);
    return set_layer_error(net, node, isnan(loss) ? "NaN" : "infinite", step, error);
}

static void make_derived(struct executor *executor, bool training)
{
    if (executor->spec.derived)
        derived_weights_make(executor->spec.derived, executor->spec.pool, training);
}

/* What each rank found of its slices becomes known to all. */
static void share_findings(struct executor *executor)
{
    const struct slices *slices = &executor->slices;

    slices_share(slices);
    ranks_gather(executor->spec.ranks, executor->update.observations, slices->begin, slices->count,
                 executor->spec.net->states * sizeof(float));
}

struct ranks *executor_ranks(const struct executor *executor)
{
    return executor->spec.ranks;
}

int executor_train(struct executor *executor, const struct batch *batch, double rate, uint64_t step,
                   struct step_sums *sums, struct error *error)
{
    double loss;

    make_derived(executor, true);
    slices_begin(&executor->slices, batch, step, NULL, NULL);
    plan_shares(executor, true);
    thread_pool_run(executor->spec.pool, executor->group_count, train_group, executor);
    share_findings(executor);
    if (ranks_broken(executor->spec.ranks))
        return -1; /* ranks_agree says why */
    loss = slices_sum(&executor->slices, sums);
    if (!isfinite(loss))
        return set_nonfinite_error(executor, loss, step, error);
    weight_update_run(&executor->update, &executor->slices, groups_with_slices(executor), rate);
    if (ranks_broken(executor->spec.ranks))
        return -1;
    if (executor->spec.derived)
        derived_weights_forget_learned(executor->spec.derived);
    return 0;
}

void executor_evaluate(struct executor *executor, const struct batch *batch, struct step_sums *sums,
                       uint32_t *predicted, float *outputs)
{
    make_derived(executor, false);
    slices_begin(&executor->slices, batch, 0, predicted, outputs);
    plan_shares(executor, false);
    thread_pool_run(executor->spec.pool, (unsigned)slices_own(&executor->slices), evaluate_slice, executor);
    slices_share(&executor->slices);
    slices_sum(&executor->slices, sums);
}

bool executor_was_right(const struct executor *executor, size_t i)
{
    return slices_was_right(&executor->slices, i);
}

bool executor_float_changed(struct executor *executor)
{
    return thread_pool_float_changed(executor->spec.pool);
}
