/* planes.h: planes of bytes made smaller, larger or grey, in whole numbers: the same bytes everywhere. */
#ifndef BASE_PLANES_H
#define BASE_PLANES_H

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

/* The same row by row, for a plane that is never whole in memory; height at most that of the part, so that no row is
 * needed twice. */
struct resize_rows {
    size_t from_height, from_width, height, width;
    uint64_t *sums; /* [width] */
    uint8_t *to;    /* [height][width], the caller's */
    size_t row, y;  /* that come next */
};

/* Returns 0 or -1: no memory. */
int resize_rows_begin(struct resize_rows *rows, size_t from_height, size_t from_width, size_t height,
                      size_t width, uint8_t *to, struct error *error);
/* The next row of the part. After the last, `to` is what resize makes. */
void resize_rows_take(struct resize_rows *rows, const uint8_t *row);
void resize_rows_finish(struct resize_rows *rows);

/* How bright a colour is, in thousandths: ITU-R BT.601. */
enum { LUMA_RED = 299, LUMA_GREEN = 587, LUMA_BLUE = 114, LUMA = LUMA_RED + LUMA_GREEN + LUMA_BLUE };

/* to[area] from red, green and blue planes of `area` bytes each, rounded. It may be the first of them. [any
 * thread] */
void planes_grey(const uint8_t *planes, size_t area, uint8_t *to);
#endif
