/* picture_shrink.c: see picture_shrink.h. */
#include "pack/picture_shrink.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

int picture_shrink_begin(struct picture_shrink *shrink, const struct picture_size *size, size_t channels,
                         size_t height, size_t width, struct error *error)
{
    const struct picture_place place = picture_size_place(size, height, width);
    const size_t area = place.inner_height * place.inner_width;

    *shrink = (struct picture_shrink){.size = size,
                                      .channels = channels,
                                      .height = height,
                                      .width = width,
                                      .planes = size->channels == 1 ? 1 : channels,
                                      .place = place};
    if (size->transpose || place.inner_height > place.height || channels > SHRINK_MOST_PLANES)
        return 0;
    shrink->row = memory_array(channels, width);
    shrink->inner = memory_array(shrink->planes, area);
    if (!shrink->row || !shrink->inner)
        return error_memory(error);
    for (size_t i = 0; i < shrink->planes; i++)
        if (resize_rows_begin(&shrink->rows[i], place.height, place.width, place.inner_height,
                              place.inner_width, shrink->inner + i * area, error) != 0)
            return -1;
    return 1;
}

/* What of the row is on the picture's border. */
static void add_border(struct picture_shrink *shrink)
{
    const bool whole = shrink->y == 0 || shrink->y + 1 == shrink->height;
    const size_t step = whole || shrink->width == 1 ? 1 : shrink->width - 1;

    for (size_t x = 0; x < shrink->width; x += step, shrink->border_pixels++)
        for (size_t i = 0; i < shrink->planes; i++)
            shrink->border[i] += shrink->row[i * shrink->width + x];
}

void picture_shrink_take(struct picture_shrink *shrink, const uint8_t *row)
{
    const struct picture_place *place = &shrink->place;

    for (size_t x = 0; x < shrink->width; x++)
        for (size_t c = 0; c < shrink->channels; c++)
            shrink->row[c * shrink->width + x] = row[x * shrink->channels + c];
    if (shrink->planes < shrink->channels)
        planes_grey(shrink->row, shrink->width, shrink->row);
    add_border(shrink);
    if (shrink->y >= place->top && shrink->y - place->top < place->height)
        for (size_t i = 0; i < shrink->planes; i++)
            resize_rows_take(&shrink->rows[i], shrink->row + i * shrink->width + place->left);
    shrink->y++;
}

void picture_shrink_end(const struct picture_shrink *shrink, uint8_t *to)
{
    const struct picture_size *size = shrink->size;
    const size_t area = size->height * size->width;
    const size_t height = shrink->place.inner_height, width = shrink->place.inner_width;
    const size_t top = (size->height - height) / 2, left = (size->width - width) / 2;

    for (size_t i = 0; i < shrink->planes && shrink->border_pixels > 0; i++) {
        const uint64_t pixels = shrink->border_pixels;
        memset(to + i * area, (int)((shrink->border[i] + pixels / 2) / pixels), area);
        for (size_t y = 0; y < height; y++)
            memcpy(to + i * area + (top + y) * size->width + left, shrink->inner + (i * height + y) * width,
                   width);
    }
    for (size_t i = shrink->planes; i < size->channels; i++)
        memcpy(to + i * area, to, area);
}

void picture_shrink_finish(struct picture_shrink *shrink)
{
    for (size_t i = 0; i < SHRINK_MOST_PLANES; i++)
        resize_rows_finish(&shrink->rows[i]);
    free(shrink->row);
    free(shrink->inner);
    *shrink = (struct picture_shrink){0};
}
