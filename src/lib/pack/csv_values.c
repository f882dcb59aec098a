/* csv_values.c: see csv_values.h. */
#include "pack/csv_values.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "data/csv_number.h"

static int fail_cell(const struct csv_values *file, size_t column, const char *is, struct error *error)
{
    char where[CSV_COLUMN_TEXT];
    const struct csv_cell *cell = &file->row.cells[column];
    const struct error_facts facts = {
        .file = file->path, .line = file->row.line, .advice = ADVICE_PACK_BROKEN};

    csv_layout_column(file->layout, column, where);
    if (cell->length == 0)
        return error_set_at(error, ERROR_DATA, &facts, "%s is empty", where);
    return error_set_at(error, ERROR_DATA, &facts, "%s: \"%.40s\" %s", where, cell->text, is);
}

static int read_number(const struct csv_values *file, size_t column, double *value, struct error *error)
{
    const struct csv_cell *cell = &file->row.cells[column];

    switch (csv_number(cell->text, cell->length, file->c, value)) {
    case CSV_NUMBER:
        return 0;
    case CSV_DECIMAL_COMMA:
        return fail_cell(file, column, "has a decimal comma; write numbers with a decimal point", error);
    case CSV_NOT_FINITE:
        return fail_cell(file, column, "is not a finite number", error);
    case CSV_EMPTY:
    case CSV_WORD:
        break;
    }
    return fail_cell(file, column, "is not a number", error);
}

static int read_bytes(const struct csv_values *file, struct error *error)
{
    const struct csv_layout *layout = file->layout;
    uint8_t *bytes = file->values;
    size_t next = 0;

    for (size_t i = 0; i < layout->columns; i++) {
        const struct csv_cell *cell = &file->row.cells[i];
        uint8_t *byte;
        double value;
        if (i == layout->label || i == layout->index)
            continue;
        byte = &bytes[file->order ? file->order[i] : next++];
        if (!csv_byte(cell->text, cell->length, byte)) {
            if (read_number(file, i, &value, error) != 0)
                return -1;
            if (value < 0 || value > 255 || value != floor(value))
                return fail_cell(file, i, "is not a whole number from 0 to 255, as the first pixels are",
                                 error);
            *byte = (uint8_t)value;
        }
    }
    return 0;
}

static int read_floats(const struct csv_values *file, struct error *error)
{
    const struct csv_layout *layout = file->layout;
    float *floats = file->values;
    size_t next = 0;

    for (size_t i = 0; i < layout->columns; i++) {
        float *to;
        double value;
        if (i == layout->label || i == layout->index)
            continue;
        if (read_number(file, i, &value, error) != 0)
            return -1;
        to = &floats[file->order ? file->order[i] : next++];
        *to = (float)value;
        if (!isfinite(*to))
            return fail_cell(file, i, "is too large for a 32-bit number", error);
    }
    return 0;
}

/* A word, or a whole number however it is written: "7", "7.0". */
static int read_label(const struct csv_values *file, uint32_t *label, struct error *error)
{
    const size_t column = file->layout->label;
    const struct csv_cell *cell = &file->row.cells[column];
    double value;
    int result;

    switch (csv_number(cell->text, cell->length, file->c, &value)) {
    case CSV_NUMBER:
        if (value != floor(value) || fabs(value) > 1e15)
            return fail_cell(file, column, "is neither a whole number nor a word, as the label of a class is",
                             error);
        result = class_names_whole(file->names, (int64_t)value, label);
        break;
    case CSV_EMPTY:
        return fail_cell(file, column, "", error);
    case CSV_DECIMAL_COMMA:
    case CSV_NOT_FINITE:
    case CSV_WORD:
    default:
        if (strcasecmp_l(cell->text, "nan", file->c) == 0)
            return fail_cell(file, column, "is not a label", error);
        if (!text_is_all_shown(cell->text))
            return fail_cell(file, column, "is not a label, which is UTF-8 text without control characters",
                             error);
        result = class_names_number(file->names, cell->text, cell->length, label);
    }
    if (result < 0)
        return error_memory(error);
    return result == 0
               ? 0
               : fail_cell(file, column,
                           "is one label too many, or too long for one: there are at most 65536, of 1024 "
                           "bytes",
                           error);
}

int csv_values_read(const struct csv_values *file, uint32_t *label, struct error *error)
{
    const struct csv_layout *layout = file->layout;

    *label = 0;
    if (file->row.count != layout->columns)
        return error_set_at(
            error, ERROR_DATA,
            &(struct error_facts){.file = file->path, .line = file->row.line, .advice = ADVICE_PACK_BROKEN},
            "has %zu column%s, expected %zu as in the first line", file->row.count,
            text_plural(file->row.count), layout->columns);
    if ((layout->form.kind == PACK_BYTES ? read_bytes : read_floats)(file, error) != 0)
        return -1;
    return layout->label == CSV_NO_COLUMN ? 0 : read_label(file, label, error);
}
