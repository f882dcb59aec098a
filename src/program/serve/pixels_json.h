/* pixels_json.h: a picture as numbers in JSON:
 *
 *   {"pixels": [[0, 255], [17, 0]]}                            rows from the top, of 0 .. 255, grey
 *   {"width": 2, "height": 2, "pixels": [0, 255, 17, 0]}       the same
 *   {"width": 2, "height": 2, "channels": 3, "pixels": [...]}  all of red, then green, then blue
 *
 * [any thread] */
#ifndef SERVE_PIXELS_JSON_H
#define SERVE_PIXELS_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct pixels {
    size_t channels, height, width; /* one channel is grey, three are red, green and blue */
    uint8_t *values;                /* [channels][height][width] */
};

/* Returns 0 or -1: ERROR_DATA, "NAME: reason"; free the values in either case. */
int pixels_json_read(struct pixels *pixels, const char *name, const char *text, size_t size,
                     struct error *error);
#endif
