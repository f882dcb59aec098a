/* prepare_picture.c: see prepare_picture.h. */
#include "data/prepare_picture.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/planes.h"
#include "base/text.h"
#include "data/picture_blobs.h"
#include "data/picture_ink.h"
#include "data/picture_ruling.h"
#include "data/picture_size.h"

enum { MOST_SIDE = 512, BOX_NUMERATOR = 5, BOX_DENOMINATOR = 7 };

/* Where ink is put together for the network. */
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

struct prepare_input prepare_input(const struct nnrun_shape *shape, enum prepare_how how)
{
    const size_t side = shape->rank == 1 ? square_root((size_t)shape->dim[0]) : 0;
    struct prepare_input input = {.channels = shape->rank == 3 ? (size_t)shape->dim[0] : 1,
                                  .height = 1,
                                  .width = (size_t)shape->dim[shape->rank - 1],
                                  .how = how,
                                  .vector = shape->rank == 1};

    if (shape->rank > 1)
        input.height = (size_t)shape->dim[shape->rank - 2];
    else if (side * side == (size_t)shape->dim[0])
        input.height = input.width = side;
    return input;
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

/* ---- digits ------------------------------------------------------------------------------------------ */

/* A copy of the picture's one channel, no side longer than MOST_SIDE. */
static int shrink(const struct picture *picture, struct ink *ink, struct error *error)
{
    const size_t height = picture->height, width = picture->width;
    const size_t longer = height > width ? height : width;
    const struct resize_part all = {picture->pixels, height, width, width};

    *ink = (struct ink){.height = height, .width = width};
    if (longer > MOST_SIDE) {
        ink->height = rounded(height * MOST_SIDE, longer);
        ink->width = rounded(width * MOST_SIDE, longer);
    }
    ink->pixels = memory_array(ink->height * ink->width, 1);
    if (!ink->pixels)
        return error_memory(error);
    return resize(&all, ink->height, ink->width, ink->pixels, error);
}

/* What is in a box of the ink to its place. */
static int place(const struct ink *ink, const struct ink_box *box, const struct prepare_input *input,
                 uint8_t *to, struct error *error)
{
    const struct resize_part part = {ink->pixels + box->top * ink->width + box->left, box->bottom - box->top,
                                     box->right - box->left, ink->width};
    struct plane plane;
    int failed;

    fit(&part, input, &plane.height, &plane.width);
    plane.pixels = memory_array(plane.height * plane.width, 1);
    failed =
        plane.pixels ? resize(&part, plane.height, plane.width, plane.pixels, error) : error_memory(error);
    if (!failed)
        copy_centred(&plane, input, to);
    free(plane.pixels);
    return failed;
}

/* One of several digits to its place, none of the others in its box. */
static int place_digit(const struct ink *ink, const struct blobs *blobs, size_t digit,
                       const struct prepare_input *input, uint8_t *to, struct error *error)
{
    const struct ink_box *box = &blobs->found.box[digit];
    const size_t height = box->bottom - box->top, width = box->right - box->left;
    const struct ink alone = {.pixels = memory_array(height, width), .height = height, .width = width};
    int failed;

    if (!alone.pixels)
        return error_memory(error);
    for (size_t i = 0; i < height * width; i++) {
        const size_t at = (box->top + i / width) * ink->width + box->left + i % width;
        const uint8_t of = blobs->digits[blobs->labels[at]];
        alone.pixels[i] = of == 0 || of == digit + 1 ? ink->pixels[at] : 0;
    }
    failed = place(&alone, &(struct ink_box){0, 0, height, width}, input, to, error);
    free(alone.pixels);
    return failed;
}

/* Up to `most` digits, each to its place; 0: all of them to one. */
static int place_all(const struct ink *ink, const struct blobs *blobs, const struct prepare_input *input,
                     size_t most, uint8_t *to, struct error *error)
{
    if (blobs->found.count == 0)
        return 0;
    if (most == 0)
        return place(ink, &blobs->all, input, to, error);
    for (size_t i = 0; i < most && i < blobs->found.count; i++)
        if (place_digit(ink, blobs, i, input, to + i * input->height * input->width, error) != 0)
            return -1;
    return 0;
}

static int prepare_ink(const struct picture *picture, const struct prepare_input *input, size_t most,
                       uint8_t *to, struct prepared *prepared, struct error *error)
{
    struct ink ink;
    struct blobs blobs = {0};
    int failed =
        shrink(picture, &ink, error) || picture_ink_find(&ink, error) || picture_ruling_remove(&ink, error);

    if (!failed) {
        picture_ink_cut(&ink);
        failed = picture_blobs_find(&blobs, &ink, error);
    }
    prepared->inverted = ink.inverted;
    prepared->digits = blobs.found.count;
    prepared->many = blobs.found.many;
    prepared->empty = blobs.found.count == 0;
    prepared->samples = most < blobs.found.count ? most : blobs.found.count;
    prepared->samples += prepared->samples == 0;
    memset(to, 0, prepared->samples * input->height * input->width);
    if (!failed)
        failed = place_all(&ink, &blobs, input, most, to, error);
    picture_blobs_finish(&blobs);
    free(ink.pixels);
    return failed ? -1 : 0;
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

/* As pack does. */
static int size(const struct picture *picture, const struct prepare_input *input, uint8_t *to,
                struct error *error)
{
    static const enum picture_fitting fittings[] = {
        [PREPARE_STRETCH] = PICTURE_STRETCH, [PREPARE_FIT] = PICTURE_FIT, [PREPARE_CROP] = PICTURE_CROP};
    const struct picture_size size = {.channels = input->channels,
                                      .height = input->height,
                                      .width = input->width,
                                      .fitting = fittings[input->how]};

    return picture_size_take(&size, picture, to, error);
}

static bool is_input(const struct picture *picture, const struct prepare_input *input)
{
    if (input->vector)
        return picture->channels * picture->height * picture->width == input->height * input->width;
    return picture->channels == input->channels && picture->height == input->height &&
           picture->width == input->width;
}

int prepare_digits(const char *name, struct picture *picture, const struct prepare_input *input, bool raw,
                   size_t most, uint8_t *to, struct prepared *prepared, struct error *error)
{
    *prepared = (struct prepared){.samples = 1};
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
                            "has %zu channel%s; the network's input has %zu", picture->channels,
                            text_plural(picture->channels), input->channels);
    if (input->how != PREPARE_DIGIT && !raw)
        return size(picture, input, to, error);
    return raw || input->channels != 1 ? scale(picture, input, to, error)
                                       : prepare_ink(picture, input, most, to, prepared, error);
}

int prepare_picture(const char *name, struct picture *picture, const struct prepare_input *input, bool raw,
                    uint8_t *to, struct prepared *prepared, struct error *error)
{
    return prepare_digits(name, picture, input, raw, 0, to, prepared, error);
}
