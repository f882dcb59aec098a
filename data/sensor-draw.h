/* sensor-draw.h: what an accelerometer measures in 1.28 seconds, drawn. Pure, [any thread]. */
#ifndef DATA_SENSOR_DRAW_H
#define DATA_SENSOR_DRAW_H

#include "base/random.h"

enum { SENSOR_AXES = 3, SENSOR_SAMPLES = 64, SENSOR_BYTES = SENSOR_AXES * SENSOR_SAMPLES * 4 };

enum sensor_activity {
    SENSOR_STILL,
    SENSOR_WALK,
    SENSOR_RUN,
    SENSOR_SHAKE,
    SENSOR_TURN,
    SENSOR_TAP,
    SENSOR_ACTIVITIES
};

/* Window `sample` of set `set` in m/s2, all of one axis first. Returns the activity, which goes by the number of the
 * sample. The same bits on every machine. */
uint8_t sensor_draw(struct random_key key, uint32_t set, uint32_t sample,
                    float values[SENSOR_AXES][SENSOR_SAMPLES]);

/* The same as big-endian bytes. */
uint8_t sensor_draw_bytes(struct random_key key, uint32_t set, uint32_t sample, uint8_t *bytes);
#endif
