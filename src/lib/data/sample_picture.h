/* sample_picture.h: a sample's bytes as the pixels of a picture. Pure, [any thread]. */
#ifndef DATA_SAMPLE_PICTURE_H
#define DATA_SAMPLE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "nnrun/layer.h"

struct sample_picture {
    size_t height, width;
    size_t channels; /* of the picture: 3 colours of a sample with three channels, else 1, grey */
    size_t planes;   /* channels of the sample; grey is their mean */
};

/* Of samples of that shape: rank 2 or 3, or a vector as a single row. */
struct sample_picture sample_picture_of(const struct nnrun_shape *shape);

/* From planes, as samples are, to height x width pixels of `channels` bytes. */
void sample_picture_fill(const struct sample_picture *picture, const uint8_t *sample, uint8_t *pixels);

/* Makes a picture smaller by a whole factor, so that no side is longer than `most`; the means of its pixels.
 */
void sample_picture_shrink(struct sample_picture *picture, uint8_t *pixels, size_t most);
#endif
