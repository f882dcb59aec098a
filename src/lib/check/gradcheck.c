/* gradcheck.c: checks one layer of a net at every code level. */
#include "check/gradcheck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/contract.h"
#include "check/contract_derived.h"
#include "check/contract_one.h"
#include "check/contract_operators.h"
#include "check/contract_plan.h"
#include "check/probe.h"

/* How far a level without FMA may be off, relative to the largest element of a part. */
#define PORTABLE_TOLERANCE 1e-4

/* The snapshots of a mode: of the level under test, and of the first level of either arithmetic. */
struct results {
    float *first, *later;
};

struct work {
    const struct gradcheck_spec *spec;
    const struct net *evaluation; /* the case planned for that alone; NULL: unknown */
    struct rig *rig;
    struct gradcheck_result *result;
    bool loss;
    uint32_t count; /* samples, while derivatives are measured */
    struct results now, portable, fma;
    bool have_portable, have_fma;
    float *other;
    struct error *error;
    bool no_memory;
};

/* What a lane adds to the function under test: its loss, or sum over i of dy[i] * y[i]. */
static void measure_lanes(void *arg, double value[NNRUN_LANES], double noise[NNRUN_LANES])
{
    const struct work *work = arg;
    struct rig *rig = work->rig;
    const float *y = guarded_floats(&rig->y), *dy = guarded_floats(&rig->dy),
                *loss = guarded_floats(&rig->loss);
    double squares[NNRUN_LANES] = {0};

    rig_forward(rig, work->count, work->loss);
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++)
        value[lane] = noise[lane] = 0;
    for (size_t i = 0; !work->loss && i < rig->node->values * NNRUN_LANES; i++) {
        const double term = (double)dy[i] * (double)y[i];
        value[i % NNRUN_LANES] += term;
        squares[i % NNRUN_LANES] += term * term;
    }
    for (uint32_t lane = 0; lane < work->count; lane++) {
        if (work->loss)
            value[lane] = (double)loss[lane];
        /* a loss is the difference of larger numbers */
        noise[lane] = work->loss ? 0x1p-22 * fmax(1, fabs(value[lane])) : 0x1p-24 * sqrt(squares[lane]);
    }
}

static void judge_gradient(struct work *work, const struct guarded *variable, bool is_x,
                           const struct probe_result *found)
{
    struct rig *rig = work->rig;
    struct failure failure = {.part = variable->part};
    struct gradcheck_level *level = &work->result->level[rig->level];

    level->directions += found->directions;
    level->kinks += found->kinks;
    if (found->worst > level->worst || !*level->worst_at) {
        level->worst = found->worst;
        snprintf(level->worst_at, sizeof level->worst_at, "%s", variable->name);
    }
    if (found->off) {
        failure.kind = FAILURE_GRADIENT;
        failure.at = is_x ? found->at / NNRUN_LANES : found->at;
        failure.lane = is_x ? found->at % NNRUN_LANES : FAILURE_NO_LANE;
        failure.figure[0] = found->by_differences;
        failure.figure[1] = found->by_gradient;
        rig_report(rig, &failure);
    } else if (found->directions == 0) {
        failure.kind = FAILURE_KINKS;
        failure.figure[0] = found->kinks;
        rig_report(rig, &failure);
    }
}

/* The derivatives by each input and weight against `gradients`, a snapshot. */
static void check_gradients(struct work *work, const float *gradients)
{
    struct rig *rig = work->rig;
    const bool mixes = rig->layer->flags & NNRUN_MIXES_LANES;

    for (size_t s = 0, input = 0, tensor = 0; s < rig->sections && !work->no_memory; s++) {
        const struct section *section = &rig->section[s];
        const bool is_x = section->kind == RIG_DX;
        const struct guarded *variable;
        struct probe_result found;
        struct probe probe = {.count = section->count,
                              .gradient = gradients + section->at,
                              .lanes = is_x ? ((uint32_t)1 << work->count) - 1 : 0,
                              .apart = is_x && !mixes,
                              .unit = 1,
                              .step = 0x1p-7,
                              .measure = measure_lanes,
                              .arg = work};
        if (section->kind == RIG_Y || section->kind == RIG_LOSS)
            continue;
        variable = is_x ? &rig->x[input++] : &rig->w[tensor++];
        if (section->kind == RIG_OBSERVATION)
            continue;
        probe.variable = guarded_floats(variable);
        if (!is_x)
            probe.unit = probe_unit(probe.variable, probe.count);
        if (probe_run(&probe, random_key(4, RANDOM_CHECK, variable->name), work->spec->directions, &found,
                      work->error) != 0)
            work->no_memory = true;
        else
            judge_gradient(work, variable, is_x, &found);
    }
}

/* A level without FMA rounds differently: no further than PORTABLE_TOLERANCE of a part's largest element. */
static void compare_portable(struct work *work, const float *portable, const float *fma)
{
    struct rig *rig = work->rig;

    for (size_t s = 0; s < rig->sections; s++) {
        const struct section *section = &rig->section[s];
        double largest = 0, distance = 0;
        for (size_t i = section->at; i < section->at + section->count; i++) {
            largest = fmax(largest, fabs((double)fma[i]));
            distance = fmax(distance, fabs((double)fma[i] - (double)portable[i]));
        }
        if (distance > PORTABLE_TOLERANCE * largest)
            rig_report(rig, &(struct failure){.kind = FAILURE_PORTABLE,
                                              .part = section->buffer->part,
                                              .figure = {distance / largest, PORTABLE_TOLERANCE}});
    }
}

