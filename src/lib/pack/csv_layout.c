/* csv_layout.c: see csv_layout.h. */
#include "pack/csv_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/csv_number.h"

enum { LEAST_SIDE = 8, NAMED = 5, NAMES_TEXT = 400 };

/* What the first two rows are, cell by cell. */
struct look {
    const char *path;
    const struct pack_options *options;
    locale_t c;
    struct csv_layout *layout;
    struct cell_look {
        bool word;     /* in the first row of samples */
        bool was_word; /* in the first row */
        bool is_byte;
        double was; /* the number in the first row */
    } * cells;
    bool two_rows;
};

static int fail(const struct look *look, struct error *error, const char *reason)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path}, "%s", reason);
}

const char *csv_layout_column(const struct csv_layout *layout, size_t column, char text[CSV_COLUMN_TEXT])
{
    const char *name = layout->names && column < layout->columns ? layout->names[column] : "";

    snprintf(text, CSV_COLUMN_TEXT, *name ? "column %zu (\"%.40s\")" : "column %zu", column + 1, name);
    return text;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static int keep_names(struct csv_layout *layout, const struct csv_row *row, struct error *error)
{
    layout->names = calloc(row->count, sizeof *layout->names);
    if (!layout->names)
        return error_memory(error);
    layout->columns = row->count;
    for (size_t i = 0; i < row->count; i++) {
        layout->names[i] = memory_string(row->cells[i].text);
        if (!layout->names[i])
            return error_memory(error);
    }
    return 0;
}

static int look_at_first(struct look *look, const struct csv_row *row, struct error *error)
{
    look->cells = calloc(row->count, sizeof *look->cells);
    if (!look->cells)
        return error_memory(error);
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_cell *cell = &row->cells[i];
        struct cell_look *seen = &look->cells[i];
        uint8_t byte;
        seen->was_word = csv_number(cell->text, cell->length, look->c, &seen->was) == CSV_WORD;
        seen->word = seen->was_word;
        seen->is_byte = csv_byte(cell->text, cell->length, &byte);
    }
    return keep_names(look->layout, row, error);
}

static int look_at_second(struct look *look, const struct csv_row *row, struct error *error)
{
    if (row->count != look->layout->columns)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path, .line = row->line},
                            "has %zu columns, but the first line has %zu", row->count, look->layout->columns);
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_cell *cell = &row->cells[i];
        double value;
        uint8_t byte;
        look->cells[i].word = csv_number(cell->text, cell->length, look->c, &value) == CSV_WORD;
        look->cells[i].is_byte = csv_byte(cell->text, cell->length, &byte);
    }
    look->two_rows = true;
    return 0;
}

/* Is the first row a header? Words stand in it where numbers are below, or it counts: 0, 1, 2 and so on are names that programs
 * give. A row of words alone is one, too. */
static bool has_header(const struct look *look)
{
    size_t numbers = 0;
    bool counts = true;

    for (size_t i = 0; i < look->layout->columns && look->layout->names; i++) {
        const struct cell_look *cell = &look->cells[i];
        if (cell->was_word && look->two_rows && !cell->word)
            return true;
        if (!cell->was_word)
            counts = counts && look->layout->names[i] && look->layout->names[i][0] &&
                     cell->was == (double)numbers++;
    }
    return numbers == 0 || (numbers > 2 && counts);
}

/* ---- the label ----------------------------------------------------------------------------------------- */

static size_t column_of_name(const struct look *look, const char *name, bool exact)
{
    size_t found = CSV_NO_COLUMN;

    for (size_t i = look->layout->columns; i-- > 0 && look->layout->names;)
        if ((exact ? strcmp(look->layout->names[i], name)
                   : strcasecmp_l(look->layout->names[i], name, look->c)) == 0)
            found = i;
    return found;
}

/* `"a", "b", "c" and 12 more`: names that come from a file, as text. */
static const char *name_columns(const struct csv_layout *layout, char text[NAMES_TEXT])
{
    text[0] = '\0';
    for (size_t i = 0; i < layout->columns && i < NAMED; i++)
        text_add(text, NAMES_TEXT, "%s\"%.40s\"", i ? ", " : "", layout->names[i]);
    if (layout->columns > NAMED)
        text_add(text, NAMES_TEXT, " and %zu more", layout->columns - NAMED);
    return text;
}

