/* source_npz.c: NPZ files, NumPy's, as a source: MedMNIST's, and others with samples and labels in arrays of the usual names. Its
 * units of progress are samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pack/channel_order.h"
#include "pack/class_names.h"
#include "pack/npz_arrays.h"
#include "pack/orientation.h"
#include "pack/path_look.h"

enum { PLACE = 512, TELL_EVERY = 256 };

struct npz_source {
    struct npz_arrays arrays;
    const struct pack_options *options;
    struct class_names names;
    struct orientation orientation;
    struct pack_form form;
    struct channel_order channels; /* of pictures in three dimensions, else none */
    size_t values;                 /* of a sample, in the file */
    uint64_t done, all;
    uint8_t *bytes; /* of one sample, as in the file */
    void *sample;   /* as in `form`, twice */
};

/* What is being read. */
struct npz_part {
    struct npz_source *source;
    const struct npz_pair *pair;
    struct zip_file *samples, *labels;
    size_t n; /* the next sample */
};

static int npz_is(const char *const *paths, size_t count, struct error *error)
{
    char begin[4];
    size_t got;

    for (size_t i = 0; i < count; i++) {
        const int file = path_look(paths[i], begin, sizeof begin, &got, error);
        if (file <= 0)
            return file;
        if (got < 4 || memcmp(begin, "PK\3\4", 4) != 0)
            return 0;
    }
    return count > 0;
}

static void npz_close(void *self)
{
    struct npz_source *source = self;

    if (!source)
        return;
    npz_arrays_finish(&source->arrays);
    class_names_finish(&source->names);
    free(source->bytes);
    free(source->sample);
    free(source);
}

/* ---- the form of all samples --------------------------------------------------------------------------- */

static void form_of(const struct npz_pair *pair, struct pack_form *form, struct channel_order *channels)
{
    const struct npy_header *header = &pair->samples->header;
    const size_t *dimension = header->dimension + 1;

    *channels = (struct channel_order){0};
    *form =
        (struct pack_form){.kind = header->kind == 'u' && header->value_bytes == 1 ? PACK_BYTES : PACK_FLOATS,
                           .shape = {.rank = (int32_t)header->rank - 1},
                           .label_width = pair->labels ? pair->labels->values : 0};
    for (size_t i = 0; i + 1 < header->rank; i++)
        form->shape.dim[i] = (int32_t)dimension[i];
    if (header->rank < 4)
        return;
    *channels = channel_order_of(dimension, form->kind == PACK_BYTES);
    form->shape = channel_order_shape(channels);
}

static bool same_form(const struct npz_source *source, const struct npz_pair *pair)
{
    const struct npy_header *a = &source->arrays.pairs[0].samples->header, *b = &pair->samples->header;
    const struct pack_form *form = &source->form;
    struct channel_order channels;
    struct pack_form other;

    form_of(pair, &other, &channels);
    if (a->rank != b->rank || a->value_bytes != b->value_bytes || form->kind != other.kind ||
        form->label_width != other.label_width || channels.last != source->channels.last ||
        channels.channels != source->channels.channels || form->shape.rank != other.shape.rank)
        return false;
    for (int32_t i = 0; i < form->shape.rank; i++)
        if (form->shape.dim[i] != other.shape.dim[i])
            return false;
    return true;
}

static int open_all(struct npz_source *source, const char *const *paths, size_t count, struct error *error)
{
    const struct npz_pair *first;

    if (npz_arrays_find(&source->arrays, paths, count, error) != 0)
        return -1;
    first = &source->arrays.pairs[0];
    form_of(first, &source->form, &source->channels);
    source->values = first->samples->values;
    for (size_t i = 0; i < source->arrays.pair_count; i++) {
        const struct npz_pair *pair = &source->arrays.pairs[i];
        source->all += pair->samples->count;
        if (!same_form(source, pair))
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pair->samples->path},
                                "%s has samples or labels of another type or shape than %s",
                                pair->samples->file, first->samples->file);
    }
    source->bytes = memory_array(source->values, first->samples->header.value_bytes);
    source->sample = memory_array(source->values, 2 * (source->form.kind == PACK_BYTES ? 1 : sizeof(float)));
    orientation_begin(&source->orientation, &source->form);
    return source->bytes && source->sample ? 0 : error_memory(error);
}

static void *npz_open(const char *const *paths, size_t count, const struct pack_options *options,
                      struct error *error)
{
    struct npz_source *source = calloc(1, sizeof *source);

    if (!source) {
        error_memory(error);
        return NULL;
    }
    source->options = options;
    if (open_all(source, paths, count, error) == 0)
        return source;
    npz_close(source);
    return NULL;
}

/* ---- samples ------------------------------------------------------------------------------------------- */

static int fail_value(const struct npz_array *array, size_t n, double value, const char *expected,
                      struct error *error)
{
    error_set_at(error, ERROR_DATA, &(struct error_facts){.file = array->path, .advice = ADVICE_PACK_BROKEN},
                 "%s: sample %zu has the value %g, expected %s", array->file, n, value, expected);
    return 1;
}

