/* picture_shrink.h: what picture_size_take makes of a picture, from its rows one after the other. */
#ifndef PACK_PICTURE_SHRINK_H
#define PACK_PICTURE_SHRINK_H

#include "base/planes.h"
#include "data/picture_rows.h"
#include "data/picture_size.h"

enum { SHRINK_MOST_PLANES = 3 };

/* A picture under way. */
struct picture_shrink {
    const struct picture_size *size;
    size_t channels, height, width; /* of the picture */
    size_t planes;                  /* of it that are made smaller: one if it becomes grey */
    struct picture_place place;
    struct resize_rows rows[SHRINK_MOST_PLANES];
    uint64_t border[SHRINK_MOST_PLANES]; /* sums of the pixels of its border, */
    uint64_t border_pixels;              /* ... of so many */
    uint8_t *row;                        /* [channels][width], the channels apart */
    uint8_t *inner;                      /* [planes][inner_height][inner_width] */
    size_t y;                            /* of the next row */
};

/* Of a picture of 1 or 3 channels. Returns 1, 0 if it takes the whole picture, or -1: no memory. Finish it in either
 * case. */
int picture_shrink_begin(struct picture_shrink *shrink, const struct picture_size *size, size_t channels,
                         size_t height, size_t width, struct error *error);
/* A row, the channels of a pixel together. */
void picture_shrink_take(struct picture_shrink *shrink, const uint8_t *row);
/* After the last one: to[channels * height * width] of the size. */
void picture_shrink_end(const struct picture_shrink *shrink, uint8_t *to);
void picture_shrink_finish(struct picture_shrink *shrink);
#endif
