/* probe.c: see probe.h.
 *
 * With step h, f moves along a direction d: slope(h) = (f(x + hd) - f(x - hd)) / 2h against gradient . d.
 * Where f is smooth, slope(h) - slope(h/2) is of order h^2 and the second differences D(h) - 4 D(h/2) of
 * order h^4; a kink between x - hd and x + hd makes one of them of order 1 or h. Such a direction is drawn
 * again with half as many components, so that layers full of kinks are tried along few variables at a time.
 */
#include "check/probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { ATTEMPTS = 12, POINTS = 5, SHRINKS = 3 };

/* One direction, or 16 in lanes of their own, and what is known along them. */
struct walk {
    const struct probe *probe;
    double step;        /* the larger one, in units */
    float *base, *move; /* [count] */
    float *kept;        /* [count], a direction while its parts are looked at */
    size_t *active;     /* [count], the indices of its components */
    unsigned groups;
    double value[POINTS][NNRUN_LANES], noise[NNRUN_LANES];
    double slope[NNRUN_LANES], norm[NNRUN_LANES]; /* gradient . move, and the size of its terms */
};

static const double points[POINTS] = {0, 1, -1, 0.5, -0.5};

static size_t group_of(const struct walk *walk, size_t i)
{
    return walk->groups == 1 ? 0 : i % NNRUN_LANES;
}

/* Components of +-[1/2, 1) units, each there with probability `share`, one for certain; none for groups not
 * in `open`. */
static void draw_direction(struct walk *walk, struct random_key key, const uint32_t at[2], double share,
                           uint32_t open)
{
    const struct probe *probe = walk->probe;
    const size_t rows = probe->lanes ? probe->count / NNRUN_LANES : probe->count;
    size_t certain[NNRUN_LANES];
    uint32_t bits[4];

    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        random_block(key, (const uint32_t[4]){at[0], at[1], lane, 1}, bits);
        certain[lane] = bits[0] % rows;
    }
    for (size_t i = 0; i < probe->count; i++) {
        const size_t row = probe->lanes ? i / NNRUN_LANES : i, lane = probe->lanes ? i % NNRUN_LANES : 0;
        walk->move[i] = 0;
        if (!(open >> group_of(walk, i) & 1) || (probe->lanes && !(probe->lanes >> lane & 1)))
            continue;
        random_block(key, (const uint32_t[4]){at[0], at[1], (uint32_t)i, 0}, bits);
        if (row == certain[lane] || (double)random_unit(bits[0]) < share)
            walk->move[i] =
                (float)(probe->unit * (0.5 + 0.5 * (double)random_unit(bits[1])) * (bits[2] & 1 ? 1 : -1));
    }
}

static void evaluate_at(struct walk *walk, size_t point)
{
    const struct probe *probe = walk->probe;
    double noise[NNRUN_LANES];

    for (size_t i = 0; i < probe->count; i++)
        probe->variable[i] =
            (float)((double)walk->base[i] + points[point] * walk->step * (double)walk->move[i]);
    probe->measure(probe->arg, walk->value[point], noise);
    if (walk->groups == 1)
        for (size_t lane = 1; lane < NNRUN_LANES; lane++) {
            walk->value[point][0] += walk->value[point][lane];
            noise[0] = sqrt(noise[0] * noise[0] + noise[lane] * noise[lane]);
        }
    if (point == 0)
        memcpy(walk->noise, noise, sizeof noise);
}

static void expect_slopes(struct walk *walk)
{
    const struct probe *probe = walk->probe;

    memset(walk->slope, 0, sizeof walk->slope);
    memset(walk->norm, 0, sizeof walk->norm);
    for (size_t i = 0; i < probe->count; i++) {
        const double term = (double)probe->gradient[i] * (double)walk->move[i];
        walk->slope[group_of(walk, i)] += term;
        walk->norm[group_of(walk, i)] += term * term;
    }
}

static void evaluate_all(struct walk *walk)
{
    expect_slopes(walk);
    for (size_t point = 0; point < POINTS; point++)
        evaluate_at(walk, point);
}

/* What the differences along one direction say. */
struct verdict {
    bool smooth;
    double gap, error; /* between the two derivatives, absolute and as in struct probe_result */
    double by_differences, by_gradient;
};

static struct verdict judge_group(const struct walk *walk, size_t g)
{
    const double h = walk->step, f0 = walk->value[0][g];
    const double up = walk->value[1][g], down = walk->value[2][g];
    const double half_up = walk->value[3][g], half_down = walk->value[4][g];
    const double wide = (up - down) / (2 * h), narrow = (half_up - half_down) / h;
    const double bend = ((up - 2 * f0 + down) - 4 * (half_up - 2 * f0 + half_down)) / h;
    const double expected = walk->slope[g];
    const double size = fmax(fmax(fabs(expected), sqrt(walk->norm[g])), fabs(narrow));
    const double noise = 4 * walk->noise[g] / h, allowed = PROBE_TOLERANCE * size;
    struct verdict verdict = {
        .gap = fabs(narrow - expected), .by_differences = narrow, .by_gradient = expected};

