/* picture_size.c: see picture_size.h. */
#include "data/picture_size.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/planes.h"

enum { COLOURS = 3 };

/* A plane under way: pixels[height][width]. */
struct plane {
    const uint8_t *pixels;
    size_t height, width;
};

static void transpose(const struct plane *from, uint8_t *to)
{
    for (size_t y = 0; y < from->height; y++)
        for (size_t x = 0; x < from->width; x++)
            to[x * from->height + y] = from->pixels[y * from->width + x];
}

/* a * b / c, rounded, and at least 1. */
static size_t share(size_t a, size_t b, size_t c)
{
    const uint64_t whole = ((uint64_t)a * b + c / 2) / c;

    return whole > 0 ? (size_t)whole : 1;
}

/* Is it wider, for its height, than what is wanted? */
static bool is_wide(const struct plane *from, const struct picture_size *size)
{
    return (uint64_t)from->width * size->height > (uint64_t)from->height * size->width;
}

static uint8_t border_mean(const struct plane *from)
{
    uint64_t sum = 0, count = 0;

    for (size_t y = 0; y < from->height; y++) {
        const bool whole = y == 0 || y + 1 == from->height;
        const size_t step = whole || from->width == 1 ? 1 : from->width - 1;
        for (size_t x = 0; x < from->width; x += step, count++)
            sum += from->pixels[y * from->width + x];
    }
    if (count == 0)
        return 0;
    return (uint8_t)((sum + count / 2) / count);
}

struct picture_place picture_size_place(const struct picture_size *size, size_t height, size_t width)
{
    const struct plane plane = {NULL, height, width};
    const bool same_ratio = (uint64_t)width * size->height == (uint64_t)height * size->width;
    const bool wide = is_wide(&plane, size);
    struct picture_place place = {0, 0, height, width, size->height, size->width};

    if (!same_ratio && size->fitting == PICTURE_FIT && wide)
        place.inner_height = share(size->width, height, width);
    else if (!same_ratio && size->fitting == PICTURE_FIT)
        place.inner_width = share(size->height, width, height);
    if (!same_ratio && size->fitting == PICTURE_CROP && wide)
        place.width = share(height, size->width, size->height);
    else if (!same_ratio && size->fitting == PICTURE_CROP)
        place.height = share(width, size->height, size->width);
    place.top = (height - place.height) / 2;
    place.left = (width - place.width) / 2;
    return place;
}

/* Into the middle, and the mean of the border around it. */
static int fit(const struct plane *from, const struct resize_part *part, const struct picture_place *place,
               const struct picture_size *size, uint8_t *to, struct error *error)
{
    const size_t height = place->inner_height, width = place->inner_width;
    const size_t top = (size->height - height) / 2, left = (size->width - width) / 2;
    uint8_t *inner = memory_array(height * width, 1);

    if (!inner)
        return error_memory(error);
    if (resize(part, height, width, inner, error) != 0) {
        free(inner);
        return -1;
    }
    memset(to, border_mean(from), size->height * size->width);
    for (size_t y = 0; y < height; y++)
        memcpy(to + (top + y) * size->width + left, inner + y * width, width);
    free(inner);
    return 0;
}

static int take_plane(const struct plane *from, const struct picture_size *size, uint8_t *to,
                      struct error *error)
{
    const struct picture_place place = picture_size_place(size, from->height, from->width);
    const struct resize_part part = {from->pixels + place.top * from->width + place.left, place.height,
                                     place.width, from->width};

    if (from->height == size->height && from->width == size->width) {
        memcpy(to, from->pixels, from->height * from->width);
        return 0;
    }
    if (place.inner_height != size->height || place.inner_width != size->width)
        return fit(from, &part, &place, size, to, error);
    return resize(&part, size->height, size->width, to, error);
}

static int take_planes(const struct picture_size *size, const uint8_t *planes, const struct picture *picture,
                       size_t count, uint8_t *to, uint8_t *turned, struct error *error)
{
    const size_t area = picture->height * picture->width, wanted = size->height * size->width;

    for (size_t i = 0; i < count; i++) {
        struct plane plane = {planes + i * area, picture->height, picture->width};
        if (size->transpose) {
            transpose(&plane, turned);
            plane = (struct plane){turned, picture->width, picture->height};
        }
        if (take_plane(&plane, size, to + i * wanted, error) != 0)
            return -1;
    }
    for (size_t i = count; i < size->channels; i++)
        memcpy(to + i * wanted, to, wanted);
    return 0;
}

int picture_size_take(const struct picture_size *size, const struct picture *picture, uint8_t *to,
                      struct error *error)
{
    const size_t area = picture->height * picture->width;
    const bool greyed = picture->channels == COLOURS && size->channels == 1;
    const size_t count = greyed || picture->channels == 1 ? 1 : picture->channels;
    uint8_t *grey = greyed ? memory_array(area, 1) : NULL;
    uint8_t *turned = size->transpose ? memory_array(area, 1) : NULL;
    int failed;

    if ((greyed && !grey) || (size->transpose && !turned)) {
        failed = error_memory(error);
    } else {
        if (greyed)
            planes_grey(picture->pixels, area, grey);
        failed = take_planes(size, greyed ? grey : picture->pixels, picture, count, to, turned, error);
    }
    free(grey);
    free(turned);
    return failed;
}
