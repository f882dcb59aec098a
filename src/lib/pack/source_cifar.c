/* source_cifar.c: CIFAR-10 and CIFAR-100 in their binary form as a source. Its units of progress are samples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "data/inflate_stream.h"
#include "pack/cifar_files.h"
#include "pack/class_names.h"

enum { PLACE = 512, TELL_EVERY = 256 };

struct cifar_source {
    struct cifar_files files;
    size_t label; /* of a record's, the one that is taken */
    size_t most;  /* classes */
    char **given; /* [given_count], names of labels */
    size_t given_count;
    struct class_names names;
    uint64_t done, all;
};

static int cifar_is(const char *const *paths, size_t count, struct error *error)
{
    struct cifar_files files;
    const int is = cifar_files_find(&files, paths, count, error);

    cifar_files_finish(&files);
    return is;
}

static void cifar_close(void *self)
{
    struct cifar_source *source = self;

    if (!source)
        return;
    cifar_files_finish(&source->files);
    class_names_finish(&source->names);
    memory_free_each((void **)source->given, source->given_count);
    free(source);
}

/* Which of its labels is asked for. */
static int choose_label(const struct cifar_source *source, const char *label, bool *coarse,
                        struct error *error)
{
    const char *path = source->files.paths[0];

    *coarse = label && strcasecmp(label, "coarse") == 0;
    if (!label)
        return 0;
    if (source->files.labels == 1)
        return error_set_at(error, ERROR_ARGUMENT,
                            &(struct error_facts){.file = path, .advice = ADVICE_PACK_NO_LABEL},
                            "is of CIFAR-10, which has one label for each picture");
    if (*coarse || strcasecmp(label, "fine") == 0)
        return 0;
    return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = path},
                        "has no label \"%.100s\"; the labels of CIFAR-100 are \"fine\" and \"coarse\"",
                        label);
}

static int open_all(struct cifar_source *source, const char *const *paths, size_t count, const char *label,
                    struct error *error)
{
    const char *names = "batches.meta.txt";
    bool coarse;

    if (cifar_files_find(&source->files, paths, count, error) <= 0)
        return error->code ? -1
                           : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = paths[0]},
                                          "no longer has files of CIFAR");
    if (choose_label(source, label, &coarse, error) != 0)
        return -1;
    source->most = 10;
    if (source->files.labels == 2) {
        source->label = coarse ? 0 : 1;
        source->most = coarse ? 20 : 100;
        names = coarse ? "coarse_label_names.txt" : "fine_label_names.txt";
    }
    for (size_t i = 0; i < source->files.count; i++)
        source->all += source->files.records[i];
    return cifar_names_load(&source->files, names, source->most, &source->given, &source->given_count, error);
}

static void *cifar_open(const char *const *paths, size_t count, const struct pack_options *options,
                        struct error *error)
{
    struct cifar_source *source = calloc(1, sizeof *source);

    if (!source) {
        error_memory(error);
        return NULL;
    }
    if (open_all(source, paths, count, options->label, error) == 0)
        return source;
    cifar_close(source);
    return NULL;
}

/* The number of the class of a record. 0, -1, or 1: the record is wrong. */
static int number(struct cifar_source *source, const char *path, size_t n, uint8_t label, uint32_t *class,
                  struct error *error)
{
    if (label >= source->most) {
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path, .advice = ADVICE_PACK_BROKEN},
                     "sample %zu has the label %u, expected 0 to %zu", n, label, source->most - 1);
        return 1;
    }
    if ((source->given_count
             ? class_names_number(&source->names, source->given[label], strlen(source->given[label]), class)
             : class_names_whole(&source->names, label, class)) == 0)
        return 0;
    return error_memory(error);
}

static int take_record(struct cifar_source *source, struct inflate_stream *stream, size_t file, size_t n,
                       const struct pack_sink *sink, struct error *error)
{
    const char *path = source->files.paths[file], *slash = strrchr(path, '/');
    const size_t labels = source->files.labels;
    uint8_t record[CIFAR_MOST_RECORD];
    char place[PLACE];
    uint32_t class;
    size_t got;
    int wrong;

    if (inflate_stream_read(stream, record, CIFAR_PIXELS + labels, &got, error) != 0)
        return -1;
    if (got < CIFAR_PIXELS + labels)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                            "ends within sample %zu; it was longer when it was opened", n);
    wrong = number(source, path, n, record[source->label], &class, error);
    snprintf(place, sizeof place, "%s[%zu]", slash ? slash + 1 : path, n);
    if (wrong != 0)
        return wrong < 0 ? -1 : sink->broken(sink->context, place, error);
    return sink->take(sink->context, source->files.parts[file], record + labels, &class, place, error);
}

static int read_file(struct cifar_source *source, size_t file, const struct pack_sink *sink,
                     struct error *error)
{
    struct inflate_stream *stream = inflate_stream_open(source->files.paths[file], error);
    const size_t count = source->files.records[file];
    int result = stream ? 0 : -1;

    for (size_t n = 0; result == 0 && n < count; n++) {
        result = take_record(source, stream, file, n, sink, error);
        source->done++;
        if (result == 0 && (source->done % TELL_EVERY == 0 || n + 1 == count))
            result = sink->progress(sink->context, source->done, source->all, error);
    }
    inflate_stream_close(stream);
    return result;
}

static int cifar_read(void *self, const struct pack_sink *sink, struct error *error)
{
    const struct pack_form form = {
        .kind = PACK_BYTES, .shape = {3, {3, CIFAR_SIDE, CIFAR_SIDE}}, .label_width = 1};
    struct cifar_source *source = self;

    if (sink->begin(sink->context, &form, error) != 0 ||
        part_names_remark(&source->files.said, &form, sink, error) != 0)
        return -1;
    for (size_t i = 0; i < source->files.count; i++)
        if (read_file(source, i, sink, error) != 0)
            return -1;
    return 0;
}

static size_t cifar_classes(const void *self, const char *const **names)
{
    const struct cifar_source *source = self;

    *names = (const char *const *)source->names.name;
    return source->names.count;
}

const struct pack_format pack_cifar = {.name = "cifar",
                                       .is = cifar_is,
                                       .open = cifar_open,
                                       .read = cifar_read,
                                       .classes = cifar_classes,
                                       .close = cifar_close};
