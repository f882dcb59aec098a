/* row_file.c: see row_file.h. */
#include "data/row_file.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_kind.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/csv_dialect.h"
#include "data/csv_number.h"
#include "data/csv_reader.h"
#include "data/idx_numbers.h"
#include "data/inflate_stream.h"

enum { BEGINNING = 8, MOST_HEADER = 1 << 16, COUNTED = 3 };

struct row_file {
    struct row_spec spec;
    char *name;
    struct csv_reader *table; /* one of both */
    struct idx_file *idx;
    locale_t c; /* of a table */
    bool begun; /* its first row is read */
    enum row_header header;
    bool counts;         /* the first row is a header because it counts */
    bool unnamed;        /* ... and has no name for the first column */
    size_t *place;       /* [values], where each column is in a sample; NULL: as in the table */
    bool above, between; /* there was a value above 1, and one between 0 and 1 */
};

/* ---- opening -------------------------------------------------------------------------------------------- */

/* Takes the stream over, NULL after an error. */
static int read_stream(struct inflate_stream *stream, void *bytes, size_t most, size_t *size,
                       struct error *error)
{
    const int failed = stream ? inflate_stream_read(stream, bytes, most, size, error) : -1;

    inflate_stream_close(stream);
    return failed;
}

static int read_beginning(const char *path, void *bytes, size_t most, size_t *size, struct error *error)
{
    return read_stream(inflate_stream_open(path, error), bytes, most, size, error);
}

/* Whether a number begins a line. */
static bool begins_number(const char *line)
{
    line += strspn(line, " \"");
    line += *line == '-' || *line == '+';
    line += *line == '.';
    return *line >= '0' && *line <= '9';
}

/* Numbers, or a row with columns and numbers below it, or one with columns that is longer than what is looked at. */
static bool is_table(const char *text, size_t size)
{
    struct csv_first first;

    if (size == 0 || file_kind(text, size) || strlen(text) < size)
        return false;
    first = csv_first_row(text, size, size < MOST_HEADER);
    if (begins_number(first.row) || !first.several)
        return begins_number(first.row);
    return first.end ? begins_number(first.end + 1 + strspn(first.end + 1, "\r\n")) : size == MOST_HEADER;
}

/* Takes the stream over; `unread` says why there is none, and is cleared. */
static int stream_is_table(struct inflate_stream *stream, struct error *unread, struct error *error)
{
    char *text = memory_array(MOST_HEADER + 1, 1);
    size_t size = 0;
    int result = 0;

    if (!text) {
        inflate_stream_close(stream);
        result = error_memory(unread);
    } else if (read_stream(stream, text, MOST_HEADER, &size, unread) == 0) {
        result = is_table(text, size);
    }
    if (unread->code == ERROR_MEMORY)
        result = error_memory(error);
    error_clear(unread);
    free(text);
    return result;
}

int row_file_is_table(const char *path, struct error *error)
{
    struct error unread = {0};
    struct stat status;

    /* a pipe would notice that it is opened */
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return 0;
    return stream_is_table(inflate_stream_open(path, &unread), &unread, error);
}

int row_file_bytes_are_table(const void *bytes, size_t size, struct error *error)
{
    struct error unread = {0};

    return stream_is_table(inflate_stream_open_memory("", bytes, size, &unread), &unread, error);
}

static struct row_file *make(const char *name, const struct row_spec *spec, struct error *error)
{
    struct row_file *file = memory_array(1, sizeof *file);

    if (file) {
        file->spec = *spec;
        file->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        file->name = memory_string(name);
    }
    if (file && file->c && file->name)
        return file;
    error_memory(error);
    row_file_close(file);
    return NULL;
}

static int check_idx(const struct row_file *file, struct error *error)
{
    const size_t values = idx_file_sample_values(file->idx);

    if (values == file->spec.values)
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                        "has samples of %zu numbers; the network takes %zu", values, file->spec.values);
}

static bool is_idx(const uint8_t *bytes, size_t size)
{
    return size > 2 && bytes[0] == 0 && bytes[1] == 0;
}

/* Refuses what is known to be no table; `from` are the places where rows are read from. */
static int check_kind(const struct row_file *file, const uint8_t *bytes, size_t size, const char *from,
                      struct error *error)
{
    const char *kind = size == 0 ? "empty" : is_idx(bytes, size) ? "an IDX file" : file_kind(bytes, size);

    return kind ? error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                               "is %s; expected rows of %zu number%s, as CSV%s", kind, file->spec.values,
                               text_plural(file->spec.values), from)
                : 0;
}

/* A row of several numbers needs something between them. */
static int check_columns(const struct row_file *file, struct error *error)
{
    return file->spec.values > 1 ? csv_reader_need_columns(file->table, error) : 0;
}

static int open_path(struct row_file *file, const char *path, struct error *error)
{
    uint8_t bytes[BEGINNING];
    size_t size;

    if (read_beginning(path, bytes, sizeof bytes, &size, error) != 0)
        return -1;
    if (is_idx(bytes, size) && !file->spec.pixels) {
        file->idx = idx_file_open_any(path, error);
        return file->idx ? check_idx(file, error) : -1;
    }
    if (check_kind(file, bytes, size, " or in an IDX file", error) != 0)
        return -1;
    file->table = csv_reader_open(path, error);
    return file->table ? check_columns(file, error) : -1;
}

struct row_file *row_file_open(const char *path, const struct row_spec *spec, struct error *error)
{
    struct row_file *file = make(path, spec, error);

    if (file && open_path(file, path, error) == 0)
        return file;
    row_file_close(file);
    return NULL;
}

