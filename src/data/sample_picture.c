/* sample_picture.c: see sample_picture.h. */
#include "data/sample_picture.h"

struct sample_picture sample_picture_of(const struct nnrun_shape *shape)
{
    const size_t planes = shape->rank > 2 ? (size_t)shape->dim[shape->rank - 3] : 1;

    return (struct sample_picture){.height = shape->rank > 1 ? (size_t)shape->dim[shape->rank - 2] : 1,
                                   .width = (size_t)shape->dim[shape->rank - 1],
                                   .channels = planes == 3 ? 3 : 1,
                                   .planes = planes};
}

void sample_picture_fill(const struct sample_picture *picture, const uint8_t *sample, uint8_t *pixels)
{
    const size_t area = picture->height * picture->width;

    for (size_t i = 0; i < area; i++) {
        uint64_t sum = 0;
        if (picture->channels == 3) {
            for (size_t c = 0; c < 3; c++)
                pixels[3 * i + c] = sample[c * area + i];
            continue;
        }
        for (size_t c = 0; c < picture->planes; c++)
            sum += sample[c * area + i];
        pixels[i] = (uint8_t)((sum + picture->planes / 2) / picture->planes);
    }
}
