/* row_columns.c: see row_columns.h. */
#include "data/row_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/pixel_columns.h"

size_t row_columns_find(const struct row_spec *spec, const char *name)
{
    size_t i = 0;

    while (i < spec->values && strcmp(spec->columns[i], name) != 0)
        i++;
    return i;
}

bool row_columns_are_unnamed(const struct csv_row *header)
{
    return header->cells[0].length == 0 || strcmp(header->cells[0].text, "Unnamed: 0") == 0;
}

/* ---- by names ------------------------------------------------------------------------------------------ */

static int fail_unknown(const struct row_spec *spec, const struct error_facts *facts,
                        const struct csv_row *header, size_t i, struct error *error)
{
    char names[TEXT_NAMES];

    if (i > 0 && i + 1 == header->count && header->cells[i].length == 0)
        return error_set_at(error, ERROR_DATA, facts, ROW_COLUMNS_TRAILING);
    if (i == 0 && row_columns_are_unnamed(header))
        return error_set_at(error, ERROR_DATA, facts, "has a column too many; " ROW_COLUMNS_INDEX);
    return error_set_at(
        error, ERROR_DATA, facts,
        "column %zu is \"%.100s\", which the network does not take; leave it out: the columns "
        "are %s",
        i + 1, header->cells[i].text, text_names(names, spec->columns, spec->values));
}

/* from[values] is where each of the network's columns is in the table, counted from 1; zeroed. */
static int place_names(const struct row_spec *spec, const struct error_facts *facts,
                       const struct csv_row *header, size_t *place, size_t *from, struct error *error)
{
    for (size_t i = 0; i < header->count; i++) {
        const size_t at = row_columns_find(spec, header->cells[i].text);
        if (at == spec->values)
            return fail_unknown(spec, facts, header, i, error);
        if (from[at] > 0)
            return error_set_at(error, ERROR_DATA, facts,
                                "columns %zu and %zu are both \"%.100s\"; leave one of them out", from[at],
                                i + 1, spec->columns[at]);
        from[at] = i + 1;
        place[i] = at;
    }
    for (size_t at = 0; at < spec->values; at++)
        if (from[at] == 0)
            return error_set_at(error, ERROR_DATA, facts, "has no column \"%.100s\", which the network takes",
                                spec->columns[at]);
    return 0;
}

bool row_columns_are_named(const struct row_spec *spec, const struct csv_row *row)
{
    size_t i = 0;

    if (!spec->columns || row->count != spec->values)
        return false;
    while (i < row->count && row_columns_find(spec, row->cells[i].text) < spec->values)
        i++;
    return i == row->count;
}

/* ---- by numbers ---------------------------------------------------------------------------------------- */

/* As they stand where they are no pixels, or have gaps, as when they were packed. */
static int place_pixels(const struct row_spec *spec, const struct csv_row *header, size_t *place)
{
    const char **names = memory_array(header->count, sizeof *names);
    int placed;

    if (!names)
        return -1;
    for (size_t i = 0; i < header->count; i++)
        names[i] = header->cells[i].text;
    placed = pixel_columns_order(names, header->count, spec->transposed ? spec->height : spec->width, place);
    free(names);
    for (size_t i = 0; placed == 0 && i < spec->values; i++)
        place[i] = i;
    return placed < 0 ? -1 : 0;
}

/* From a picture of width x height to one of height x width. */
static void transpose(const struct row_spec *spec, size_t *place)
{
    for (size_t i = 0; i < spec->values; i++)
        place[i] = place[i] % spec->height * spec->width + place[i] / spec->height;
}

/* ---- both ---------------------------------------------------------------------------------------------- */

static int set_places(const struct row_spec *spec, const char *file, const struct csv_row *header,
                      size_t *place, size_t *from, struct error *error)
{
    const struct error_facts facts = {.file = file, .line = header ? header->line : 0};

    for (size_t i = 0; i < spec->values; i++)
        place[i] = i;
    if (header && spec->columns)
        return place_names(spec, &facts, header, place, from, error);
    if (!spec->pixels || spec->height == 0)
        return 0;
    if (header && header->count == spec->values && place_pixels(spec, header, place) != 0)
        return error_memory(error);
    if (spec->transposed)
        transpose(spec, place);
    return 0;
}

int row_columns_place(const struct row_spec *spec, const char *file, const struct csv_row *header,
                      size_t **place, struct error *error)
{
    size_t *from = memory_array(spec->values, sizeof *from);
    int failed;

    *place =
        memory_array(header && header->count > spec->values ? header->count : spec->values, sizeof **place);
    failed = *place && from ? set_places(spec, file, header, *place, from, error) : error_memory(error);
    free(from);
    if (failed) {
        free(*place);
        *place = NULL;
    }
    return failed;
}
