/* gradcheck_direction.c: see gradcheck_direction.h.
 *
 * With step h, f moves along a direction d: slope(h) = (f(x + hd) - f(x - hd)) / 2h against gradient . d.
 * Where f is smooth, slope(h) - slope(h/2) is of order h^2 and the second differences D(h) - 4 D(h/2) of
 * order h^4; a kink between x - hd and x + hd makes one of them of order 1 or h. Such a direction is drawn
 * again with half as many components, so that layers full of kinks are tried along few variables at a time.
 */
#include "net/gradcheck_direction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/gradcheck.h"

enum { ATTEMPTS = 12, POINTS = 5 };

/* One direction, or 16 in lanes of their own, and what is known along them. */
struct walk {
    const struct probe *probe;
    float *base, *move; /* [count] */
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
static void draw(struct walk *walk, struct random_key key, const uint32_t at[2], double share, uint32_t open)
{
    const struct probe *probe = walk->probe;
    const size_t rows = probe->lanes ? probe->count / NNRUN_LANES : probe->count;
    uint32_t bits[4];

    for (size_t i = 0; i < probe->count; i++) {
        const size_t row = probe->lanes ? i / NNRUN_LANES : i, lane = i % NNRUN_LANES;
        bool moves = (open >> group_of(walk, i) & 1) && (!probe->lanes || (probe->lanes >> lane & 1));
        walk->move[i] = 0;
        if (!moves)
            continue;
        random_block(key, (const uint32_t[4]){at[0], at[1], probe->lanes ? (uint32_t)lane : 0, 0xffffffffu},
                     bits);
        moves = row == bits[0] % rows;
        random_block(key, (const uint32_t[4]){at[0], at[1], (uint32_t)i, 0}, bits);
        if (moves || (double)random_unit(bits[0]) < share)
            walk->move[i] =
                (float)(probe->unit * (0.5 + 0.5 * (double)random_unit(bits[1])) * (bits[2] & 1 ? 1 : -1));
    }
}

static void evaluate(struct walk *walk, size_t point)
{
    const struct probe *probe = walk->probe;
    double noise[NNRUN_LANES];

    for (size_t i = 0; i < probe->count; i++)
        probe->variable[i] =
            (float)((double)walk->base[i] + points[point] * probe->step * (double)walk->move[i]);
    probe->measure(probe->arg, walk->value[point], noise);
    if (walk->groups == 1)
        for (size_t lane = 1; lane < NNRUN_LANES; lane++) {
            walk->value[point][0] += walk->value[point][lane];
            noise[0] = sqrt(noise[0] * noise[0] + noise[lane] * noise[lane]);
        }
    if (point == 0)
        memcpy(walk->noise, noise, sizeof noise);
}

static void expect(struct walk *walk)
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

/* False if there is a kink. */
static bool judge(const struct walk *walk, size_t g, struct probe_result *result)
{
    const double h = walk->probe->step, *f0 = walk->value[0];
    const double up = walk->value[1][g], down = walk->value[2][g], half_up = walk->value[3][g],
                 half_down = walk->value[4][g];
    const double wide = (up - down) / (2 * h), narrow = (half_up - half_down) / h;
    const double bend = ((up - 2 * f0[g] + down) - 4 * (half_up - 2 * f0[g] + half_down)) / h;
    const double expected = walk->slope[g];
    const double size = fmax(fmax(fabs(expected), sqrt(walk->norm[g])), fabs(narrow));
    const double noise = 4 * walk->noise[g] / h, allowed = GRADCHECK_TOLERANCE * size;
    double error;

    if (!(fabs(wide - narrow) <= allowed / 4 + noise) || !(fabs(bend) <= allowed / 2 + 4 * noise))
        return false;
    result->directions++;
    error = fabs(narrow - expected);
    if (error > 0)
        error /= size + noise / GRADCHECK_TOLERANCE;
    if (error > result->worst || (error != error)) {
        result->worst = error == error ? error : INFINITY;
        result->by_differences = narrow;
        result->by_gradient = expected;
    }
    return true;
}

static void run(struct walk *walk, struct random_key key, unsigned directions, struct probe_result *result)
{
    const uint32_t all = walk->groups == 1 ? 1 : walk->probe->lanes;

    for (unsigned d = 0; d < directions; d++) {
        double share = d % 2 ? 0.25 : 1;
        uint32_t open = all;
        for (unsigned attempt = 0; open && attempt < ATTEMPTS; attempt++, share /= 2) {
            draw(walk, key, (const uint32_t[2]){d, attempt}, share, open);
            expect(walk);
            for (size_t point = 0; point < POINTS; point++)
                evaluate(walk, point);
            for (size_t g = 0; g < walk->groups; g++) {
                if (!(open >> g & 1))
                    continue;
                if (judge(walk, g, result))
                    open &= ~((uint32_t)1 << g);
                else
                    result->kinks++;
            }
        }
    }
}

int probe_run(const struct probe *probe, struct random_key key, unsigned directions,
              struct probe_result *result, struct error *error)
{
    struct walk walk = {.probe = probe, .groups = probe->apart ? NNRUN_LANES : 1};

    memset(result, 0, sizeof *result);
    walk.base = memory_array(probe->count, sizeof *walk.base);
    walk.move = memory_array(probe->count, sizeof *walk.move);
    if (walk.base && walk.move) {
        memcpy(walk.base, probe->variable, probe->count * sizeof *walk.base);
        run(&walk, key, directions, result);
        memcpy(probe->variable, walk.base, probe->count * sizeof *walk.base);
    }
    free(walk.base);
    free(walk.move);
    return walk.base && walk.move ? 0 : error_memory(error);
}
