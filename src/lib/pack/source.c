/* source.c: the kinds of sources there are, and how one is found. */
#include "pack/source.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/file_kind.h"
#include "base/memory.h"
#include "pack/path_look.h"
#include "pack/table_fault.h"

/* The first that takes the paths reads them: those of named files come before any folder. */
static const struct pack_format *const formats[] = {&pack_idx, &pack_cifar, &pack_npz, &pack_csv,
                                                    &pack_folder};

enum { LOOK = 4096 };
#define EXPECTED                                                                                             \
    "a folder with a folder of pictures for each class, a CSV or TSV file, or NPZ, IDX or CIFAR files"

struct pack_source {
    const struct pack_format *format;
    void *self;
};

/* No format takes the paths; the first one is named, with what is known of it. */
static int fail_unknown(const char *path, struct error *error)
{
    const struct error_facts facts = {.file = path};
    char text[LOOK + 1];
    size_t got;
    const int file = path_look(path, text, LOOK, &got, error);
    const char *kind = file > 0 ? file_kind(text, got) : NULL, *fault = NULL;

    if (file < 0)
        return -1;
    text[got] = '\0';
    if (kind)
        return error_set_at(error, ERROR_DATA, &facts, "is %s; expected " EXPECTED, kind);
    if (file > 0)
        fault = table_fault(text, got);
    return fault
               ? error_set_at(error, ERROR_DATA, &facts, "%s", fault)
               : error_set_at(error, ERROR_DATA, &facts, "is nothing that can be packed; expected " EXPECTED);
}

/* The format that takes a path alone; NULL: none does, or after setting error. */
static const struct pack_format *format_of(const char *path, struct error *error)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const int is = formats[i]->is(&path, 1, error);
        if (is != 0)
            return is > 0 ? formats[i] : NULL;
    }
    return NULL;
}

/* No format takes all of them: one is unknown, or two are of different kinds. */
static int fail_paths(const char *const *paths, size_t count, struct error *error)
{
    const struct pack_format *first = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct pack_format *format = format_of(paths[i], error);
        if (error->code != ERROR_NONE)
            return -1;
        if (!format)
            return fail_unknown(paths[i], error);
        if (first && format != first)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = paths[i]},
                                "is a source of another kind (%s) than %s (%s); pack each by itself",
                                format->name, paths[0], first->name);
        first = format;
    }
    return fail_unknown(paths[0], error);
}

struct named_file {
    const char *path;
    struct stat status;
};

static int by_file(const void *a, const void *b)
{
    const struct stat *one = &((const struct named_file *)a)->status,
                      *other = &((const struct named_file *)b)->status;

    if (one->st_dev != other->st_dev)
        return one->st_dev < other->st_dev ? -1 : 1;
    return one->st_ino < other->st_ino ? -1 : one->st_ino > other->st_ino;
}

/* All are there, none is a pipe, and none is given twice. */
static int check_paths(const char *const *paths, size_t count, struct error *error)
{
    struct named_file *files = memory_array(count, sizeof *files);
    int result = 0;

    if (!files)
        return error_memory(error);
    for (size_t i = 0; result == 0 && i < count; i++) {
        files[i].path = paths[i];
        if (stat(paths[i], &files[i].status) != 0)
            result = file_read_failed(paths[i], ERROR_DATA, error);
        else if (S_ISFIFO(files[i].status.st_mode))
            result = error_set_at(error, ERROR_DATA, &(struct error_facts){.file = paths[i]},
                                  "is not a regular file but a pipe; write its content to a file first");
    }
    if (result == 0)
        qsort(files, count, sizeof *files, by_file);
    for (size_t i = 1; result == 0 && i < count; i++)
        if (by_file(&files[i - 1], &files[i]) == 0)
            result = error_set(error, ERROR_ARGUMENT, "%s and %s are the same; name it once",
                               files[i - 1].path, files[i].path);
    free(files);
    return result;
}

static const struct pack_format *find_format(const char *const *paths, size_t count, struct error *error)
{
    if (check_paths(paths, count, error) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const int is = formats[i]->is(paths, count, error);
        if (is != 0)
            return is > 0 ? formats[i] : NULL;
    }
    fail_paths(paths, count, error);
    return NULL;
}

/* Options that mean nothing to a source. */
static int check_options(const struct pack_format *format, const char *path,
                         const struct pack_options *options, struct error *error)
{
    if (options->label && format->labels)
        return error_set_at(error, ERROR_ARGUMENT,
                            &(struct error_facts){.file = path, .advice = ADVICE_PACK_NO_LABEL},
                            "no label can be chosen, as %s", format->labels);
    if (options->header != PACK_HEADER_LOOK && !format->table)
        return error_set_at(error, ERROR_ARGUMENT,
                            &(struct error_facts){.file = path, .advice = ADVICE_PACK_NO_HEADER},
                            "is not a table, and so has no header");
    return 0;
}

struct pack_source *pack_source_open(const char *const *paths, size_t count,
                                     const struct pack_options *options, struct error *error)
{
    const struct pack_format *format = find_format(paths, count, error);
    struct pack_source *source;

    if (!format || check_options(format, paths[0], options, error) != 0)
        return NULL;
    source = memory_array(1, sizeof *source);
    if (!source) {
        error_memory(error);
        return NULL;
    }
    source->format = format;
    source->self = format->open(paths, count, options, error);
    if (source->self)
        return source;
    free(source);
    return NULL;
}

const char *pack_source_format(const struct pack_source *source)
{
    return source->format->name;
}

int pack_source_read(struct pack_source *source, const struct pack_sink *sink, struct error *error)
{
    return source->format->read(source->self, sink, error);
}

size_t pack_source_classes(const struct pack_source *source, const char *const **names)
{
    return source->format->classes(source->self, names);
}

void pack_source_columns(const struct pack_source *source, struct pack_columns *columns)
{
    *columns = (struct pack_columns){0};
    if (source->format->columns)
        source->format->columns(source->self, columns);
}

bool pack_source_is_transposed(const struct pack_source *source)
{
    return source->format->is_transposed && source->format->is_transposed(source->self);
}

void pack_source_close(struct pack_source *source)
{
    if (!source)
        return;
    source->format->close(source->self);
    free(source);
}
