/* probe.h: a gradient against central differences along random directions. Pure functions. */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "nnrun/layer.h"

#define PROBE_TOLERANCE 1e-2 /* of gradients, relative */

struct probe {
    float *variable; /* [count], moved about and put back */
    size_t count;
    const float *gradient; /* [count], under test */
    uint32_t lanes;        /* of the variable, [count / 16][16], that move; 0: it has no lanes */
    bool apart;            /* each lane's value depends on its own variables only: 16 directions at once */
    double unit;           /* size of the direction's components */
    double step;           /* the larger of the two step sizes, in units */
    /* Evaluates the function at the variable: value[lane], and how far off rounding may have brought each;
     * their sum is what counts unless `apart`. */
    void (*measure)(void *arg, double value[NNRUN_LANES], double noise[NNRUN_LANES]);
    void *arg;
};

struct probe_result {
    unsigned directions; /* compared, with an error of at most PROBE_TOLERANCE */
    unsigned kinks;      /* drawn again because the function is not smooth there */
    double worst;        /* error of a directional derivative / (its size + noise / tolerance) */
    bool off;            /* one is wrong, proven by a component of its own: */
    size_t at;
    double by_differences, by_gradient;
};

/* Compares along `directions` random directions (16 times as many if `apart`), up to the first that is wrong.
 * Returns 0, or -1 if memory ran out. */
int probe_run(const struct probe *probe, struct random_key key, unsigned directions,
              struct probe_result *result, struct error *error);

/* A unit for weights: their root mean square, but at least 0.05. */
double probe_unit(const float *values, size_t count);
#endif
