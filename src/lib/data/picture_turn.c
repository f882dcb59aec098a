/* picture_turn.c: see picture_turn.h. */
#include "data/picture_turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- EXIF -------------------------------------------------------------------------------------------- */

enum { HEADER = 8, ENTRY = 12, ORIENTATION = 0x112, SHORT_NUMBER = 3, LAST = 8 };

struct exif {
    const uint8_t *bytes;
    size_t size;
    bool little; /* the low byte of a number is first */
};

/* A number of that many bytes; 0 behind the end. */
static size_t number(const struct exif *exif, size_t at, size_t bytes)
{
    size_t value = 0;

    if (at > exif->size || bytes > exif->size - at)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | exif->bytes[at + (exif->little ? bytes - 1 - i : i)];
    return value;
}

int exif_orientation(const uint8_t *bytes, size_t size)
{
    struct exif exif = {.bytes = bytes, .size = size};
    size_t directory, count;

    if (size < HEADER || (memcmp(bytes, "II*\0", 4) != 0 && memcmp(bytes, "MM\0*", 4) != 0))
        return 0;
    exif.little = bytes[0] == 'I';
    directory = number(&exif, 4, 4);
    count = number(&exif, directory, 2);
    for (size_t i = 0; i < count; i++) {
        const size_t at = directory + 2 + ENTRY * i;
        if (number(&exif, at, 2) == ORIENTATION && number(&exif, at + 2, 2) == SHORT_NUMBER) {
            const size_t value = number(&exif, at + 8, 2);
            return value <= LAST ? (int)value : 0;
        }
    }
    return 0;
}

/* ---- turning ----------------------------------------------------------------------------------------- */

/* Where upright pixels come from: row y, column x from begin + down * y + across * x. */
struct source {
    ptrdiff_t begin, down, across;
};

static struct source source_of(const struct picture *picture, int orientation)
{
    const ptrdiff_t height = (ptrdiff_t)picture->height, width = (ptrdiff_t)picture->width;
    const ptrdiff_t last = height * width - 1, row = width * (height - 1);
    const struct source sources[LAST + 1] = {
        [2] = {width - 1, width, -1}, [3] = {last, -width, -1}, [4] = {row, -width, 1},
        [5] = {0, 1, width},          [6] = {row, 1, -width},   [7] = {last, -1, -width},
        [8] = {width - 1, -1, width}};

    return sources[orientation];
}

int picture_turn(struct picture *picture, int orientation, struct error *error)
{
    const bool swapped = orientation >= 5;
    const size_t height = swapped ? picture->width : picture->height;
    const size_t width = swapped ? picture->height : picture->width;
    struct source from;
    uint8_t *stored;

    if (orientation < 2 || orientation > LAST)
        return 0;
    from = source_of(picture, orientation);
    stored = memory_array(height, width);
    if (!stored)
        return error_memory(error);
    for (size_t c = 0; c < picture->channels; c++) {
        uint8_t *plane = picture->pixels + c * height * width;
        memcpy(stored, plane, height * width);
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++)
                plane[y * width + x] =
                    stored[from.begin + from.down * (ptrdiff_t)y + from.across * (ptrdiff_t)x];
    }
    free(stored);
    picture->height = height;
    picture->width = width;
    return 0;
}
