/* random_lanes.h: random.h's words for the 16 samples of a slice at once, on vectors: whole numbers, so the
 * same at every code level. [worker] */
#ifndef BASE_RANDOM_LANES_H
#define BASE_RANDOM_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "nnrun/layer.h"

/* to[word][lane], `words` 16-bit words a lane: word k of a lane is half k % 2, the lower one first, of number
 * k / 2 % 4 of the block of counter {first + k / 8, sample[lane], last[0], last[1]}. `to` is aligned to 64
 * bytes. */
typedef void random_lanes_code(struct random_key key, uint32_t first, const uint32_t sample[NNRUN_LANES],
                               const uint32_t last[2], size_t words, uint16_t *to);

random_lanes_code *random_lanes(unsigned level);
#endif
