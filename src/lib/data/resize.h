/* resize.h: a plane of bytes made smaller or larger, in whole numbers: the same bytes everywhere. */
#ifndef DATA_RESIZE_H
#define DATA_RESIZE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A part of a plane: rows of `width` bytes, each `stride` behind the one before. */
struct resize_part {
    const uint8_t *pixels;
    size_t height, width, stride; /* height and width at least 1 */
};

/* to[height][width], both at least 1, from a part of at most 2^26 pixels. Along either side, what becomes
 * smaller is the average over the area a pixel covers, what becomes larger is interpolated linearly between
 * the middles of pixels, the outermost going on to the edge; the same size leaves it alone. One rounding, to
 * nearest. Returns 0 or -1: no memory. [any thread] */
int resize(const struct resize_part *from, size_t height, size_t width, uint8_t *to, struct error *error);
#endif