struct row_file *row_file_open_memory(const char *name, const void *bytes, size_t size,
                                      const struct row_spec *spec, struct error *error)
{
    struct row_file *file = make(name, spec, error);
    uint8_t first[BEGINNING];
    size_t got;

    if (file &&
        read_stream(inflate_stream_open_memory(name, bytes, size, error), first, sizeof first, &got, error) ==
            0 &&
        check_kind(file, first, got, "", error) == 0 &&
        (file->table = csv_reader_open_memory(name, bytes, size, error)) && check_columns(file, error) == 0)
        return file;
    row_file_close(file);
    return NULL;
}

void row_file_close(struct row_file *file)
{
    if (!file)
        return;
    csv_reader_close(file->table);
    idx_file_close(file->idx);
    free(file->place);
    if (file->c)
        freelocale(file->c);
    free(file->name);
    free(file);
}

void row_file_set_header(struct row_file *file, enum row_header header)
{
    file->header = header;
}

bool row_file_header_counts(const struct row_file *file)
{
    return file->counts;
}

bool row_file_is_scaled(const struct row_file *file)
{
    return file->spec.pixels && file->between && !file->above;
}

void row_file_limit(struct row_file *file, uint64_t bytes, uint32_t lines)
{
    if (file->table)
        csv_reader_limit(file->table, bytes, lines);
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

static bool is_header(struct row_file *file, const struct csv_row *row)
{
    size_t words = 0, numbers = 0, empty = 0;
    bool counts = true;

    if (file->header != ROW_HEADER_LOOK)
        return file->header == ROW_HEADER_YES;
    if (row_columns_are_named(&file->spec, row))
        return true;
    for (size_t i = 0; i < row->count; i++) {
        double value;
        const enum csv_number is = csv_number(row->cells[i].text, row->cells[i].length, file->c, &value);
        words += is == CSV_WORD;
        empty += is == CSV_EMPTY;
        if (is == CSV_NUMBER)
            counts = counts && value == (double)numbers++;
    }
    if (words > 0)
        return words + empty == row->count;
    file->counts = numbers >= COUNTED && numbers + empty == row->count && counts;
    return file->counts;
}

/* What is wrong with a cell, where columns count from 1. */
static int fail_cell(const struct row_file *file, const struct csv_row *row, size_t column, const char *is,
                     struct error *error)
{
    const struct error_facts facts = {.file = file->name, .line = row->line};

    if (row->cells[column].length == 0)
        return error_set_at(error, ERROR_DATA, &facts, "column %zu is empty; expected a number", column + 1);
    return error_set_at(error, ERROR_DATA, &facts, "column %zu: \"%.40s\" %s", column + 1,
                        row->cells[column].text, is);
}

static int read_cell(struct row_file *file, const struct csv_row *row, size_t column, float *out,
                     struct error *error)
{
    const struct csv_cell *cell = &row->cells[column];
    double value = 0;

    switch (csv_number(cell->text, cell->length, file->c, &value)) {
    case CSV_NUMBER:
        break;
    case CSV_DECIMAL_COMMA:
        return fail_cell(file, row, column, "has a decimal comma; expected a decimal point", error);
    case CSV_NOT_FINITE:
        return fail_cell(file, row, column, "is not a finite number", error);
    case CSV_EMPTY:
    case CSV_WORD:
        return fail_cell(file, row, column, "is not a number", error);
    }
    *out = idx_float(value);
    if (!isfinite(*out))
        return fail_cell(file, row, column, "is more than a 32-bit float holds", error);
    if (file->spec.pixels && (value < 0 || value > 255))
        return fail_cell(file, row, column, "is not a pixel's value from 0 to 255", error);
    file->above = file->above || *out > 1;
    file->between = file->between || (*out > 0 && *out < 1);
    return 0;
}

/* 1: there is a row; 0: no more; -1 after setting error. */
static int next_row(struct row_file *file, struct csv_row *row, struct error *error)
{
    const bool first = !file->begun;
    int there = csv_reader_next(file->table, row, error);

    bool header;

    file->begun = true;
    if (there != 1 || !first)
        return there;
    header = is_header(file, row);
    if (row_columns_place(&file->spec, file->name, header ? row : NULL, &file->place, error) != 0)
        return -1;
    if (!header)
        return there;
    file->unnamed = row_columns_are_unnamed(row);
    there = csv_reader_next(file->table, row, error);
    return there != 0 ? there
                      : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                                     "has a header, but no rows below it");
}

static int next_of_table(struct row_file *file, float *out, bool *there, struct error *error)
{
    struct csv_row row;
    const int found = next_row(file, &row, error);

    *there = found == 1;
    if (found != 1)
        return found;
    if (row.count == file->spec.values + 1 && row.cells[row.count - 1].length == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name, .line = row.line},
                            ROW_COLUMNS_TRAILING);
    if (row.count != file->spec.values)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name, .line = row.line},
                            "has %zu column%s; the network takes %zu number%s%s", row.count,
                            text_plural(row.count), file->spec.values, text_plural(file->spec.values),
                            row.count != file->spec.values + 1 ? ""
                            : file->unnamed                    ? "; " ROW_COLUMNS_INDEX
                                                               : ", without a label");
    for (size_t i = 0; i < row.count; i++)
        if (read_cell(file, &row, i, &out[file->place ? file->place[i] : i], error) != 0)
            return -1;
    return 0;
}

int row_file_next(struct row_file *file, float *out, bool *there, struct error *error)
{
    if (file->table)
        return next_of_table(file, out, there, error);
    *there = idx_file_position(file->idx) < idx_file_count(file->idx);
    return *there ? idx_read_floats(file->idx, 1, out, error) : 0;
}