/* 0, -1, or 1: this one alone is wrong. */
static int read_sample(const struct npz_part *part, const void **values, struct error *error)
{
    struct npz_source *source = part->source;
    const struct npz_array *array = part->pair->samples;
    const size_t size = source->form.kind == PACK_BYTES ? 1 : sizeof(float);
    uint8_t *turned = (uint8_t *)source->sample + source->values * size;
    float *floats = source->sample;

    *values = source->bytes;
    if (zip_file_read(part->samples, source->bytes, source->values * array->header.value_bytes, error) != 0)
        return -1;
    if (source->form.kind == PACK_FLOATS) {
        *values = floats;
        for (size_t i = 0; i < source->values; i++) {
            const double value = npy_value(&array->header, source->bytes, i);
            floats[i] = (float)value;
            if (!isfinite(floats[i]))
                return fail_value(array, part->n, value, "a finite 32-bit number", error);
        }
    }
    *values = channel_order_take(&source->channels, *values, turned, size);
    return 0;
}

static int read_labels(const struct npz_part *part, uint32_t *labels, struct error *error)
{
    const struct npz_array *array = part->pair->labels;
    struct class_names *names = &part->source->names;
    uint8_t bytes[NPZ_MOST_LABELS * 8];
    double value;
    int result;

    if (zip_file_read(part->labels, bytes, array->values * array->header.value_bytes, error) != 0)
        return -1;
    for (size_t i = 0; array->values > 1 && i < array->values; i++) {
        value = npy_value(&array->header, bytes, i);
        if (value != 0 && value != 1)
            return fail_value(array, part->n, value, "0 or 1, as of several labels each is", error);
        labels[i] = (uint32_t)value;
    }
    if (array->values > 1)
        return 0;
    value = npy_value(&array->header, bytes, 0);
    if (!(fabs(value) < 1e15) || value != floor(value))
        return fail_value(array, part->n, value, "a whole number", error);
    result = class_names_whole(names, (int64_t)value, labels);
    if (result < 0)
        return error_memory(error);
    return result == 0 ? 0 : fail_value(array, part->n, value, "at most 65536 different ones", error);
}

static int take_next(struct npz_part *part, const struct pack_sink *sink, struct error *error)
{
    const struct npz_array *array = part->pair->samples;
    uint32_t labels[NPZ_MOST_LABELS];
    struct error other = {0};
    const void *values;
    char place[PLACE];
    int wrong = read_sample(part, &values, error), label = 0;

    snprintf(place, sizeof place, "%.*s[%zu]", (int)strlen(array->file) - 4, array->file, part->n);
    if (wrong >= 0 && part->labels)
        label = read_labels(part, labels, wrong ? &other : error);
    if (label < 0 && wrong > 0)
        return error_move(&other, error);
    error_clear(&other);
    if (wrong < 0 || label < 0)
        return -1;
    if (wrong > 0 || label > 0)
        return sink->broken(sink->context, place, error);
    if (part->labels && part->source->form.label_width == 1)
        orientation_add(&part->source->orientation, part->source->names.name[labels[0]], values);
    return sink->take(sink->context, part->pair->part, values, part->labels ? labels : NULL, place, error);
}

static int read_pair(struct npz_source *source, const struct npz_pair *pair, const struct pack_sink *sink,
                     struct error *error)
{
    struct npz_part part = {.source = source, .pair = pair, .samples = npz_array_open(pair->samples, error)};
    int result = part.samples ? 0 : -1;

    if (result == 0 && pair->labels) {
        part.labels = npz_array_open(pair->labels, error);
        result = part.labels ? 0 : -1;
    }
    for (; result == 0 && part.n < pair->samples->count; part.n++) {
        result = take_next(&part, sink, error);
        source->done++;
        if (result == 0 && (source->done % TELL_EVERY == 0 || part.n + 1 == pair->samples->count))
            result = sink->progress(sink->context, source->done, source->all, error);
    }
    zip_file_close(part.samples);
    zip_file_close(part.labels);
    return result;
}

static int remark(const struct npz_source *source, const struct pack_sink *sink, struct error *error)
{
    char text[512];

    if (part_names_remark(&source->arrays.said, &source->form, sink, error) != 0 ||
        channel_order_remark(&source->channels, sink, error) != 0)
        return -1;
    if (!source->arrays.left_out)
        return 0;
    snprintf(text, sizeof text, "the array %.200s was left out: its name tells neither samples nor labels",
             source->arrays.left_out->file);
    return sink->remark(sink->context, "array_left_out", NULL, text, error);
}

static int npz_read(void *self, const struct pack_sink *sink, struct error *error)
{
    struct npz_source *source = self;
    const struct orientation_case data = {
        .name = source->arrays.list[0].path, .count = source->all, .transpose = source->options->transpose};

    if (sink->begin(sink->context, &source->form, error) != 0 ||
        (sink->remark && remark(source, sink, error) != 0))
        return -1;
    for (size_t i = 0; i < source->arrays.pair_count; i++)
        if (read_pair(source, &source->arrays.pairs[i], sink, error) != 0)
            return -1;
    if (source->form.label_width > 1)
        for (uint32_t i = 0, number; i < source->form.label_width; i++)
            if (class_names_whole(&source->names, i, &number) != 0)
                return error_memory(error);
    return orientation_remark(&source->orientation, &data, sink, error);
}

static size_t npz_classes(const void *self, const char *const **names)
{
    const struct npz_source *source = self;

    *names = (const char *const *)source->names.name;
    return source->names.count;
}

const struct pack_format pack_npz = {.name = "npz",
                                     .is = npz_is,
                                     .open = npz_open,
                                     .read = npz_read,
                                     .classes = npz_classes,
                                     .close = npz_close,
                                     .labels = "the labels are in an array of their own"};