    verdict.smooth = fabs(wide - narrow) <= allowed / 4 + noise && fabs(bend) <= allowed / 2 + 4 * noise;
    verdict.error = verdict.gap > 0 ? verdict.gap / (size + noise / PROBE_TOLERANCE) : 0;
    return verdict;
}

/* Looks again with only the components active[from .. to) of the direction kept in `kept`. */
static struct verdict judge_part(struct walk *walk, size_t g, size_t from, size_t to)
{
    memset(walk->move, 0, walk->probe->count * sizeof *walk->move);
    for (size_t i = from; i < to; i++)
        walk->move[walk->active[i]] = walk->kept[walk->active[i]];
    evaluate_all(walk);
    return judge_group(walk, g);
}

/* Follows a gap between the derivatives, half by half, down to one component. True if the gap is there too,
 * and stays as the step shrinks: where one weight moves many kinks a little, as under a batch norm, it
 * closes. */
static bool narrow_down(struct walk *walk, size_t g, struct probe_result *result)
{
    size_t from = 0, to = 0;
    struct verdict verdict = {0};
    bool off = true;

    memcpy(walk->kept, walk->move, walk->probe->count * sizeof *walk->kept);
    for (size_t i = 0; i < walk->probe->count; i++)
        if (walk->move[i] != 0 && group_of(walk, i) == g)
            walk->active[to++] = i;
    while (to - from > 1) {
        const size_t middle = from + (to - from) / 2;
        const struct verdict low = judge_part(walk, g, from, middle), high = judge_part(walk, g, middle, to);
        if (low.gap > high.gap)
            to = middle;
        else
            from = middle;
    }
    for (unsigned i = 0; i < SHRINKS; i++, walk->step /= 4) {
        const struct verdict closer = judge_part(walk, g, from, to);
        if (i == 0)
            verdict = closer;
        off = off && closer.smooth && closer.error > PROBE_TOLERANCE;
    }
    walk->step = walk->probe->step;
    if (!off)
        return false;
    result->off = true;
    result->at = walk->active[from];
    result->worst = verdict.error;
    /* per unit of the variable itself */
    result->by_differences = verdict.by_differences / (double)walk->move[result->at];
    result->by_gradient = verdict.by_gradient / (double)walk->move[result->at];
    return true;
}

/* One draw for the groups in `open`; returns those that must be drawn again. */
static uint32_t try_direction(struct walk *walk, uint32_t open, struct probe_result *result)
{
    struct verdict verdict[NNRUN_LANES];
    uint32_t again = 0;

    evaluate_all(walk);
    for (size_t g = 0; g < walk->groups; g++)
        verdict[g] = judge_group(walk, g);
    for (size_t g = 0; g < walk->groups && !result->off; g++) {
        if (!(open >> g & 1))
            continue;
        if (verdict[g].smooth && verdict[g].error <= PROBE_TOLERANCE) {
            result->directions++;
            result->worst = fmax(result->worst, verdict[g].error);
        } else if (!verdict[g].smooth || !narrow_down(walk, g, result)) {
            result->kinks++;
            again |= (uint32_t)1 << g;
        }
    }
    return again;
}

static void try_directions(struct walk *walk, struct random_key key, unsigned directions,
                           struct probe_result *result)
{
    const uint32_t all = walk->groups == 1 ? 1 : walk->probe->lanes;

    for (unsigned d = 0; d < directions; d++) {
        double share = d % 2 ? 0.25 : 1;
        uint32_t open = all;
        for (unsigned i = 0; open && i < ATTEMPTS && !result->off; i++, share /= 2) {
            draw_direction(walk, key, (const uint32_t[2]){d, i}, share, open);
            open = try_direction(walk, open, result);
        }
    }
}

int probe_run(const struct probe *probe, struct random_key key, unsigned directions,
              struct probe_result *result, struct error *error)
{
    struct walk walk = {.probe = probe,
                        .step = probe->step,
                        .groups = probe->apart ? NNRUN_LANES : 1,
                        .base = memory_array(probe->count, sizeof *walk.base),
                        .move = memory_array(probe->count, sizeof *walk.move),
                        .kept = memory_array(probe->count, sizeof *walk.kept),
                        .active = memory_array(probe->count, sizeof *walk.active)};
    const bool made = walk.base && walk.move && walk.kept && walk.active;

    memset(result, 0, sizeof *result);
    if (made) {
        memcpy(walk.base, probe->variable, probe->count * sizeof *walk.base);
        try_directions(&walk, key, directions, result);
        memcpy(probe->variable, walk.base, probe->count * sizeof *walk.base);
    }
    free(walk.base);
    free(walk.move);
    free(walk.kept);
    free(walk.active);
    return made ? 0 : error_memory(error);
}

double probe_unit(const float *values, size_t count)
{
    double squares = 0;

    for (size_t i = 0; i < count; i++)
        squares += (double)values[i] * (double)values[i];
    return fmax(sqrt(squares / (double)count), 0.05);
}
