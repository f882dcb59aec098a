/* dice.h: the random numbers of one drawn sample, in the order they are asked for: call them once an expression,
 * the order within one is the compiler's. */
#ifndef DATA_DICE_H
#define DATA_DICE_H

#include "base/random.h"

struct dice {
    struct random_key key;
    uint32_t counter[4];
    uint32_t block[4];
    unsigned used;
};

/* Of sample `sample` of set `set`, whatever other samples there are. */
struct dice dice_of(struct random_key key, uint32_t set, uint32_t sample);

uint32_t dice_bits(struct dice *dice);

/* Uniform. */
float dice_between(struct dice *dice, float low, float high);

/* About normal: mean 0, standard deviation `deviation`, never more than 3.5 of them. */
float dice_spread(struct dice *dice, float deviation);
#endif
