/* contract_traits.c: see contract_traits.h. */
#include "check/contract_traits.h"

#include <math.h>
#include <string.h>

/* An experiment: the layer is evaluated on x as it is then. */
struct trial {
    struct rig *rig;
    struct rig_call call;
    const struct section *y;
};

static void evaluate(const struct trial *trial, float *snapshot)
{
    rig_run(trial->rig, &trial->call, snapshot);
}

static size_t x_count(const struct rig *rig)
{
    return rig->x[0].bytes / sizeof(float);
}

static void report(const struct trial *trial, enum failure_kind kind, size_t i, double is, double wanted)
{
    struct failure failure = rig_failure_at(kind, trial->y, i);

    failure.figure[0] = is;
    failure.figure[1] = wanted;
    rig_report(trial->rig, &failure);
}

/* Reports the first value of y outside of [low, high]. */
static void expect_range(const struct trial *trial, const float *snapshot, double low, double high,
                         enum failure_kind otherwise)
{
    const float *y = snapshot + trial->y->at;

    for (size_t i = 0; i < trial->y->count; i++)
        if (!((double)y[i] >= low && (double)y[i] <= high)) {
            report(trial, otherwise, i, (double)y[i], low);
            return;
        }
}

static void expect_sums(const struct trial *trial, const float *snapshot)
{
    const float *y = snapshot + trial->y->at;

    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        double sum = 0;

        for (size_t i = lane; i < trial->y->count; i += NNRUN_LANES)
            sum += (double)y[i];
        if (!(fabs(sum - 1) <= 1e-4)) {
            report(trial, FAILURE_TRAIT_DISTRIBUTION, lane, sum, 1);
            return;
        }
    }
}

/* With f(x) = Lx + c, f(-2x) + 2 f(x) is 3 f(0): what bends, or treats signs differently, differs. `base`: f(x). */
static void expect_linear(const struct trial *trial, float *base, float *other)
{
    const struct section *y = trial->y;
    float *x = guarded_floats(&trial->rig->x[0]);
    double largest = 0;

    for (size_t i = 0; i < x_count(trial->rig); i++)
        x[i] *= -2;
    evaluate(trial, other);
    for (size_t i = y->at; i < y->at + y->count; i++) {
        largest = fmax(largest, fabs((double)other[i]));
        base[i] = (float)((double)other[i] + 2 * (double)base[i]);
    }
    memset(x, 0, trial->rig->x[0].bytes);
    evaluate(trial, other);
    for (size_t i = 0; i < y->count; i++) {
        const double is = (double)base[y->at + i] / 3, wanted = (double)other[y->at + i];

        if (fabs(is - wanted) > 1e-3 * largest + 1e-6) {
            report(trial, FAILURE_TRAIT_LINEAR, i, is, wanted);
            break;
        }
    }
    rig_draw(trial->rig, RIG_ALL_LANES, 0);
}

/* One value of x is another, in all lanes; `base`: the results before. */
static void expect_elementwise(const struct trial *trial, const float *base, float *other)
{
    const struct section *y = trial->y;
    float *x = guarded_floats(&trial->rig->x[0]);
    const size_t middle = x_count(trial->rig) / NNRUN_LANES / 2 * NNRUN_LANES;
    size_t changed = SIZE_MAX;

    for (size_t lane = 0; lane < NNRUN_LANES; lane++)
        x[middle + lane] = 0.75F - x[middle + lane];
    evaluate(trial, other);
    for (size_t i = 0; i < y->count; i++) {
        if (base[y->at + i] == other[y->at + i])
            continue;
        if (changed != SIZE_MAX && i / NNRUN_LANES != changed) {
            report(trial, FAILURE_TRAIT_ELEMENTWISE, i, (double)other[y->at + i], (double)base[y->at + i]);
            break;
        }
        changed = i / NNRUN_LANES;
    }
    rig_draw(trial->rig, RIG_ALL_LANES, 0);
}

static void expect_sign(const struct trial *trial, float *other)
{
    float *x = guarded_floats(&trial->rig->x[0]);

    for (size_t i = 0; i < x_count(trial->rig); i++)
        x[i] = fabsf(x[i]);
    evaluate(trial, other);
    expect_range(trial, other, 0, (double)INFINITY, FAILURE_TRAIT_SIGN);
    rig_draw(trial->rig, RIG_ALL_LANES, 0);
}

static const struct section *section_of_y(const struct rig *rig)
{
    for (size_t s = 0; s < rig->sections; s++)
        if (rig->section[s].kind == RIG_Y)
            return &rig->section[s];
    return NULL;
}

void contract_check_traits(struct rig *rig, bool loss, float *base, float *other)
{
    const struct trial trial = {
        .rig = rig,
        .call = {.count = NNRUN_LANES, .evaluate = true, .loss = loss, .fill = 0xff},
        .y = section_of_y(rig),
    };
    const uint32_t traits = rig->node->traits;

    if (!traits || !trial.y || rig->inputs != 1)
        return;
    rig_draw(rig, RIG_ALL_LANES, 0);
    evaluate(&trial, base);
    if (traits & NNRUN_NOT_NEGATIVE)
        expect_range(&trial, base, 0, (double)INFINITY, FAILURE_TRAIT_NOT_NEGATIVE);
    if (traits & NNRUN_TAKES_LOGITS)
        expect_range(&trial, base, 0, 1, FAILURE_TRAIT_LOGITS);
    if (traits & NNRUN_DISTRIBUTION)
        expect_sums(&trial, base);
    if (traits & NNRUN_KEEPS_SIGN)
        expect_sign(&trial, other);
    if (traits & NNRUN_ELEMENTWISE)
        expect_elementwise(&trial, base, other);
    if (traits & NNRUN_LINEAR)
        expect_linear(&trial, base, other);
}
