/* picture_size.h: a picture brought to a size and to colours, in whole numbers: the same bytes everywhere. [any thread] */
#ifndef DATA_PICTURE_SIZE_H
#define DATA_PICTURE_SIZE_H

#include "data/picture.h"

/* What is done where the sides have another ratio. */
enum picture_fitting { PICTURE_STRETCH, PICTURE_FIT, PICTURE_CROP };

struct picture_size {
    size_t channels, height, width; /* wanted, each at least 1 */
    enum picture_fitting fitting;
    bool transpose; /* first of all, rows become columns */
};

/* Which part of a picture, or of its transposed, is kept, and the size that this becomes: in the middle of the size wanted, if
 * it is smaller. */
struct picture_place {
    size_t top, left, height, width;
    size_t inner_height, inner_width;
};
struct picture_place picture_size_place(const struct picture_size *size, size_t height, size_t width);

/* to[channels * height * width] from pixels[channels][height][width] of at most 2^26 pixels, which stay as they are.
 * Grey is 299 red, 587 green and 114 blue of 1000, colours of grey are three times the same. Then, where the sizes
 * differ, base/planes.h: the mean of an area, or between neighbours. Where the sides have another ratio, they are
 * stretched; or all of the picture is fitted in the middle, and the mean colour of its border put round it; or what is
 * too long is cropped at both ends. Returns 0 or -1: no memory. */
int picture_size_take(const struct picture_size *size, const struct picture *picture, uint8_t *to,
                      struct error *error);
#endif
