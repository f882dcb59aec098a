/* source_csv.c: a CSV or TSV file, or several of the same columns, as a source. Its units of progress are bytes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "data/csv_number.h"
#include "pack/class_names.h"
#include "pack/csv_folder.h"
#include "pack/csv_layout.h"
#include "pack/orientation.h"
#include "pack/part_name.h"
#include "pack/path_look.h"
#include "pack/source.h"

enum { LOOK = 4096, PLACE = 512, TELL_EVERY = 256 };

struct csv_source {
    const char *const *paths;
    size_t count;
    struct csv_folder folder; /* that they are in, if it was named; else zeroed */
    locale_t c;
    struct csv_layout *layouts; /* [count] */
    enum pack_part *parts;      /* [count] */
    const struct pack_options *options;
    struct class_names names;
    struct orientation orientation;
    size_t taken;
    void *values; /* of one sample */
    uint64_t done, all;
};

/* Of the file that is being read. */
struct csv_file {
    struct csv_source *source;
    const struct csv_layout *layout;
    const char *path;
    struct csv_row row;
};

/* ---- is it one? ---------------------------------------------------------------------------------------- */

static bool is_table(const char *text, size_t size)
{
    const char *end = memchr(text, '\n', size);

    if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return true;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' && !strchr("\t\r\n\f", text[i] ? text[i] : '\a'))
            return false;
    size = end ? (size_t)(end - text) : size;
    return memchr(text, ',', size) || memchr(text, '\t', size) || memchr(text, ';', size);
}

