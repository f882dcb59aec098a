/* source_csv.c: a CSV or TSV file, or several of the same columns, as a source. Its units of progress are bytes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder_io.h"
#include "base/memory.h"
#include "data/csv_dialect.h"
#include "pack/class_names.h"
#include "pack/csv_folder.h"
#include "pack/csv_layout.h"
#include "pack/csv_pixels.h"
#include "pack/csv_values.h"
#include "pack/orientation.h"
#include "pack/part_name.h"
#include "pack/path_look.h"
#include "pack/source.h"

enum { LOOK = 4096, PLACE = 512, TELL_EVERY = 256, REMARK = 512 };

struct csv_source {
    const char *const *paths;
    size_t count;
    struct csv_folder folder; /* that they are in, if it was named; else zeroed */
    locale_t c;
    struct csv_layout *layouts; /* [count] */
    enum pack_part *parts;      /* [count] */
    struct part_names said;
    const struct pack_options *options;
    struct class_names names;
    struct orientation orientation;
    size_t taken;
    void *values;             /* of one sample */
    const char **value_names; /* [values of a row], the names of columns; NULL: there are none */
    uint64_t done, all;
};

/* ---- is it one? ---------------------------------------------------------------------------------------- */

/* By the first row, which has several columns. */
static bool is_table(const char *text, size_t size)
{
    if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return true;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' && !strchr("\t\r\n\f", text[i] ? text[i] : '\a'))
            return false;
    return csv_first_row(text, size, size < LOOK).several;
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
    free(source->value_names);
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
    parts_of_paths(source->paths, source->count, source->parts, &source->said);
    return 0;
}

/* The files that are named, or those of a folder. */
static int find_files(struct csv_source *source, const char *const *paths, size_t count, struct error *error)
{
    source->paths = paths;
    source->count = count;
    if (count > 1 || !folder_exists(paths[0]))
        return 0;
    if (csv_folder_find(&source->folder, paths[0], error) != 0)
        return -1;
    source->paths = (const char *const *)source->folder.paths;
    source->count = source->folder.count;
    return 0;
}

/* Returns 0, or -1 without memory. */
static int name_values(struct csv_source *source)
{
    const struct csv_layout *layout = &source->layouts[0];
    size_t count = 0;

    if (!layout->names || layout->form.shape.rank > 1)
        return 0;
    source->value_names = memory_array(layout->values, sizeof *source->value_names);
    if (!source->value_names)
        return -1;
    for (size_t i = 0; i < layout->columns; i++)
        if (i != layout->label && i != layout->index)
            source->value_names[count++] = layout->names[i];
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
        if (source->values && name_values(source) == 0)
            return source;
        error_memory(error);
    }
    csv_close(source);
    return NULL;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static int take_row(struct csv_source *source, const struct csv_values *file, enum pack_part part,
                    const struct pack_sink *sink, struct error *error)
{
    const char *slash = strrchr(file->path, '/');
    char place[PLACE];
    uint32_t label;

    snprintf(place, sizeof place, "%s:%u", slash ? slash + 1 : file->path, file->row.line);
    if (csv_values_read(file, &label, error) != 0)
        return error->code == ERROR_MEMORY ? -1 : sink->broken(sink->context, place, error);
    source->taken++;
    if (file->layout->label != CSV_NO_COLUMN)
        orientation_add(&source->orientation, source->names.name[label], source->values);
    return sink->take(sink->context, part, source->values,
                      file->layout->label == CSV_NO_COLUMN ? NULL : &label, place, error);
}

