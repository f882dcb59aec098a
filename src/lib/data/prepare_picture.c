/* prepare_picture.c: see prepare_picture.h. */
#include "data/prepare_picture.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/planes.h"

enum {
    MOST_SIDE = 512,
    LEAST_INK = 16, /* a picture that differs less from its background is empty */
    BOX_NUMERATOR = 5,
    BOX_DENOMINATOR = 7,
    EDGE = 16,   /* a pixel with this part of the strongest ink is inside */
    UNEVEN = 4,  /* times the median deviation is still background */
    MOST_CUT = 4 /* but never more than this part of the ink */
};

struct plane {
    uint8_t *pixels;
    size_t height, width;
};

static size_t square_root(size_t n)
{
    size_t root = 0;

    while ((root + 1) * (root + 1) <= n)
        root++;
    return root;
}

struct prepare_input prepare_input(const struct nnrun_shape *shape)
{
    const size_t side = shape->rank == 1 ? square_root((size_t)shape->dim[0]) : 0;
    struct prepare_input input = {.channels = shape->rank == 3 ? (size_t)shape->dim[0] : 1,
                                  .height = 1,
                                  .width = (size_t)shape->dim[shape->rank - 1],
                                  .vector = shape->rank == 1};

    if (shape->rank > 1)
        input.height = (size_t)shape->dim[shape->rank - 2];
    else if (side * side == (size_t)shape->dim[0])
        input.height = input.width = side;
    return input;
}

/* ---- ink --------------------------------------------------------------------------------------------- */

static void count_border(const struct plane *plane, size_t counts[256])
{
    const size_t height = plane->height, width = plane->width;

    memset(counts, 0, 256 * sizeof *counts);
    for (size_t x = 0; x < width; x++) {
        counts[plane->pixels[x]]++;
        counts[plane->pixels[(height - 1) * width + x]]++;
    }
    for (size_t y = 0; y < height; y++) {
        counts[plane->pixels[y * width]]++;
        counts[plane->pixels[y * width + width - 1]]++;
    }
}

static int median(const size_t counts[256])
{
    size_t all = 0, seen = 0;
    int value = 0;

    for (int i = 0; i < 256; i++)
        all += counts[i];
    for (; value < 255; value++) {
        seen += counts[value];
        if (2 * seen >= all)
            break;
    }
    return value;
}

/* Turns the pixels into ink; returns the strongest, 0: there is none. */
static int find_ink(struct plane *plane, bool *inverted)
{
    const size_t area = plane->height * plane->width;
    size_t counts[256], deviations[256] = {0};
    uint64_t above = 0, below = 0;
    int background, strongest = 0, cut;

    count_border(plane, counts);
    background = median(counts);
    for (int i = 0; i < 256; i++)
        deviations[abs(i - background)] += counts[i];
    for (size_t i = 0; i < area; i++) {
        const int off = plane->pixels[i] - background;
        above += off > 0 ? (uint64_t)off : 0;
        below += off < 0 ? (uint64_t)-off : 0;
    }
    *inverted = below > above;
    for (size_t i = 0; i < area; i++) {
        const int off = plane->pixels[i] - background, ink = *inverted ? -off : off;
        plane->pixels[i] = (uint8_t)(ink > 0 ? ink : 0);
        strongest = ink > strongest ? ink : strongest;
    }
    cut = UNEVEN * median(deviations);
    cut = cut > strongest / MOST_CUT ? strongest / MOST_CUT : cut;
    for (size_t i = 0; i < area; i++)
        plane->pixels[i] = (uint8_t)(plane->pixels[i] > cut ? plane->pixels[i] - cut : 0);
    return strongest < LEAST_INK ? 0 : strongest - cut;
}

static struct resize_part find_box(const struct plane *plane, int strongest)
{
    size_t top = plane->height, bottom = 0, left = plane->width, right = 0;

    for (size_t y = 0; y < plane->height; y++)
        for (size_t x = 0; x < plane->width; x++) {
            if (plane->pixels[y * plane->width + x] * EDGE < strongest)
                continue;
            top = y < top ? y : top;
            bottom = y + 1;
            left = x < left ? x : left;
            right = x + 1 > right ? x + 1 : right;
        }
    return (struct resize_part){plane->pixels + top * plane->width + left, bottom - top, right - left,
                                plane->width};
}

/* ---- placing ----------------------------------------------------------------------------------------- */

static size_t rounded(size_t numerator, size_t denominator)
{
    assert(denominator > 0);
    const size_t value = (2 * numerator + denominator) / (2 * denominator);

    return value > 0 ? value : 1;
}

/* The largest size with the part's aspect in 5/7 of the input. */
static void fit(const struct resize_part *part, const struct prepare_input *input, size_t *height,
                size_t *width)
{
    const size_t most_height = rounded(input->height * BOX_NUMERATOR, BOX_DENOMINATOR);
    const size_t most_width = rounded(input->width * BOX_NUMERATOR, BOX_DENOMINATOR);

    *height = most_height;
    *width = most_width;
    if (part->height * most_width > part->width * most_height)
        *width = rounded(part->width * most_height, part->height);
    else
        *height = rounded(part->height * most_width, part->width);
}

