/* source.c: the kinds of sources there are, and how one is found. */
#include "pack/source.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"

/* The first that takes the paths reads them: those of named files come before any folder. */
static const struct pack_format *const formats[] = {&pack_idx, &pack_cifar, &pack_npz, &pack_csv,
                                                    &pack_folder};

struct pack_source {
    const struct pack_format *format;
    void *self;
};

static const struct pack_format *find_format(const char *const *paths, size_t count, struct error *error)
{
    struct stat status;

    for (size_t i = 0; i < count; i++)
        if (stat(paths[i], &status) != 0) {
            file_read_failed(paths[i], ERROR_DATA, error);
            return NULL;
        }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const int is = formats[i]->is(paths, count, error);
        if (is != 0)
            return is > 0 ? formats[i] : NULL;
    }
    error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = paths[0]},
        "is nothing that can be packed; expected a folder with a folder of pictures for each class, a CSV or "
        "TSV file, or NPZ, IDX or CIFAR files");
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
    if (options->header != PACK_HEADER_LOOK && !format->columns)
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

void pack_source_close(struct pack_source *source)
{
    if (!source)
        return;
    source->format->close(source->self);
    free(source);
}
