/* picture.c: see picture.h. */
#include "data/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/planes.h"

int picture_make(struct picture *picture, const char *name, size_t channels, size_t height, size_t width,
                 struct error *error)
{
    size_t pixels, bytes;

    *picture = (struct picture){.channels = channels, .height = height, .width = width};
    if (channels == 0 || height == 0 || width == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                            "a picture of %zux%zu pixels is empty", width, height);
    if (!size_multiply(height, width, &pixels) || pixels > PICTURE_MOST_PIXELS ||
        !size_multiply(pixels, channels, &bytes) || bytes > (size_t)4 * PICTURE_MOST_PIXELS)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                            "a picture of %zux%zu pixels is too large: at most %d are read", width, height,
                            (int)PICTURE_MOST_PIXELS);
    picture->pixels = memory_array(bytes, 1);
    return picture->pixels ? 0 : error_memory(error);
}

void picture_free(struct picture *picture)
{
    free(picture->pixels);
    *picture = (struct picture){0};
}

void picture_take_row(struct picture *picture, size_t y, const uint8_t *row)
{
    const size_t area = picture->height * picture->width;

    for (size_t c = 0; c < picture->channels; c++) {
        uint8_t *to = picture->pixels + c * area + y * picture->width;
        for (size_t x = 0; x < picture->width; x++)
            to[x] = row[x * picture->channels + c];
    }
}

/* Sums of a set of pixels. */
struct seen {
    uint64_t count, opacity;
    uint64_t colour[3]; /* times opacity */
};

static void see(const struct picture *picture, size_t i, struct seen *seen)
{
    const size_t area = picture->height * picture->width, colours = picture->channels - 1;
    const uint64_t opacity = picture->pixels[colours * area + i];

    seen->count++;
    seen->opacity += opacity;
    for (size_t c = 0; c < colours; c++)
        seen->colour[c] += opacity * picture->pixels[c * area + i];
}

static struct seen see_border(const struct picture *picture)
{
    const size_t height = picture->height, width = picture->width;
    struct seen border = {0};

    for (size_t x = 0; x < width; x++) {
        see(picture, x, &border);
        see(picture, (height - 1) * width + x, &border);
    }
    for (size_t y = 0; y < height; y++) {
        see(picture, y * width, &border);
        see(picture, y * width + width - 1, &border);
    }
    return border;
}

static void choose_background(const struct picture *picture, uint8_t background[3])
{
    const size_t colours = picture->channels - 1;
    const struct seen border = see_border(picture);
    struct seen all = {0};
    uint64_t light;

    if (2 * border.opacity > 255 * border.count) {
        for (size_t c = 0; c < colours; c++)
            background[c] = (uint8_t)((border.colour[c] + border.opacity / 2) / border.opacity);
        return;
    }
    for (size_t i = 0; i < picture->height * picture->width; i++)
        see(picture, i, &all);
    light = colours == 1 ? all.colour[0] * LUMA
                         : all.colour[0] * LUMA_RED + all.colour[1] * LUMA_GREEN + all.colour[2] * LUMA_BLUE;
    memset(background, light > all.opacity * 255 / 2 * LUMA ? 0 : 255, colours);
}

void picture_flatten(struct picture *picture)
{
    const size_t area = picture->height * picture->width, colours = picture->channels - 1;
    const uint8_t *opacity = picture->pixels + colours * area;
    uint8_t background[3];

    choose_background(picture, background);
    for (size_t c = 0; c < colours; c++) {
        uint8_t *plane = picture->pixels + c * area;
        for (size_t i = 0; i < area; i++)
            plane[i] = (uint8_t)((plane[i] * opacity[i] + background[c] * (255 - opacity[i]) + 127) / 255);
    }
    picture->channels = colours;
}

void picture_grey(struct picture *picture)
{
    if (picture->channels != 3)
        return;
    planes_grey(picture->pixels, picture->height * picture->width, picture->pixels);
    picture->channels = 1;
}
