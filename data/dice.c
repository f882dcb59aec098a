/* dice.c: see dice.h. */
#include "dice.h"

struct dice dice_of(struct random_key key, uint32_t set, uint32_t sample)
{
    return (struct dice){.key = key, .counter = {sample, set, 0, 0}, .used = 4};
}

uint32_t dice_bits(struct dice *dice)
{
    if (dice->used == 4) {
        random_block(dice->key, dice->counter, dice->block);
        dice->counter[2]++;
        dice->used = 0;
    }
    return dice->block[dice->used++];
}

float dice_between(struct dice *dice, float low, float high)
{
    return low + (high - low) * random_unit(dice_bits(dice));
}

float dice_spread(struct dice *dice, float deviation)
{
    float sum = -2.0f;

    for (int i = 0; i < 4; i++)
        sum += random_unit(dice_bits(dice));
    return sum * (1.7320508f * deviation);
}
