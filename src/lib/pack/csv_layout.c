/* csv_layout.c: see csv_layout.h. */
#include "pack/csv_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/csv_number.h"
#include "data/csv_reader.h"
#include "pack/csv_label.h"
#include "pack/csv_pixels.h"

enum { LEAST_SIDE = 8, LOOK_ROWS = 20 };

static int fail(const struct csv_look *look, struct error *error, const char *reason)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path}, "%s", reason);
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

static int look_at_first(struct csv_look *look, const struct csv_row *row, struct error *error)
{
    look->cells = calloc(row->count, sizeof *look->cells);
    if (!look->cells)
        return error_memory(error);
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_cell *cell = &row->cells[i];
        struct csv_cell_look *seen = &look->cells[i];
        uint8_t byte;
        seen->was_word = csv_number(cell->text, cell->length, look->c, &seen->was) == CSV_WORD;
        seen->word = seen->was_word;
        seen->empty = cell->length == 0;
        seen->is_byte = csv_byte(cell->text, cell->length, &byte);
    }
    return keep_names(look->layout, row, error);
}

static int look_at_second(struct csv_look *look, const struct csv_row *row, struct error *error)
{
    const size_t columns = look->layout->columns;

    if (row->count == columns + 1 && row->cells[columns].length == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path, .line = row->line},
                            "ends with a separator, which the first line does not; remove it from the end of "
                            "each row");
    if (row->count != columns)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path, .line = row->line},
                            "has %zu column%s, but the first line has %zu%s", row->count,
                            text_plural(row->count), columns,
                            look->layout->names[0][0] == '#' ? "; remove comments, which begin with #" : "");
    for (size_t i = 0; i < columns; i++) {
        const struct csv_cell *cell = &row->cells[i];
        struct csv_cell_look *seen = &look->cells[i];
        double value;
        uint8_t byte;
        seen->word = seen->words_below = csv_number(cell->text, cell->length, look->c, &value) == CSV_WORD;
        seen->is_byte = csv_byte(cell->text, cell->length, &byte);
        seen->empty = seen->empty && cell->length == 0;
        seen->again = strcmp(cell->text, look->layout->names[i]) == 0;
    }
    look->two_rows = true;
    return 0;
}

/* Rows of other lengths are complained of when they are read. */
static void look_at_more(struct csv_look *look, const struct csv_row *row)
{
    for (size_t i = 0; row->count == look->layout->columns && i < row->count; i++) {
        const struct csv_cell *cell = &row->cells[i];
        double value;
        look->cells[i].words_below =
            look->cells[i].words_below && csv_number(cell->text, cell->length, look->c, &value) == CSV_WORD;
        look->cells[i].empty = look->cells[i].empty && cell->length == 0;
        look->cells[i].again = look->cells[i].again || strcmp(cell->text, look->layout->names[i]) == 0;
    }
}

/* Is the first row a header? Words stand in it where numbers are below, or what a column of labels is called where other labels
 * are; or it counts: 0, 1, 2 and so on are names that programs give. A row of words alone is one, too. */
static bool has_header(struct csv_look *look)
{
    const struct csv_layout *layout = look->layout;
    size_t numbers = 0, empty = 0;
    bool counts = true;

    if (look->options->header != PACK_HEADER_LOOK)
        return look->options->header == PACK_HEADER_YES;
    for (size_t i = 0; i < layout->columns; i++) {
        const struct csv_cell_look *cell = &look->cells[i];
        if (cell->was_word && look->two_rows &&
            (!cell->word || (!cell->again && csv_label_is_name(look, layout->names[i]))))
            return true;
        if (layout->names[i][0] == '\0')
            empty++;
        else if (!cell->was_word)
            counts = counts && cell->was == (double)numbers++;
    }
    look->layout->counted = counts && numbers > 2 && empty == 0;
    return numbers == 0 || (counts && numbers + empty > 2);
}

/* ---- columns that are no values ------------------------------------------------------------------------- */

static bool is_counter(const struct csv_look *look, const char *name)
{
    static const char *const known[] = {"id",       "index", "idx",      "row",       "row_id",
                                        "image_id", "nr",    "image id", "sample_id", "imageid"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp_l(name, known[i], look->c) == 0)
            return true;
    return false;
}

/* Columns that count the rows: the first one if it has no name, as programs write it, and beside pixels one whose name says so. */
static void find_index(const struct csv_look *look)
{
    struct csv_layout *layout = look->layout;
    const char *first = layout->names ? layout->names[0] : "";

    if (!layout->names)
        return;
    for (size_t i = layout->columns; i-- > 0;)
        if (is_counter(look, layout->names[i]))
            layout->counter = i;
    if ((*first == '\0' || strcmp(first, "Unnamed: 0") == 0) && layout->columns > 1 && !look->cells[0].word)
        layout->index = 0;
    else if (layout->counter != CSV_NO_COLUMN && csv_pixels_count(layout) > 0) {
        layout->index = layout->counter;
        layout->counter = CSV_NO_COLUMN;
    }
}

/* A label takes its column from those. */
static void settle_columns(struct csv_layout *layout)
{
    layout->index = layout->index == layout->label ? CSV_NO_COLUMN : layout->index;
    layout->counter = layout->counter == layout->label ? CSV_NO_COLUMN : layout->counter;
    layout->values = layout->columns - (layout->label != CSV_NO_COLUMN) - (layout->index != CSV_NO_COLUMN);
}

