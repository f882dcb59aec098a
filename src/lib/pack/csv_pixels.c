/* csv_pixels.c: see csv_pixels.h. */
#include "pack/csv_pixels.h"

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

static bool is_value(const struct csv_layout *layout, size_t column)
{
    return column != layout->label && column != layout->index;
}

size_t csv_pixels_count(const struct csv_layout *layout)
{
    struct pixel pixel;
    size_t count = 0;

    for (size_t i = 0; layout->names && i < layout->columns; i++)
        count += is_value(layout, i) && read_name(layout->names[i], &pixel);
    return count;
}

size_t csv_pixels_other(const struct csv_layout *layout)
{
    struct pixel pixel;
    size_t i = 0;

    while (i < layout->columns &&
           (!is_value(layout, i) || (layout->names && read_name(layout->names[i], &pixel))))
        i++;
    return i;
}

bool csv_pixels_are_all(const struct csv_layout *layout)
{
    return csv_pixels_other(layout) == layout->columns;
}

size_t csv_pixels_side(size_t area)
{
    size_t side = 0;

    while ((side + 1) * (side + 1) <= area)
        side++;
    return side * side == area ? side : 0;
}

/* The least numbers of all: pictures begin at 0, 1, or anywhere. */
static struct pixel find_first(const struct csv_layout *layout)
{
    struct pixel first = {.row = SIZE_MAX, .column = SIZE_MAX}, pixel;

    for (size_t i = 0; i < layout->columns; i++)
        if (is_value(layout, i) && read_name(layout->names[i], &pixel)) {
            first.row = pixel.row < first.row ? pixel.row : first.row;
            first.column = pixel.column < first.column ? pixel.column : first.column;
            first.two = pixel.two;
        }
    return first;
}

/* Where each column is, in order[columns]. */
static bool place(const struct csv_layout *layout, size_t width, size_t *order, bool *taken)
{
    const struct pixel first = find_first(layout);
    struct pixel pixel;

    for (size_t i = 0; i < layout->columns; i++) {
        if (!is_value(layout, i))
            continue;
        if (!read_name(layout->names[i], &pixel) || pixel.two != first.two ||
            (pixel.two && pixel.column - first.column >= width))
            return false;
        order[i] = pixel.two ? (pixel.row - first.row) * width + (pixel.column - first.column)
                             : pixel.row - first.row;
        if (order[i] >= layout->values || taken[order[i]])
            return false;
        taken[order[i]] = true;
    }
    return true;
}

int csv_pixels_order(struct csv_layout *layout, size_t width, struct error *error)
{
    size_t *order = memory_array(layout->columns, sizeof *order), next = 0;
    bool *taken = memory_array(layout->columns, sizeof *taken), same = true, placed;

    if (!order || !taken) {
        free(order);
        free(taken);
        return error_memory(error);
    }
    placed = place(layout, width, order, taken);
    for (size_t i = 0; placed && i < layout->columns; i++)
        same = same && (!is_value(layout, i) || order[i] == next++);
    free(taken);
    if (placed && !same)
        layout->order = order;
    else
        free(order);
    return placed;
}