static void compare_levels(struct work *work)
{
    const bool has_fma = plugin_level_has_fma(work->rig->level);
    struct results *kept = has_fma ? &work->fma : &work->portable;
    bool *have = has_fma ? &work->have_fma : &work->have_portable;
    const struct results now = work->now;

    if (has_fma && work->have_portable)
        compare_portable(work, work->portable.first, now.first);
    if (has_fma && work->have_fma) {
        rig_compare(work->rig, now.first, work->fma.first, RIG_RESULTS, RIG_ALL_LANES, false,
                    FAILURE_LEVEL_BITS);
        rig_compare(work->rig, now.later, work->fma.later, RIG_RESULTS, RIG_ALL_LANES, false,
                    FAILURE_LEVEL_BITS_ADDING);
    }
    if (*have)
        return;
    work->now = *kept;
    *kept = now;
    *have = true;
}

/* One level and mode, with the pool's arithmetic. */
static void check_level(void *arg, unsigned part, unsigned thread)
{
    struct work *work = arg;
    struct rig *rig = work->rig;

    (void)part, (void)thread;
    work->result->level[rig->level].checked = true;
    work->count = NNRUN_LANES;
    if (!work->loss && contract_check_derived(rig, work->now.first, work->other) != 0) {
        work->no_memory = true;
        error_memory(work->error);
        return;
    }
    if (work->evaluation && contract_check_plan(rig, work->evaluation, work->error) != 0) {
        work->no_memory = true;
        return;
    }
    if (!contract_check(rig, work->loss, work->now.first, work->now.later, work->other))
        return;
    if (!work->loss && contract_check_one(rig, work->other) != 0) {
        work->no_memory = true;
        error_memory(work->error);
        return;
    }
    if (!work->loss && contract_check_operators(rig, work->other, work->error) != 0) {
        work->no_memory = true;
        return;
    }
    if (rig_has_backward(rig))
        check_gradients(work, work->now.first);
    if (rig_has_backward(rig) && (rig->layer->flags & NNRUN_MIXES_LANES)) {
        const struct rig_call call = {.count = 11, .loss = work->loss};
        work->count = call.count;
        rig_repeat_last(rig, work->count);
        rig_zero_dy(rig, work->count);
        rig_run(rig, &call, work->other);
        check_gradients(work, work->other);
    }
    compare_levels(work);
}

static int check_mode(struct work *work)
{
    const struct nnrun_layer *layer = work->rig->layer;

    work->rig->as_loss = work->loss;
    for (unsigned level = 0; level <= work->spec->level; level++) {
        if (!layer->code[level].forward)
            continue;
        work->rig->level = level;
        thread_pool_run(work->spec->pool, 1, check_level, work);
        if (work->no_memory)
            return -1;
        if (thread_pool_float_changed(work->spec->pool))
            rig_report(work->rig, &(struct failure){.kind = FAILURE_ARITHMETIC});
    }
    return 0;
}

static int check_modes(struct work *work)
{
    const size_t floats = work->rig->floats;
    float *room[7] = {NULL};
    bool made = true;
    int failed = -1;

    for (size_t i = 0; i < 7; i++) {
        room[i] = memory_array(floats, sizeof *room[i]);
        made = made && room[i];
    }
    if (!made) {
        error_memory(work->error);
    } else {
        work->now = (struct results){room[0], room[1]};
        work->portable = (struct results){room[2], room[3]};
        work->fma = (struct results){room[4], room[5]};
        work->other = room[6];
        failed = check_mode(work);
        if (!failed && work->rig->layer->target != NNRUN_NO_TARGET) {
            work->loss = true;
            work->have_portable = work->have_fma = false;
            failed = check_mode(work);
        }
    }
    for (size_t i = 0; i < 7; i++)
        free(room[i]);
    return failed;
}

int gradcheck_node(const struct gradcheck_spec *spec, const struct net *net, size_t index,
                   const struct net *evaluation, const char *label, struct error *error)
{
    const struct net_node *node = &net->nodes[index];
    struct gradcheck_result *result = memory_array(1, sizeof *result);
    struct work work = {.spec = spec, .evaluation = evaluation, .result = result, .error = error};
    int failed = -1;

    if (!result)
        return error_memory(error);
    result->name = node->name;
    result->type = node->type;
    result->label = label;
    if (spec->about)
        snprintf(spec->about, GRADCHECK_LABEL, "%s", label);
    result->forward_only = !node->plugin->code.backward;
    work.rig = rig_create(net, node, &result->failures, error);
    if (work.rig)
        failed = check_modes(&work);
    if (!failed)
        spec->on_result(spec->arg, result);
    rig_destroy(work.rig);
    free(result);
    return failed;
}

int gradcheck_broken(const struct gradcheck_spec *spec, const struct plugin *plugin, const char *label,
                     const char *reason, struct error *error)
{
    struct gradcheck_result *result = memory_array(1, sizeof *result);
    struct failure failure = {.kind = FAILURE_PLAN_BROKEN, .part.input = -1, .lane = FAILURE_NO_LANE};

    if (!result)
        return error_memory(error);
    result->name = result->type = plugin->layer.type;
    result->label = label;
    result->forward_only = !plugin->code.backward;
    snprintf(failure.part.what, sizeof failure.part.what, "%s", reason);
    failure_add(&result->failures, &failure);
    spec->on_result(spec->arg, result);
    free(result);
    return 0;
}
