/* digit_form.c: see digit_form.h. */
#include "pack/digit_form.h"

#include <stdlib.h>

#include "base/memory.h"

enum { MOST_LOOKED_AT = 1000, MOST_OTHERS = 10 /* one in so many */, BOX_NUMERATOR = 5, BOX_DENOMINATOR = 7 };

static bool is_near(size_t value, size_t wanted)
{
    return value + 1 >= wanted && value <= wanted + 1;
}

/* Rounded. */
static size_t box_of(size_t side)
{
    return (2 * side * BOX_NUMERATOR + BOX_DENOMINATOR) / (2 * BOX_DENOMINATOR);
}

static bool has_form(const uint8_t *values, size_t height, size_t width)
{
    size_t top = height, bottom = 0, left = width, right = 0;
    uint64_t mass = 0, down = 0, across = 0;

    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const uint8_t value = values[y * width + x];
            if (value == 0)
                continue;
            top = y < top ? y : top;
            bottom = y + 1;
            left = x < left ? x : left;
            right = x + 1 > right ? x + 1 : right;
            mass += value;
            down += value * (2 * (uint64_t)y + 1);
            across += value * (2 * (uint64_t)x + 1);
        }
    if (mass == 0)
        return false;
    return is_near(down / (2 * mass), height / 2) && is_near(across / (2 * mass), width / 2) &&
           bottom - top <= box_of(height) + 1 && right - left <= box_of(width) + 1 &&
           (is_near(bottom - top, box_of(height)) || is_near(right - left, box_of(width)));
}

int digit_form_is(const struct spool *spool, const uint32_t *samples, size_t count, size_t height,
                  size_t width, struct error *error)
{
    const size_t looked_at = count < MOST_LOOKED_AT ? count : MOST_LOOKED_AT;
    uint8_t *values = memory_array(height, width);
    size_t others = 0;
    int failed = 0;

    if (!values)
        return error_memory(error);
    for (size_t i = 0; i < looked_at && !failed && others <= looked_at / MOST_OTHERS; i++) {
        failed = spool_values(spool, samples[i], 0, height * width, values, error);
        others += !failed && !has_form(values, height, width);
    }
    free(values);
    return failed ? -1 : looked_at > 0 && others <= looked_at / MOST_OTHERS;
}