static int asked_label(struct look *look, const char *label, struct error *error)
{
    struct csv_layout *layout = look->layout;
    char names[NAMES_TEXT], *end;
    unsigned long number;

    layout->label = column_of_name(look, label, true);
    if (layout->label != CSV_NO_COLUMN || strcmp(label, "none") == 0)
        return 0;
    number = strtoul(label, &end, 10);
    if (strcmp(label, "first") == 0)
        number = 1;
    else if (strcmp(label, "last") == 0)
        number = layout->columns;
    else if (*label < '0' || *label > '9' || *end)
        number = 0;
    if (number >= 1 && number <= layout->columns) {
        layout->label = number - 1;
        return 0;
    }
    if (!layout->names)
        return error_set_at(
            error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
            "has no column \"%.100s\": it has no header, and %zu columns; expected \"first\", "
            "\"last\", \"none\" or a number up to that",
            label, layout->columns);
    return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
                        "has no column \"%.100s\"; its columns are %s", label, name_columns(layout, names));
}

/* "pixel7", "7x12". */
static bool is_pixel(const char *name)
{
    const char *at = strncasecmp(name, "pixel", 5) == 0 ? name + 5 : name;
    size_t digits = strspn(at, "0123456789");

    if (at == name && digits > 0 && at[digits] == 'x') {
        at += digits + 1;
        digits = strspn(at, "0123456789");
    } else if (at == name)
        return false;
    return digits > 0 && at[digits] == '\0';
}

static bool all_pixels(const struct csv_layout *layout)
{
    for (size_t i = 0; i < layout->columns; i++)
        if (i != layout->label && i != layout->index && !(layout->names && is_pixel(layout->names[i])))
            return false;
    return true;
}

static size_t side_of(size_t area)
{
    size_t side = 0;

    while ((side + 1) * (side + 1) <= area)
        side++;
    return side * side == area ? side : 0;
}

static int fail_label(const struct look *look, struct error *error)
{
    char names[NAMES_TEXT];
    const struct error_facts facts = {.file = look->path, .advice = ADVICE_PACK_LABEL};

    if (look->layout->names)
        return error_set_at(error, ERROR_ARGUMENT, &facts,
                            "which column holds the label is not clear from their names, %s",
                            name_columns(look->layout, names));
    return error_set_at(
        error, ERROR_ARGUMENT, &facts,
        "which of its %zu columns holds the label is not clear: there is no header, and all are "
        "numbers",
        look->layout->columns);
}

static int find_label(struct look *look, struct error *error)
{
    static const char *const known[] = {"label", "labels", "class", "target", "y", "species", "category"};
    struct csv_layout *layout = look->layout;
    size_t words = 0, word = 0, named = 0;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t column = column_of_name(look, known[i], false);
        named += column != CSV_NO_COLUMN;
        layout->label = column != CSV_NO_COLUMN ? column : layout->label;
    }
    if (named == 1)
        return 0;
    layout->label = CSV_NO_COLUMN;
    for (size_t i = 0; i < layout->columns; i++)
        if (look->cells[i].word && i != layout->index) {
            words++;
            word = i;
        }
    if (named == 0 && (words == 1 || all_pixels(layout))) {
        layout->label = words == 1 ? word : CSV_NO_COLUMN;
        return 0;
    }
    if (words == 0 && !layout->names && side_of(layout->columns - 1) >= LEAST_SIDE) {
        layout->label = 0;
        layout->guessed = true;
        return 0;
    }
    return fail_label(look, error);
}

/* ---- the samples --------------------------------------------------------------------------------------- */

static bool all_bytes(const struct look *look)
{
    for (size_t i = 0; i < look->layout->columns; i++)
        if (i != look->layout->label && i != look->layout->index && !look->cells[i].is_byte)
            return false;
    return true;
}

