/* sample_picture.c: see sample_picture.h. */
#include "data/sample_picture.h"

#include <assert.h>

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

    assert(picture->planes > 0);
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

struct block_source {
    const uint8_t *pixels;
    size_t height, width, channels;
};

/* Of the pixels from (top, left) on that there are, one channel. */
static uint8_t block_mean(const struct block_source *from, size_t top, size_t left, size_t channel,
                          size_t side)
{
    uint64_t sum = 0, count = 0;

    for (size_t y = top; y < top + side && y < from->height; y++)
        for (size_t x = left; x < left + side && x < from->width; x++) {
            sum += from->pixels[(y * from->width + x) * from->channels + channel];
            count++;
        }
    assert(count > 0); /* (top, left) lies in the picture */
    return (uint8_t)((sum + count / 2) / count);
}

void sample_picture_shrink(struct sample_picture *picture, uint8_t *pixels, size_t most)
{
    const size_t longest = picture->height > picture->width ? picture->height : picture->width;
    const size_t factor = (longest + most - 1) / most, channels = picture->channels;
    const struct block_source from = {pixels, picture->height, picture->width, channels};

    if (factor <= 1)
        return;
    picture->height = (picture->height + factor - 1) / factor;
    picture->width = (picture->width + factor - 1) / factor;
    /* what is written lies before all that is still to be read */
    for (size_t y = 0; y < picture->height; y++)
        for (size_t x = 0; x < picture->width; x++)
            for (size_t c = 0; c < channels; c++)
                pixels[(y * picture->width + x) * channels + c] =
                    block_mean(&from, y * factor, x * factor, c, factor);
}
