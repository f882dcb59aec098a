/* sensor-draw.c: see sensor-draw.h. A device in some position feels gravity; a movement adds to it along the
 * upward direction and another; a turn moves gravity itself. Then come what the sensor is off by, and its noise. */
#include "sensor-draw.h"

#include <math.h>
#include <string.h>

#include "dice.h"

#define RATE    50.0f /* samples a second */
#define GRAVITY 9.81f

struct vector {
    float x, y, z;
};

/* sin(2 pi turns), of no libm, whose last bits differ between machines: within 1e-5. */
static float sine(float turns)
{
    float t = turns - floorf(turns), s;

    t = t > 0.5f ? t - 1 : t; /* -0.5 .. 0.5 */
    if (t > 0.25f)
        t = 0.5f - t;
    else if (t < -0.25f)
        t = -0.5f - t;
    t *= 6.2831853f;
    s = t * t;
    return t * (1 - s * (1.0f / 6 - s * (1.0f / 120 - s * (1.0f / 5040 - s * (1.0f / 362880)))));
}

static float cosine(float turns)
{
    return sine(turns + 0.25f);
}

static struct vector add(struct vector a, float factor, struct vector b)
{
    return (struct vector){a.x + factor * b.x, a.y + factor * b.y, a.z + factor * b.z};
}

static struct vector unit(struct vector a)
{
    const float length = sqrtf(a.x * a.x + a.y * a.y + a.z * a.z);

    return (struct vector){a.x / length, a.y / length, a.z / length};
}

static struct vector cross(struct vector a, struct vector b)
{
    return (struct vector){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/* About the one that is meant, as a device in a pocket may lie. */
static struct vector about(struct vector direction, struct dice *dice)
{
    direction.x += dice_spread(dice, 0.2f);
    direction.y += dice_spread(dice, 0.2f);
    direction.z += dice_spread(dice, 0.2f);
    return unit(direction);
}

/* What a window is made of. */
struct movement {
    struct vector up, along;   /* at right angles, in the device's axes */
    float frequency, phase;    /* hertz, turns */
    float lift, second, sway;  /* m/s2: upwards, at twice the frequency, along */
    float turns;               /* of gravity about `along`, over the window */
    float tap[3], strength[3]; /* samples; m/s2 */
};

static void choose(struct movement *m, enum sensor_activity activity, struct dice *dice)
{
    const float least[] = {0.2f, 1.4f, 2.3f, 2.8f, 0.2f, 0.2f}, most[] = {1.5f, 2.4f, 3.6f, 7, 1.5f, 1.5f};

    m->frequency = dice_between(dice, least[activity], most[activity]);
    m->phase = dice_between(dice, 0, 1);
    m->lift = dice_between(dice, 0, 0.4f); /* nobody holds still */
    if (activity == SENSOR_WALK) {
        m->lift = dice_between(dice, 1, 4);
        m->second = m->lift * dice_between(dice, 0.1f, 0.6f);
        m->sway = m->lift * dice_between(dice, 0.2f, 0.9f);
    } else if (activity == SENSOR_RUN) {
        m->lift = dice_between(dice, 3, 12);
        m->second = m->lift * dice_between(dice, 0.2f, 0.7f);
        m->sway = m->lift * dice_between(dice, 0.1f, 0.6f);
    } else if (activity == SENSOR_SHAKE) {
        m->sway = dice_between(dice, 3, 15);
        m->lift = m->sway * dice_between(dice, 0, 0.5f);
    } else if (activity == SENSOR_TURN) {
        m->turns = dice_between(dice, 0.1f, 0.7f);
    } else if (activity == SENSOR_TAP) {
        const uint32_t taps = 1 + dice_bits(dice) % 3;
        for (uint32_t i = 0; i < taps; i++) {
            m->tap[i] = dice_between(dice, 2, 60);
            m->strength[i] = dice_between(dice, 3, 14);
        }
    }
}

static struct vector at_time(const struct movement *m, int i, float slant)
{
    const float seconds = (float)i / RATE, turns = m->frequency * seconds + m->phase;
    const float part = (float)i / SENSOR_SAMPLES, eased = part * part * (3 - 2 * part) * m->turns;
    const struct vector side = cross(m->along, m->up);
    struct vector felt = {0, 0, 0};

    felt = add(felt, GRAVITY * cosine(eased), m->up);
    felt = add(felt, GRAVITY * sine(eased), side);
    felt = add(felt, m->lift * sine(turns) + m->second * sine(2 * turns + slant), m->up);
    felt = add(felt, m->sway * sine(m->turns > 0 || m->second > 0 ? turns / 2 + slant : turns + slant),
               m->along);
    for (int k = 0; k < 3; k++) {
        const float after = (float)i - m->tap[k];
        if (m->strength[k] > 0 && after >= 0 && after < 8)
            felt = add(felt, m->strength[k] * (1 - after / 8) * cosine(after / 4), side);
    }
    return felt;
}

uint8_t sensor_draw(struct random_key key, uint32_t set, uint32_t sample,
                    float values[SENSOR_AXES][SENSOR_SAMPLES])
{
    const enum sensor_activity activity = (enum sensor_activity)(sample % SENSOR_ACTIVITIES);
    struct dice dice = dice_of(key, set, sample);
    struct movement m = {.up = about((struct vector){0, 1, 0}, &dice)};
    const struct vector across = about((struct vector){1, 0, 0}, &dice);
    struct vector off;
    float noise, slant;

    m.along = unit(cross(m.up, across));
    choose(&m, activity, &dice);
    off.x = dice_spread(&dice, 0.1f);
    off.y = dice_spread(&dice, 0.1f);
    off.z = dice_spread(&dice, 0.1f);
    noise = dice_between(&dice, 0.05f, 0.6f);
    slant = dice_between(&dice, 0, 1);
    for (int i = 0; i < SENSOR_SAMPLES; i++) {
        const struct vector felt = add(at_time(&m, i, slant), 1, off);
        values[0][i] = felt.x + dice_spread(&dice, noise);
        values[1][i] = felt.y + dice_spread(&dice, noise);
        values[2][i] = felt.z + dice_spread(&dice, noise);
    }
    return (uint8_t)activity;
}

uint8_t sensor_draw_bytes(struct random_key key, uint32_t set, uint32_t sample, uint8_t *bytes)
{
    float values[SENSOR_AXES][SENSOR_SAMPLES];
    const uint8_t activity = sensor_draw(key, set, sample, values);

    for (size_t i = 0; i < (size_t)SENSOR_AXES * SENSOR_SAMPLES; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i / SENSOR_SAMPLES][i % SENSOR_SAMPLES], sizeof bits);
        for (size_t k = 0; k < 4; k++)
            bytes[4 * i + k] = (uint8_t)(bits >> (24 - 8 * k));
    }
    return activity;
}
