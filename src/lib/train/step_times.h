/* step_times.h: where the time of training steps goes. */
#ifndef TRAIN_STEP_TIMES_H
#define TRAIN_STEP_TIMES_H

#include "base/clock.h"

/* One thread's, in seconds since the caller cleared it; a cache line of its own. */
struct step_times {
    _Alignas(64) double gather;      /* pixels to lanes, targets */
    double forward, backward, judge; /* judge: losses and answers */
    double update;                   /* of blocks of parameters: reduction over the groups and the rule */
};

static inline void step_times_add(double *total, double *began)
{
    const double now = clock_seconds();

    *total += now - *began;
    *began = now;
}

/* When the thread begins to work; `times` as for STEP_TIMES_LAP. */
static inline double step_times_begin(const struct step_times *times)
{
    return times ? clock_seconds() : 0;
}

/* Adds the time since *began to a member of the thread's times and sets *began to now. `times` NULL: nobody
 * looks at the clock. */
#define STEP_TIMES_LAP(times, member, began)                                                                 \
    do {                                                                                                     \
        if (times)                                                                                           \
            step_times_add(&(times)->member, began);                                                         \
    } while (0)
#endif