static int find_form(struct look *look, struct error *error)
{
    struct csv_layout *layout = look->layout;
    const size_t height = look->options->height, width = look->options->width;
    const size_t side = side_of(layout->values);
    const bool pixels = all_pixels(layout) && side > 0;
    struct pack_form *form = &layout->form;

    form->label_width = layout->label != CSV_NO_COLUMN;
    form->kind = PACK_FLOATS;
    form->shape = (struct nnrun_shape){1, {(int32_t)layout->values}};
    if (height > 0 && layout->values % height == 0 && layout->values / height == width)
        form->shape = (struct nnrun_shape){2, {(int32_t)height, (int32_t)width}};
    else if (pixels)
        form->shape = (struct nnrun_shape){2, {(int32_t)side, (int32_t)side}};
    else if (height > 0)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
                            "has %zu columns of numbers, which do not make pictures of %zux%zu",
                            layout->values, height, width);
    if (form->shape.rank == 2) {
        form->kind = all_bytes(look) ? PACK_BYTES : PACK_FLOATS;
        form->finished = form->kind == PACK_FLOATS && !look->options->transpose &&
                         look->options->colours == PACK_AS_IT_IS &&
                         (height == 0 || form->shape.dim[0] == (int32_t)height);
    } else if (side >= LEAST_SIDE && all_bytes(look))
        layout->side = side;
    return 0;
}

static int make(struct look *look, struct error *error)
{
    struct csv_layout *layout = look->layout;

    layout->label = layout->index = CSV_NO_COLUMN;
    if (!has_header(look)) {
        memory_free_each((void **)layout->names, layout->columns);
        layout->names = NULL;
    } else if (!look->two_rows)
        return fail(look, error, "has a header, but no rows below it");
    else if (layout->names[0][0] == '\0' && layout->columns > 1 && !look->cells[0].word)
        layout->index = 0;
    if (look->options->label ? asked_label(look, look->options->label, error) : find_label(look, error))
        return -1;
    layout->index = layout->index == layout->label ? CSV_NO_COLUMN : layout->index;
    layout->values = layout->columns - (layout->label != CSV_NO_COLUMN) - (layout->index != CSV_NO_COLUMN);
    if (layout->values == 0)
        return fail(look, error, "has no column of numbers besides the label");
    return find_form(look, error);
}

static int look_into(struct look *look, struct csv_reader *reader, struct error *error)
{
    struct csv_row row;
    const int first = csv_reader_next(reader, &row, error);
    int second;

    if (first <= 0)
        return first < 0 ? -1 : fail(look, error, "has no rows");
    if (look_at_first(look, &row, error) != 0)
        return -1;
    second = csv_reader_next(reader, &row, error);
    return second < 0 || (second > 0 && look_at_second(look, &row, error) != 0) ? -1 : make(look, error);
}

int csv_layout_look(struct csv_layout *layout, const char *path, const struct pack_options *options,
                    locale_t c, struct error *error)
{
    struct look look = {.path = path, .options = options, .c = c, .layout = layout};
    struct csv_reader *reader = csv_reader_open(path, error);
    int result;

    *layout = (struct csv_layout){0};
    result = reader ? look_into(&look, reader, error) : -1;
    csv_reader_close(reader);
    free(look.cells);
    if (result != 0)
        csv_layout_finish(layout);
    return result;
}

int csv_layout_check_same(const struct csv_layout *layout, const char *path, const struct csv_layout *first,
                          const char *first_path, struct error *error)
{
    const struct error_facts facts = {.file = path};

    if (layout->label == CSV_NO_COLUMN && first->label != CSV_NO_COLUMN)
        return error_set_at(error, ERROR_DATA, &facts,
                            "has no column of labels, but %s has one; pack it alone, into another folder",
                            first_path);
    if (layout->columns != first->columns)
        return error_set_at(error, ERROR_DATA, &facts, "has %zu columns, but %s has %zu", layout->columns,
                            first_path, first->columns);
    if (layout->label != first->label || layout->index != first->index)
        return error_set_at(error, ERROR_DATA, &facts, "has its label in another column than %s", first_path);
    for (size_t c = 0; layout->names && first->names && c < layout->columns; c++)
        if (strcmp(layout->names[c], first->names[c]) != 0)
            return error_set_at(
                error, ERROR_DATA, &facts,
                "column %zu is \"%.40s\", but \"%.40s\" in %s: both must have the same columns", c + 1,
                layout->names[c], first->names[c], first_path);
    return 0;
}

void csv_layout_finish(struct csv_layout *layout)
{
    memory_free_each((void **)layout->names, layout->names ? layout->columns : 0);
    layout->names = NULL;
}
