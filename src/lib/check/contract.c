/* contract.c: see contract.h. */
#include "check/contract.h"

#include <math.h>
#include <string.h>

#include "check/contract_traits.h"

/* A call with drawn data and its results, against which the others are held. */
struct trial {
    struct rig *rig;
    struct rig_call call;
    const float *first;
    float *other;
};

static bool finite_results(struct rig *rig, const float *snapshot)
{
    for (size_t s = 0; s < rig->sections; s++)
        for (size_t i = 0; i < rig->section[s].count; i++) {
            const struct section *section = &rig->section[s];
            struct failure failure;
            if (isfinite(snapshot[section->at + i]))
                continue;
            failure = rig_failure_at(FAILURE_NOT_FINITE, section, i);
            rig_report(rig, &failure);
            return false;
        }
    return true;
}

/* Anything else than the results of the first call is a failure of the kind `otherwise`. */
static void expect_same(const struct trial *trial, unsigned kinds, uint32_t lanes, bool values,
                        enum failure_kind otherwise)
{
    rig_compare(trial->rig, trial->other, trial->first, kinds, lanes, values, otherwise);
}

/* Runs a variant of the call whose results must have the same bits. */
static void try_variant(const struct trial *trial, const struct rig_call *call, enum failure_kind otherwise)
{
    rig_run(trial->rig, call, trial->other);
    expect_same(trial, RIG_RESULTS, RIG_ALL_LANES, false, otherwise);
}

static void check_repetition(const struct trial *trial)
{
    struct rig_call call = trial->call;

    try_variant(trial, &call, FAILURE_REPETITION);
    call.fill = 0x3f;
    try_variant(trial, &call, FAILURE_OLD_MEMORY);
}

static void check_flags(const struct trial *trial)
{
    const uint32_t flags = trial->rig->layer->flags;
    struct rig_call call = trial->call;

    call.hide_x = !(flags & NNRUN_READS_X);
    if (call.hide_x)
        try_variant(trial, &call, FAILURE_READS_X);
    call = trial->call;
    call.hide_y = !(flags & NNRUN_READS_Y);
    if (call.hide_y)
        try_variant(trial, &call, FAILURE_READS_Y);
    for (unsigned place = 1; place <= 3 && (flags & NNRUN_IN_PLACE); place++) {
        call = trial->call;
        call.y_in_place = place & 1;
        call.dx_in_place = place & 2;
        try_variant(trial, &call, FAILURE_IN_PLACE);
    }
}

/* One value may be several inputs. Uses `base` for a snapshot. */
static void check_one_x(const struct trial *trial, float *base)
{
    const struct trial copied = {
        .rig = trial->rig, .call = trial->call, .first = base, .other = trial->other};
    struct rig_call call = trial->call;

    if (!rig_copy_x(trial->rig))
        return;
    rig_run(trial->rig, &call, base);
    call.one_x = true;
    try_variant(&copied, &call, FAILURE_ONE_X);
    rig_draw(trial->rig, RIG_ALL_LANES, 0);
}

/* `later` holds what was in dw, now in trial->other, with the gradient added. */
static void check_sums(const struct trial *trial, const float *later)
{
    struct rig *rig = trial->rig;

    for (size_t s = 0; s < rig->sections; s++) {
        const struct section *section = &rig->section[s];
        for (size_t i = section->at; section->kind == RIG_DW && i < section->at + section->count; i++) {
            const double before = (double)trial->other[i], gradient = (double)trial->first[i];
            struct failure failure;
            if (fabs((double)later[i] - (before + gradient)) <= 1e-4 * (1 + fabs(gradient)))
                continue;
            failure = rig_failure_at(FAILURE_NOT_ADDED, section, i - section->at);
            failure.figure[0] = before;
            failure.figure[1] = gradient;
            failure.figure[2] = (double)later[i];
            rig_report(rig, &failure);
            break;
        }
    }
}

/* Gradients add up, or with NNRUN_STORES replace what is there on the first call of a group. */
static void check_adding(const struct trial *trial, float *later)
{
    struct rig *rig = trial->rig;
    struct rig_call call = trial->call;

    call.later = true;
    call.start = RIG_ZERO;
    rig_run(rig, &call, trial->other);
    expect_same(trial, RIG_RESULTS, RIG_ALL_LANES, true, FAILURE_ADDED_TO_ZERO);
    call.start = RIG_DRAWN;
    rig_run(rig, &call, later);
    rig_start_gradients(rig, &call, trial->other);
    check_sums(trial, later);
    call.later = false;
    if (rig->layer->flags & NNRUN_STORES)
        return;
    rig_run(rig, &call, trial->other);
    for (size_t s = 0; s < rig->sections; s++) /* a layer without the flag has no business with `first` */
        if (rig->section[s].kind == RIG_DW &&
            memcmp(trial->other + rig->section[s].at, later + rig->section[s].at,
                   rig->section[s].count * sizeof(float)) != 0)
            rig_report(rig,
                       &(struct failure){.kind = FAILURE_HEEDS_FIRST, .part = rig->section[s].buffer->part});
}

/* dx not wanted, of one input or of all. */
static void check_unwanted(const struct trial *trial)
{
    struct rig *rig = trial->rig;

    for (size_t k = 0; k < rig->inputs + (rig->inputs > 1); k++) {
        struct rig_call call = trial->call;
        call.no_dx = k == rig->inputs ? UINT64_MAX : (uint64_t)1 << k;
        rig_run(rig, &call, trial->other);
        for (size_t s = 0, input = 0; s < rig->sections; s++) {
            const struct section *section = &rig->section[s];
            if (section->kind == RIG_DX && (call.no_dx >> input++ & 1))
                memcpy(trial->other + section->at, trial->first + section->at,
                       section->count * sizeof(float));
        }
        expect_same(trial, RIG_RESULTS, RIG_ALL_LANES, false, FAILURE_UNWANTED_DX);
    }
}

