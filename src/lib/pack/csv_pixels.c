/* csv_pixels.c: see csv_pixels.h. */
#include "pack/csv_pixels.h"

#include <stdlib.h>

#include "base/memory.h"
#include "data/pixel_columns.h"

static bool is_value(const struct csv_layout *layout, size_t column)
{
    return column != layout->label && column != layout->index;
}

size_t csv_pixels_count(const struct csv_layout *layout)
{
    size_t count = 0;

    for (size_t i = 0; layout->names && i < layout->columns; i++)
        count += is_value(layout, i) && pixel_column_is(layout->names[i]);
    return count;
}

size_t csv_pixels_other(const struct csv_layout *layout)
{
    size_t i = 0;

    while (i < layout->columns &&
           (!is_value(layout, i) || (layout->names && pixel_column_is(layout->names[i]))))
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

/* Those of values; NULL of other columns, and without memory. */
static const char **value_names(const struct csv_layout *layout)
{
    const char **names = memory_array(layout->columns, sizeof *names);

    for (size_t i = 0; names && i < layout->columns; i++)
        names[i] = is_value(layout, i) ? layout->names[i] : NULL;
    return names;
}

int csv_pixels_size(const struct csv_layout *layout, size_t *height, size_t *width, struct error *error)
{
    const char **names = layout->names ? value_names(layout) : NULL;
    int is;

    if (!names)
        return layout->names ? error_memory(error) : 0;
    is = pixel_columns_size(names, layout->columns, height, width);
    free(names);
    return is;
}

int csv_pixels_order(struct csv_layout *layout, size_t width, struct error *error)
{
    size_t *order = memory_array(layout->columns, sizeof *order), next = 0;
    const char **names = value_names(layout);
    bool same = true;
    int placed = -1;

    if (order && names)
        placed = pixel_columns_order(names, layout->columns, width, order);
    for (size_t i = 0; placed > 0 && i < layout->columns; i++)
        same = same && (!names[i] || order[i] == next++);
    free(names);
    if (placed > 0 && !same)
        layout->order = order;
    else
        free(order);
    return placed < 0 ? error_memory(error) : placed;
}