/* Where the first of `size` pixels goes among `room`, so that the one in which the centre of mass lies, sum /
 * (2 mass) if pixel i has 2 i + 1, becomes number room / 2, as in MNIST; all of them stay inside. */
static size_t centred(size_t room, size_t size, uint64_t sum, uint64_t mass)
{
    const size_t centre = (size_t)(sum / (2 * mass));
    const size_t at = centre < room / 2 ? room / 2 - centre : 0;

    return at < room - size ? at : room - size;
}

/* Strengthens the ink and copies the box to its place. */
static void copy_centred(const struct plane *box, const struct prepare_input *input, uint8_t *to)
{
    uint64_t mass = 0, down = 0, across = 0;
    uint8_t strongest = 1;
    size_t top, left;

    assert(box->pixels);
    for (size_t i = 0; i < box->height * box->width; i++)
        strongest = box->pixels[i] > strongest ? box->pixels[i] : strongest;
    for (size_t i = 0; i < box->height * box->width; i++) {
        box->pixels[i] = (uint8_t)((box->pixels[i] * 255 + strongest / 2) / strongest);
        mass += box->pixels[i];
        down += box->pixels[i] * (2 * (i / box->width) + 1);
        across += box->pixels[i] * (2 * (i % box->width) + 1);
    }
    mass = mass > 0 ? mass : 1; /* ink so thin that it was averaged away */
    top = centred(input->height, box->height, down, mass);
    left = centred(input->width, box->width, across, mass);
    for (size_t y = 0; y < box->height; y++)
        memcpy(to + (top + y) * input->width + left, box->pixels + y * box->width, box->width);
}

/* A copy of the picture's one channel, no side longer than MOST_SIDE. */
static int shrink(const struct picture *picture, struct plane *plane, struct error *error)
{
    const size_t height = picture->height, width = picture->width;
    const size_t longer = height > width ? height : width;
    const struct resize_part all = {picture->pixels, height, width, width};

    *plane = (struct plane){.height = height, .width = width};
    if (longer > MOST_SIDE) {
        plane->height = rounded(height * MOST_SIDE, longer);
        plane->width = rounded(width * MOST_SIDE, longer);
    }
    plane->pixels = memory_array(plane->height * plane->width, 1);
    if (!plane->pixels)
        return error_memory(error);
    return resize(&all, plane->height, plane->width, plane->pixels, error);
}

static int prepare_digit(const struct picture *picture, const struct prepare_input *input, uint8_t *to,
                         struct prepared *prepared, struct error *error)
{
    struct plane plane, box = {0};
    struct resize_part part;
    int failed = shrink(picture, &plane, error),
        strongest = failed ? 0 : find_ink(&plane, &prepared->inverted);

    memset(to, 0, input->height * input->width);
    prepared->empty = strongest == 0;
    if (strongest > 0) {
        part = find_box(&plane, strongest);
        fit(&part, input, &box.height, &box.width);
        box.pixels = memory_array(box.height * box.width, 1);
        failed = box.pixels ? resize(&part, box.height, box.width, box.pixels, error) : error_memory(error);
        if (!failed)
            copy_centred(&box, input, to);
    }
    free(box.pixels);
    free(plane.pixels);
    return failed;
}

/* Every channel to exactly the input's size; grey is as much of each colour. */
static int scale(const struct picture *picture, const struct prepare_input *input, uint8_t *to,
                 struct error *error)
{
    const size_t from_area = picture->height * picture->width, to_area = input->height * input->width;

    for (size_t c = 0; c < input->channels; c++) {
        const struct resize_part all = {picture->pixels + (picture->channels > 1 ? c * from_area : 0),
                                        picture->height, picture->width, picture->width};
        if (resize(&all, input->height, input->width, to + c * to_area, error) != 0)
            return -1;
    }
    return 0;
}

static bool is_input(const struct picture *picture, const struct prepare_input *input)
{
    if (input->vector)
        return picture->channels * picture->height * picture->width == input->height * input->width;
    return picture->channels == input->channels && picture->height == input->height &&
           picture->width == input->width;
}

int prepare_picture(const char *name, struct picture *picture, const struct prepare_input *input, bool raw,
                    uint8_t *to, struct prepared *prepared, struct error *error)
{
    *prepared = (struct prepared){0};
    if (picture->sample && is_input(picture, input)) {
        memcpy(to, picture->pixels, input->channels * input->height * input->width);
        return 0;
    }
    if (input->vector && input->height == 1 && input->width > 1)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = name},
            "the network's input is a vector of %zu values, not a picture: only IDX samples of "
            "that size fit",
            input->width);
    if (input->channels == 1)
        picture_grey(picture);
    if (picture->channels != input->channels && (picture->channels != 1 || input->channels != 3))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name},
                            "has %zu channel%s, the network's input has %zu", picture->channels,
                            picture->channels == 1 ? "" : "s", input->channels);
    return raw || input->channels != 1 ? scale(picture, input, to, error)
                                       : prepare_digit(picture, input, to, prepared, error);
}