static int csv_is(const char *const *paths, size_t count, struct error *error)
{
    const int folder = count == 1 ? csv_folder_is(paths[0], error) : 0;
    char text[LOOK];

    if (folder != 0)
        return folder;
    for (size_t i = 0; i < count; i++) {
        size_t got;
        const int file = path_look(paths[i], text, sizeof text, &got, error);
        if (file <= 0)
            return file;
        if (!is_table(text, got))
            return 0;
    }
    return count > 0;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static void csv_close(void *self)
{
    struct csv_source *source = self;

    if (!source)
        return;
    for (size_t i = 0; source->layouts && i < source->count; i++)
        csv_layout_finish(&source->layouts[i]);
    csv_folder_finish(&source->folder);
    class_names_finish(&source->names);
    if (source->c)
        freelocale(source->c);
    free(source->layouts);
    free(source->parts);
    free(source->values);
    free(source);
}

static int open_files(struct csv_source *source, const struct pack_options *options, struct error *error)
{
    for (size_t i = 0; i < source->count; i++)
        if (csv_layout_look(&source->layouts[i], source->paths[i], options, source->c, error) != 0 ||
            (i > 0 && csv_layout_check_same(&source->layouts[i], source->paths[i], &source->layouts[0],
                                            source->paths[0], error) != 0))
            return -1;
    for (size_t i = 1; i < source->count; i++)
        if (source->layouts[i].form.kind == PACK_FLOATS)
            source->layouts[0].form.kind = PACK_FLOATS;
    for (size_t i = 1; i < source->count; i++)
        source->layouts[i].form = source->layouts[0].form;
    parts_of_paths(source->paths, source->count, source->parts);
    return 0;
}

/* The files that are named, or those of a folder. */
static int find_files(struct csv_source *source, const char *const *paths, size_t count, struct error *error)
{
    const int folder = count == 1 ? csv_folder_is(paths[0], error) : 0;

    source->paths = paths;
    source->count = count;
    if (folder <= 0)
        return folder;
    if (csv_folder_find(&source->folder, paths[0], error) != 0)
        return -1;
    source->paths = (const char *const *)source->folder.paths;
    source->count = source->folder.count;
    return 0;
}

static void *csv_open(const char *const *paths, size_t count, const struct pack_options *options,
                      struct error *error)
{
    struct csv_source *source = calloc(1, sizeof *source);

    if (!source) {
        error_memory(error);
        return NULL;
    }
    if (find_files(source, paths, count, error) != 0) {
        csv_close(source);
        return NULL;
    }
    source->options = options;
    source->layouts = calloc(source->count, sizeof *source->layouts);
    source->parts = calloc(source->count, sizeof *source->parts);
    source->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!source->layouts || !source->parts || !source->c)
        error_memory(error);
    else if (open_files(source, options, error) == 0) {
        source->values = memory_array(source->layouts[0].values, sizeof(float));
        orientation_begin(&source->orientation, &source->layouts[0].form);
        if (source->values)
            return source;
        error_memory(error);
    }
    csv_close(source);
    return NULL;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static int fail_cell(const struct csv_file *file, size_t column, const char *is, struct error *error)
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

static int read_number(const struct csv_file *file, size_t column, double *value, struct error *error)
{
    const struct csv_cell *cell = &file->row.cells[column];

    switch (csv_number(cell->text, cell->length, file->source->c, value)) {
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

static int read_bytes(const struct csv_file *file, struct error *error)
{
    const struct csv_layout *layout = file->layout;
    uint8_t *bytes = file->source->values;

    for (size_t i = 0; i < layout->columns; i++) {
        const struct csv_cell *cell = &file->row.cells[i];
        double value;
        if (i == layout->label || i == layout->index)
            continue;
        if (!csv_byte(cell->text, cell->length, bytes)) {
            if (read_number(file, i, &value, error) != 0)
                return -1;
            if (value < 0 || value > 255 || value != floor(value))
                return fail_cell(file, i, "is not a whole number from 0 to 255, as the first pixels are",
                                 error);
            *bytes = (uint8_t)value;
        }
        bytes++;
    }
    return 0;
}

static int read_floats(const struct csv_file *file, struct error *error)
{
    const struct csv_layout *layout = file->layout;
    float *floats = file->source->values;

    for (size_t i = 0; i < layout->columns; i++) {
        double value;
        if (i == layout->label || i == layout->index)
            continue;
        if (read_number(file, i, &value, error) != 0)
            return -1;
        *floats = (float)value;
        if (!isfinite(*floats++))
            return fail_cell(file, i, "is too large for a 32-bit number", error);
    }
    return 0;
}

/* A word, or a whole number however it is written: "7", "7.0". */
static int read_label(const struct csv_file *file, uint32_t *label, struct error *error)
{
    const size_t column = file->layout->label;
    const struct csv_cell *cell = &file->row.cells[column];
    double value;
    int result;

    switch (csv_number(cell->text, cell->length, file->source->c, &value)) {
    case CSV_NUMBER:
        if (value != floor(value) || fabs(value) > 1e15)
            return fail_cell(file, column, "is neither a whole number nor a word, as the label of a class is",
                             error);
        result = class_names_whole(&file->source->names, (int64_t)value, label);
        break;
    case CSV_EMPTY:
        return fail_cell(file, column, "", error);
    case CSV_DECIMAL_COMMA:
    case CSV_NOT_FINITE:
    case CSV_WORD:
    default:
        if (strcasecmp_l(cell->text, "nan", file->source->c) == 0)
            return fail_cell(file, column, "is not a label", error);
        result = class_names_number(&file->source->names, cell->text, cell->length, label);
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

/* ---- rows ---------------------------------------------------------------------------------------------- */

static int read_row(const struct csv_file *file, uint32_t *label, struct error *error)
{
    const struct csv_layout *layout = file->layout;

    *label = 0;
    if (file->row.count != layout->columns)
        return error_set_at(
            error, ERROR_DATA,
            &(struct error_facts){.file = file->path, .line = file->row.line, .advice = ADVICE_PACK_BROKEN},
            "has %zu columns, expected %zu as in the first line", file->row.count, layout->columns);
    if ((layout->form.kind == PACK_BYTES ? read_bytes : read_floats)(file, error) != 0)
        return -1;
    return layout->label == CSV_NO_COLUMN ? 0 : read_label(file, label, error);
}

static int take_row(const struct csv_file *file, enum pack_part part, const struct pack_sink *sink,
                    struct error *error)
{
    const char *slash = strrchr(file->path, '/');
    char place[PLACE];
    uint32_t label;

    snprintf(place, sizeof place, "%s:%u", slash ? slash + 1 : file->path, file->row.line);
    if (read_row(file, &label, error) != 0)
        return error->code == ERROR_MEMORY ? -1 : sink->broken(sink->context, place, error);
    file->source->taken++;
    if (file->layout->label != CSV_NO_COLUMN)
        orientation_add(&file->source->orientation, file->source->names.name[label], file->source->values);
    return sink->take(sink->context, part, file->source->values,
                      file->layout->label == CSV_NO_COLUMN ? NULL : &label, place, error);
}

static int read_file(struct csv_source *source, size_t i, const struct pack_sink *sink, struct error *error)
{
    struct csv_file file = {.source = source, .layout = &source->layouts[i], .path = source->paths[i]};
    struct csv_reader *reader = csv_reader_open(file.path, error);
    bool header = file.layout->names != NULL;
    int result = reader ? 1 : -1;

    for (unsigned n = 0; result > 0; n++) {
        result = csv_reader_next(reader, &file.row, error);
        if (result > 0 && header)
            header = false;
        else if (result > 0 && take_row(&file, source->parts[i], sink, error) != 0)
            result = -1;
        if (result >= 0 && (n % TELL_EVERY == 0 || result == 0) &&
            sink->progress(sink->context, source->done + csv_reader_position(reader), source->all, error) !=
                0)
            result = -1;
    }
    source->done += reader ? csv_reader_position(reader) : 0;
    csv_reader_close(reader);
    return result;
}

/* ---- the source ---------------------------------------------------------------------------------------- */

static int remark(const struct csv_source *source, const struct pack_sink *sink, struct error *error)
{
    const struct csv_layout *layout = &source->layouts[0];
    char text[256];

    if (csv_folder_remark(&source->folder, sink, error) != 0)
        return -1;
    if (layout->index != CSV_NO_COLUMN &&
        sink->remark(sink->context, "index_column", NULL,
                     "column 1 has no name, as the number of a row that programs write: it was left out",
                     error))
        return -1;
    if (layout->guessed && sink->remark(sink->context, "label_guessed", "label",
                                        "without a header, the first column was taken as the label", error))
        return -1;
    if (layout->side > 0) {
        snprintf(
            text, sizeof text,
            "the %zu numbers of a row may be the pixels of a picture of %zux%zu; they were packed as a row of "
            "numbers",
            layout->values, layout->side, layout->side);
        return sink->remark(sink->context, "perhaps_pictures", "size", text, error);
    }
    return 0;
}

/* What only all samples tell. */
static int look_back(const struct csv_source *source, const struct pack_sink *sink, struct error *error)
{
    const struct orientation_case data = {
        .name = source->paths[0], .count = source->taken, .transpose = source->options->transpose};

    return orientation_remark(&source->orientation, &data, sink, error);
}

/* The size of all files together; 0 if that of one is not known. */
static int measure(struct csv_source *source, struct error *error)
{
    bool known = true;

    for (size_t i = 0; i < source->count; i++) {
        struct csv_reader *reader = csv_reader_open(source->paths[i], error);
        if (!reader)
            return -1;
        known = known && csv_reader_size(reader) > 0;
        source->all += csv_reader_size(reader);
        csv_reader_close(reader);
    }
    source->all = known ? source->all : 0;
    return 0;
}

static int csv_read(void *self, const struct pack_sink *sink, struct error *error)
{
    struct csv_source *source = self;

    if (measure(source, error) != 0 || sink->begin(sink->context, &source->layouts[0].form, error) != 0 ||
        (sink->remark && remark(source, sink, error) != 0))
        return -1;
    for (size_t i = 0; i < source->count; i++)
        if (read_file(source, i, sink, error) != 0)
            return -1;
    return look_back(source, sink, error);
}

static size_t csv_classes(const void *self, const char *const **names)
{
    const struct csv_source *source = self;

    *names = (const char *const *)source->names.name;
    return source->names.count;
}

const struct pack_format pack_csv = {"csv", csv_is, csv_open, csv_read, csv_classes, csv_close};