static void check_evaluation(const struct trial *trial)
{
    struct rig *rig = trial->rig;
    struct rig_call call = trial->call;
    bool alike = rig->node->random_words == 0;

    for (size_t t = 0; t < rig->tensors; t++)
        alike = alike && rig->tensor[t].made.role != NNRUN_STATE;
    call.evaluate = true;
    rig_run(rig, &call, trial->other);
    if (finite_results(rig, trial->other) && alike)
        expect_same(trial, RIG_Y | RIG_LOSS, RIG_ALL_LANES, false, FAILURE_EVALUATION);
}

static void check_lanes(const struct trial *trial, enum failure_kind otherwise)
{
    static const uint32_t disturbed[] = {0, 6, 15};
    struct rig *rig = trial->rig;

    for (size_t i = 0; i < sizeof disturbed / sizeof disturbed[0]; i++) {
        const uint32_t lane = (uint32_t)1 << disturbed[i];
        rig_draw(rig, lane, 1);
        rig_run(rig, &trial->call, trial->other);
        rig_draw(rig, lane, 0);
        expect_same(trial, RIG_Y | RIG_LOSS | RIG_DX, RIG_ALL_LANES & ~lane, false, otherwise);
    }
}

/* In evaluation no layer mixes lanes or heeds count. Uses `base` for a snapshot. */
static void check_evaluated_lanes(const struct trial *trial, float *base)
{
    const uint32_t count = 11;
    struct rig *rig = trial->rig;
    struct trial evaluation = {.rig = rig, .call = trial->call, .first = base, .other = trial->other};

    evaluation.call.evaluate = true;
    rig_run(rig, &evaluation.call, base);
    check_lanes(&evaluation, FAILURE_MIXES_EVALUATED);
    evaluation.call.count = count;
    rig_repeat_last(rig, count);
    rig_run(rig, &evaluation.call, trial->other);
    rig_draw(rig, RIG_ALL_LANES, 0);
    expect_same(&evaluation, RIG_Y | RIG_LOSS, ((uint32_t)1 << count) - 1, false, FAILURE_COUNT_EVALUATED);
}

/* Lanes that do not count get zero gradient: from a loss, and from any other layer as dy is zero there. */
static void check_idle_lanes(const struct trial *trial, uint32_t count)
{
    struct rig *rig = trial->rig;

    for (size_t s = 0; s < rig->sections; s++) {
        const struct section *section = &rig->section[s];
        for (size_t i = 0; section->kind == RIG_DX && i < section->count; i++) {
            const float value = trial->other[section->at + i];
            struct failure failure;
            if (i % NNRUN_LANES < count || value == 0)
                continue;
            failure = rig_failure_at(FAILURE_IDLE_LANES, section, i);
            failure.figure[0] = count;
            failure.figure[1] = (double)value;
            rig_report(rig, &failure);
            return;
        }
    }
}

/* Fewer samples than lanes: what stands in the other lanes is nobody's business. Leaves its results in *full.
 */
static void check_count(const struct trial *trial, uint32_t count, float *full)
{
    struct rig *rig = trial->rig;
    const uint32_t lanes = ((uint32_t)1 << count) - 1;
    struct trial part = {.rig = rig, .call = trial->call, .first = full, .other = trial->other};

    part.call.count = count;
    rig_repeat_last(rig, count);
    rig_zero_dy(rig, count);
    rig_run(rig, &part.call, trial->other);
    if (!(rig->layer->flags & NNRUN_MIXES_LANES))
        expect_same(trial, RIG_Y | RIG_LOSS | RIG_DX, lanes, false, FAILURE_COUNT);
    check_idle_lanes(trial, count);
    memcpy(full, trial->other, rig->floats * sizeof *full);
    rig_draw(rig, RIG_ALL_LANES & ~lanes, 1);
    rig_zero_dy(rig, count);
    rig_run(rig, &part.call, part.other);
    expect_same(&part, RIG_Y | RIG_LOSS | RIG_DX, lanes, false, FAILURE_READS_IDLE);
    expect_same(&part, RIG_DW | RIG_OBSERVATION, RIG_ALL_LANES, true, FAILURE_IDLE_EFFECT);
    rig_draw(rig, RIG_ALL_LANES, 0);
}

bool contract_check(struct rig *rig, bool loss, float *first, float *later, float *other)
{
    const struct trial trial = {.rig = rig,
                                .call = {.count = NNRUN_LANES,
                                         .evaluate = !rig->net->backward,
                                         .loss = loss,
                                         .fill = 0xff,
                                         .start = rig->layer->flags & NNRUN_STORES ? RIG_NAN : RIG_ZERO},
                                .first = first,
                                .other = other};
    const size_t before = rig->failures->count;

    rig_draw(rig, RIG_ALL_LANES, 0);
    rig_run(rig, &trial.call, first);
    if (rig->failures->count > before || !finite_results(rig, first))
        return false;
    check_repetition(&trial);
    check_flags(&trial);
    check_one_x(&trial, later);
    check_unwanted(&trial);
    check_evaluation(&trial);
    check_evaluated_lanes(&trial, later);
    contract_check_traits(rig, loss, later, other);
    if (!(rig->layer->flags & NNRUN_MIXES_LANES))
        check_lanes(&trial, FAILURE_MIXES);
    check_count(&trial, 1, later);
    check_count(&trial, 11, later);
    if (rig_has_backward(rig))
        check_adding(&trial, later);
    return true;
}
