/* augment_kernels.h: the loops over pixels of augment.c. */
#ifndef DATA_AUGMENT_KERNELS_H
#define DATA_AUGMENT_KERNELS_H

#include <stdint.h>

#include "data/lanes.h"

/* Where the pixels of 16 new pictures lie in the old ones, in 1/65536 pixels: pixel (column, row) at x +
 * column * x_by_column + row * x_by_row, likewise y. */
struct augment_motion {
    _Alignas(64) int32_t x[NNRUN_LANES];
    int32_t x_by_column[NNRUN_LANES], x_by_row[NNRUN_LANES];
    int32_t y[NNRUN_LANES], y_by_column[NNRUN_LANES], y_by_row[NNRUN_LANES];
};

/* Old pictures are squares of four bytes, the pixel itself, those to the right, below, and below to the right
 * from the lowest on, for one more row and column on each side. */
enum { AUGMENT_BORDER = 1 };

/* A field of displacements is smoothed along rows, then along columns, in numbers of 16 bits, 13 of them
 * behind the point; those too large become the largest. What is beyond the picture is 0. */
enum { AUGMENT_FIELD_POINT = 13 };
struct augment_blur {
    int32_t radius;
    const int16_t *rows, *columns; /* [radius + 1], weights by distance, 15 bits behind the point */
    int32_t factor, shift;         /* then times factor / 2^shift are 1/65536 pixels */
};

struct augment_pictures {
    int32_t channels, height, width;
    int32_t plane, picture; /* squares of a channel, and of a picture, borders included */
    const float *scale;     /* [channels], of values in 1/65536 */
    const float *shift;
};

struct augment_code {
    /* Squares of two rows of bytes; `count` is rounded up to a multiple of 16, both to read and to write. */
    void (*square_row)(const uint8_t *above, const uint8_t *below, size_t count, uint32_t *to);
    /* Of 2 x 8 random bits in words[width][lane], the field along x and along y of one row, smoothed along
     * the row: field[axis][row][column][lane], `rows` rows. line: [2][width + 2 radius][lane], its margins
     * zero. */
    void (*blur_row)(const struct augment_blur *blur, size_t width, const uint16_t *words, int16_t *line,
                     int16_t *field, size_t rows, size_t row);
    /* The new pictures. field: as above, with `radius` rows of zeros before and behind; or NULL. */
    void (*warp)(const struct augment_pictures *pictures, const struct augment_motion *motion,
                 const struct augment_blur *blur, const int16_t *field, const uint32_t *old, float *to);
};

const struct augment_code *augment_code(unsigned level);
#endif