static int read_file(struct csv_source *source, size_t i, const struct pack_sink *sink, struct error *error)
{
    struct csv_values file = {.path = source->paths[i],
                              .layout = &source->layouts[i],
                              .order = source->layouts[0].order,
                              .c = source->c,
                              .names = &source->names,
                              .values = source->values};
    struct csv_reader *reader = csv_reader_open(file.path, error);
    bool header = file.layout->names != NULL;
    int result = reader ? 1 : -1;

    for (unsigned n = 0; result > 0; n++) {
        result = csv_reader_next(reader, &file.row, error);
        if (result > 0 && header)
            header = false;
        else if (result > 0 && take_row(source, &file, source->parts[i], sink, error) != 0)
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

static int tell(const struct pack_sink *sink, const char *kind, const char *option, struct error *error,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

static int tell(const struct pack_sink *sink, const char *kind, const char *option, struct error *error,
                const char *format, ...)
{
    char text[REMARK];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return sink->remark(sink->context, kind, option, text, error);
}

/* Columns that are left out, or should perhaps be. */
static int remark_on_columns(const struct csv_source *source, const struct pack_sink *sink,
                             struct error *error)
{
    const struct csv_layout *layout = &source->layouts[0];
    char where[CSV_COLUMN_TEXT];

    if (layout->counted && tell(sink, "header_counts", "no-header to take it as a sample", error,
                                "the first row counts 0, 1, 2 and so on, and was taken as a header"))
        return -1;
    if (layout->index != CSV_NO_COLUMN && layout->names[layout->index][0] == '\0' &&
        tell(sink, "index_column", NULL, error,
             "column 1 has no name, as the number of a row that programs write: it was left out"))
        return -1;
    if (layout->index != CSV_NO_COLUMN && layout->names[layout->index][0] != '\0' &&
        tell(sink, "index_column", NULL, error, "%s numbers the rows, by its name: it was left out",
             csv_layout_column(layout, layout->index, where)))
        return -1;
    if (layout->counter != CSV_NO_COLUMN &&
        tell(sink, "index_feature", NULL, error,
             "%s was packed as a value of the samples; if it numbers the rows, leave it out of the table",
             csv_layout_column(layout, layout->counter, where)))
        return -1;
    return 0;
}

/* Why rows are numbers that may be pictures. */
static int remark_on_pictures(const struct csv_layout *layout, const struct pack_sink *sink,
                              struct error *error)
{
    const size_t pixels = csv_pixels_count(layout);
    char where[CSV_COLUMN_TEXT];

    if (layout->shuffled)
        return tell(sink, "pixel_numbers", NULL, error,
                    "the numbers in the names of the %zu columns called pixels have gaps or repeat; %s",
                    pixels,
                    layout->form.shape.rank == 1 ? "they were packed as a row of numbers"
                                                 : "they were taken in the order of the table");
    if (layout->form.shape.rank > 1)
        return 0;
    if (pixels == 0 && layout->side > 0)
        return tell(sink, "perhaps_pictures", "size", error,
                    "the %zu numbers of a row may be the pixels of a picture of %zux%zu; they were packed as "
                    "a row of numbers",
                    layout->values, layout->side, layout->side);
    if (pixels > 0 && csv_pixels_are_all(layout))
        return tell(sink, "perhaps_pictures", "size", error,
                    "the %zu columns called pixels do not make a square picture; they were packed as a row "
                    "of numbers",
                    pixels);
    if (pixels > layout->values / 2)
        return tell(sink, "perhaps_pictures", NULL, error,
                    "%s is not a pixel, so the %zu columns called pixels were packed as a row of numbers; "
                    "leave it out of the table to pack pictures",
                    csv_layout_column(layout, csv_pixels_other(layout), where), pixels);
    return 0;
}

static int remark(const struct csv_source *source, const struct pack_sink *sink, struct error *error)
{
    const struct csv_layout *layout = &source->layouts[0];

    if (csv_folder_remark(&source->folder, sink, error) != 0 ||
        part_names_remark(&source->said, &layout->form, sink, error) != 0 ||
        remark_on_columns(source, sink, error) != 0)
        return -1;
    if (layout->guessed && tell(sink, "label_guessed", "label", error,
                                "without a header, the first column was taken as the label"))
        return -1;
    return remark_on_pictures(layout, sink, error);
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

static void csv_columns(const void *self, struct pack_columns *columns)
{
    const struct csv_source *source = self;
    const struct csv_layout *layout = &source->layouts[0];
    const bool label = layout->label != CSV_NO_COLUMN;

    *columns =
        (struct pack_columns){.label = label ? layout->label + 1 : 0,
                              .label_name = label && layout->names ? layout->names[layout->label] : NULL,
                              .names = source->value_names,
                              .count = source->value_names ? layout->values : 0};
}

const struct pack_format pack_csv = {.name = "csv",
                                     .is = csv_is,
                                     .open = csv_open,
                                     .read = csv_read,
                                     .classes = csv_classes,
                                     .close = csv_close,
                                     .columns = csv_columns,
                                     .table = true};
