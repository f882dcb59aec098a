/* pixel_columns.c: see pixel_columns.h. */
#include "data/pixel_columns.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { MOST_DIGITS = 8 };

struct pixel {
    bool two; /* row and column, else a number alone */
    size_t row, column;
};

/* The number that begins the text, of MOST_DIGITS at most; NULL: there is none. */
static const char *read_number(const char *text, size_t *number)
{
    const size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > MOST_DIGITS)
        return NULL;
    *number = strtoul(text, NULL, 10);
    return text + digits;
}

static bool read_name(const char *name, struct pixel *pixel)
{
    const char *digits = strncasecmp(name, "pixel", 5) == 0 ? name + 5 : name;
    const char *at = read_number(digits, &pixel->row);

    pixel->column = 0;
    pixel->two = at && *at == 'x';
    if (pixel->two)
        at = read_number(at + 1, &pixel->column);
    return at && *at == '\0' && (pixel->two || digits != name);
}

bool pixel_column_is(const char *name)
{
    struct pixel pixel;

    return read_name(name, &pixel);
}

/* The least numbers of all: pictures begin at 0, 1, or anywhere. */
static struct pixel find_first(const char *const *names, size_t count)
{
    struct pixel first = {.row = SIZE_MAX, .column = SIZE_MAX}, pixel;

    for (size_t i = 0; i < count; i++)
        if (names[i] && read_name(names[i], &pixel)) {
            first.row = pixel.row < first.row ? pixel.row : first.row;
            first.column = pixel.column < first.column ? pixel.column : first.column;
            first.two = pixel.two;
        }
    return first;
}

bool pixel_columns_size(const char *const *names, size_t count, size_t *height, size_t *width)
{
    const struct pixel first = find_first(names, count);
    struct pixel pixel;
    size_t values = 0, all;

    *height = *width = 0;
    for (size_t i = 0; i < count; i++) {
        if (!names[i])
            continue;
        values++;
        if (!read_name(names[i], &pixel) || !pixel.two)
            return false;
        *height = pixel.row - first.row + 1 > *height ? pixel.row - first.row + 1 : *height;
        *width = pixel.column - first.column + 1 > *width ? pixel.column - first.column + 1 : *width;
    }
    return values > 0 && size_multiply(*height, *width, &all) && all == values;
}

static bool place(const char *const *names, size_t count, size_t width, size_t *order, bool *taken)
{
    const struct pixel first = find_first(names, count);
    struct pixel pixel;
    size_t values = 0;

    for (size_t i = 0; i < count; i++)
        values += names[i] != NULL;
    for (size_t i = 0; i < count; i++) {
        if (!names[i])
            continue;
        if (!read_name(names[i], &pixel) || pixel.two != first.two ||
            (pixel.two && pixel.column - first.column >= width))
            return false;
        order[i] = pixel.two ? (pixel.row - first.row) * width + (pixel.column - first.column)
                             : pixel.row - first.row;
        if (order[i] >= values || taken[order[i]])
            return false;
        taken[order[i]] = true;
    }
    return true;
}

int pixel_columns_order(const char *const *names, size_t count, size_t width, size_t *order)
{
    bool *taken = memory_array(count, sizeof *taken);
    int placed;

    if (!taken)
        return -1;
    placed = place(names, count, width, order, taken);
    free(taken);
    return placed;
}