/* No row of a table with a column of words could be read. */
static int check_words(const struct csv_look *look, struct error *error)
{
    const struct csv_layout *layout = look->layout;
    const struct error_facts facts = {.file = look->path, .advice = ADVICE_PACK_OTHER_LABEL};
    char where[CSV_COLUMN_TEXT], label[CSV_COLUMN_TEXT] = "";

    for (size_t i = 0; look->two_rows && i < layout->columns; i++) {
        if (i == layout->label || i == layout->index || !look->cells[i].words_below ||
            !(layout->names || look->cells[i].was_word))
            continue;
        if (layout->label != CSV_NO_COLUMN)
            csv_layout_column(layout, layout->label, label);
        return error_set_at(error, ERROR_DATA, &facts,
                            "%s has words where numbers are expected%s%s; leave it out of the table",
                            csv_layout_column(layout, i, where), *label ? ", as the label is " : "", label);
    }
    return 0;
}

/* ---- the samples --------------------------------------------------------------------------------------- */

static bool all_bytes(const struct csv_look *look)
{
    for (size_t i = 0; i < look->layout->columns; i++)
        if (i != look->layout->label && i != look->layout->index && !look->cells[i].is_byte)
            return false;
    return true;
}

/* The size that pictures have by the options, or by two numbers in the name of each column, or as squares; 0: they are none. */
static int find_size(const struct csv_look *look, size_t *high, size_t *wide, struct error *error)
{
    const struct csv_layout *layout = look->layout;
    const size_t height = look->options->height, width = look->options->width;
    const int named = csv_pixels_size(layout, high, wide, error);

    if (height > 0 && layout->values % height == 0 && layout->values / height == width) {
        *high = height;
        *wide = width;
    } else if (named == 0) {
        *high = *wide = csv_pixels_side(layout->values);
    }
    return named < 0 ? -1 : 0;
}

/* The picture that a row is; of rank 1 if it is none. */
static int find_shape(const struct csv_look *look, struct nnrun_shape *shape, struct error *error)
{
    struct csv_layout *layout = look->layout;
    const size_t height = look->options->height, width = look->options->width;
    size_t high, wide;
    int ordered = 0;

    *shape = (struct nnrun_shape){1, {(int32_t)layout->values}};
    if (find_size(look, &high, &wide, error) != 0)
        return -1;
    if (high > 0 && csv_pixels_are_all(layout)) {
        ordered = csv_pixels_order(layout, wide, error);
        layout->shuffled = ordered == 0;
    }
    if (ordered < 0)
        return -1;
    if (ordered > 0 || (height > 0 && high == height && wide == width))
        *shape = (struct nnrun_shape){2, {(int32_t)high, (int32_t)wide}};
    else if (height > 0)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
                            "has %zu column%s of numbers, which do not make pictures of %zux%zu",
                            layout->values, text_plural(layout->values), height, width);
    return 0;
}

static int find_form(struct csv_look *look, struct error *error)
{
    struct csv_layout *layout = look->layout;
    const size_t height = look->options->height, side = csv_pixels_side(layout->values);
    struct pack_form *form = &layout->form;

    form->label_width = layout->label != CSV_NO_COLUMN;
    form->kind = PACK_FLOATS;
    if (find_shape(look, &form->shape, error) != 0)
        return -1;
    if (form->shape.rank == 2) {
        form->kind = all_bytes(look) ? PACK_BYTES : PACK_FLOATS;
        form->finished = form->kind == PACK_FLOATS && !look->options->transpose &&
                         look->options->colours == PACK_AS_IT_IS &&
                         (height == 0 || form->shape.dim[0] == (int32_t)height);
    } else if (side >= LEAST_SIDE && all_bytes(look) && csv_pixels_count(layout) == 0)
        layout->side = side;
    return 0;
}

static int make(struct csv_look *look, struct error *error)
{
    struct csv_layout *layout = look->layout;

    if (look->two_rows && layout->columns > 1 && look->cells[layout->columns - 1].empty)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = look->path},
                            "each row ends with a separator, so column %zu is empty; remove it from the end "
                            "of each row",
                            layout->columns);
    layout->label = layout->index = layout->counter = CSV_NO_COLUMN;
    if (!has_header(look)) {
        memory_free_each((void **)layout->names, layout->columns);
        layout->names = NULL;
    } else if (!look->two_rows)
        return fail(look, error, "has a header, but no rows below it");
    find_index(look);
    if (csv_label_find(look, error) != 0)
        return -1;
    settle_columns(layout);
    if (layout->values == 0)
        return fail(look, error, "has no column of numbers besides the label");
    return check_words(look, error) || find_form(look, error) ? -1 : 0;
}

static int look_into(struct csv_look *look, struct csv_reader *reader, struct error *error)
{
    struct csv_row row;
    int there = csv_reader_need_columns(reader, error) == 0 ? csv_reader_next(reader, &row, error) : -1;

    if (there <= 0)
        return there < 0 ? -1 : fail(look, error, "has no rows");
    if (look_at_first(look, &row, error) != 0)
        return -1;
    there = csv_reader_next(reader, &row, error);
    if (there > 0 && look_at_second(look, &row, error) != 0)
        return -1;
    for (int i = 2; there > 0 && i < LOOK_ROWS; i++) {
        there = csv_reader_next(reader, &row, error);
        if (there > 0)
            look_at_more(look, &row);
    }
    return there < 0 ? -1 : make(look, error);
}

int csv_layout_look(struct csv_layout *layout, const char *path, const struct pack_options *options,
                    locale_t c, struct error *error)
{
    struct csv_look look = {.path = path, .options = options, .c = c, .layout = layout};
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
                            "has no column of labels, but %s has one; pack %s alone", first_path, first_path);
    if (layout->columns != first->columns)
        return error_set_at(error, ERROR_DATA, &facts, "has %zu column%s, but %s has %zu", layout->columns,
                            text_plural(layout->columns), first_path, first->columns);
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
