/* schedule.h: the learning rate of each step. Pure, [any thread]. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include <stdint.h>

#include "model/settings.h"

/* The factor by which the base rate is multiplied at step `step` (from 0) of `epochs` epochs of `steps`
 * steps. Through the warm-up of W steps it rises linearly, (step + 1) / W; then it is, for
 *   constant: 1
 *   step:     factor ^ floor(epoch / every)
 *   cosine:   final + (1 - final) (1 + cos(pi t)) / 2, t from 0 after the warm-up to 1 at the end.
 * Only + - * / are used, so that it is the same everywhere. */
double schedule_factor(const struct schedule_settings *schedule, uint64_t step, uint64_t steps,
                       uint64_t epochs);

/* base ^ exponent by squaring: likewise. */
double schedule_power(double base, uint64_t exponent);
#endif
