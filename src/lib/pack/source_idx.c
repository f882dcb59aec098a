/* source_idx.c: IDX files of any type as a source: MNIST's, Fashion-MNIST's, KMNIST's, EMNIST's, QMNIST's, one's own. Its units
 * of progress are samples. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/idx_file.h"
#include "data/packed_folder.h"
#include "pack/channel_order.h"
#include "pack/idx_labels.h"
#include "pack/idx_mapping.h"
#include "pack/idx_packed.h"
#include "pack/idx_pairs.h"
#include "pack/orientation.h"
#include "pack/part_name.h"

enum { PLACE = 512, TELL_EVERY = 256, MOST_VALUES = 1 << 26 };

struct idx_source {
    const struct pack_options *options;
    struct idx_pairs pairs;
    struct part_names said;
    struct idx_mapping mapping;
    struct idx_packed packed;
    struct class_names names;
    struct orientation orientation;
    struct pack_form form;
    struct channel_order channels; /* of pictures in three dimensions, else none */
    bool wide_labels;              /* QMNIST's */
    size_t values;                 /* of a sample, in the file */
    size_t count;                  /* samples */
    uint8_t *bytes;                /* of one sample, as in the file */
    void *sample;                  /* as in `form` */
};

/* The two files that are being read. */
struct idx_part {
    struct idx_source *source;
    struct idx_file *samples;
    struct idx_labels labels; /* of no file: there are none */
    enum pack_part part;
};

static int idx_is(const char *const *paths, size_t count, struct error *error)
{
    struct idx_pairs pairs;
    const int is = idx_pairs_find(&pairs, paths, count, error);

    idx_pairs_finish(&pairs);
    return is;
}

static void idx_close(void *self)
{
    struct idx_source *source = self;

    if (!source)
        return;
    idx_pairs_finish(&source->pairs);
    idx_mapping_finish(&source->mapping);
    idx_packed_finish(&source->packed);
    class_names_finish(&source->names);
    free(source->bytes);
    free(source->sample);
    free(source);
}

/* ---- the form of all samples --------------------------------------------------------------------------- */

static int part_open(struct idx_part *part, struct idx_source *source, const struct idx_pair *pair,
                     struct error *error)
{
    *part = (struct idx_part){.source = source, .part = pair->name.part};
    part->samples = idx_file_open_any(pair->samples, error);
    if (!part->samples || (pair->labels && idx_labels_open(&part->labels, pair->labels, error) != 0))
        return -1;
    if (pair->labels && idx_file_count(part->labels.file) != idx_file_count(part->samples))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pair->labels},
                            "has %zu label%s, but %s has %zu sample%s", idx_file_count(part->labels.file),
                            text_plural(idx_file_count(part->labels.file)), pair->samples,
                            idx_file_count(part->samples), text_plural(idx_file_count(part->samples)));
    return 0;
}

static void part_close(struct idx_part *part)
{
    idx_file_close(part->samples);
    idx_labels_finish(&part->labels);
}

static int form_of(const struct idx_part *part, struct pack_form *form, struct channel_order *channels,
                   struct error *error)
{
    size_t dimension[3];

    *form = (struct pack_form){.kind = idx_file_type(part->samples) == IDX_UBYTE ? PACK_BYTES : PACK_FLOATS,
                               .shape = idx_file_shape(part->samples),
                               .label_width = part->labels.width};
    if (idx_file_sample_bytes(part->samples) / idx_type_bytes(idx_file_type(part->samples)) > MOST_VALUES)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(part->samples)},
                            "has samples of more than %d values", MOST_VALUES);
    if (form->shape.rank == 0)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(part->samples)},
            "has one value for each sample, as labels have; expected pictures or rows of numbers");
    *channels = (struct channel_order){0};
    if (form->shape.rank != 3)
        return 0;
    for (size_t i = 0; i < 3; i++)
        dimension[i] = (size_t)form->shape.dim[i];
    *channels = channel_order_of(dimension, form->kind == PACK_BYTES);
    form->shape = channel_order_shape(channels);
    return 0;
}

static bool same_form(const struct pack_form *a, const struct pack_form *b)
{
    bool same = a->kind == b->kind && a->label_width == b->label_width && a->shape.rank == b->shape.rank;

    for (int32_t i = 0; same && i < a->shape.rank; i++)
        same = a->shape.dim[i] == b->shape.dim[i];
    return same;
}

/* Takes the form from the first pair; the others must have it, too. */
static int look_at(struct idx_source *source, size_t i, struct error *error)
{
    const struct idx_pair *pair = &source->pairs.list[i];
    struct pack_form form;
    struct idx_part part;
    struct channel_order channels = {0};
    int result = part_open(&part, source, pair, error);

    if (result == 0)
        result = form_of(&part, &form, &channels, error);
    if (result == 0 && i == 0) {
        source->form = form;
        source->channels = channels;
        source->wide_labels = part.labels.columns != part.labels.width;
    } else if (result == 0 && (!same_form(&form, &source->form) || channels.last != source->channels.last ||
                               channels.channels != source->channels.channels))
        result = error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pair->samples},
                              "has samples or labels of another type or shape than %s",
                              source->pairs.list[0].samples);
    if (result == 0)
        source->count += idx_file_count(part.samples);
    if (result == 0 && i + 1 == source->pairs.count) {
        source->values = idx_file_sample_bytes(part.samples) / idx_type_bytes(idx_file_type(part.samples));
        source->bytes = memory_array(source->values, sizeof(double));
        source->sample =
            memory_array(source->values, 2 * sizeof(float)); /* as read, and with channels first */
        if (!source->bytes || !source->sample)
            result = error_memory(error);
    }
    part_close(&part);
    return result;
}

static void settle_parts(struct idx_source *source)
{
    struct idx_pairs *pairs = &source->pairs;

    for (size_t i = 0; i < pairs->count; i++)
        part_names_add(&source->said, pairs->list[i].name.part);
    for (size_t i = 0; i < pairs->count && !part_names_count(&source->said); i++)
        pairs->list[i].name.part = PACK_UNSPLIT;
}

static int open_all(struct idx_source *source, const char *const *paths, size_t count, struct error *error)
{
    if (idx_pairs_find(&source->pairs, paths, count, error) <= 0)
        return error->code ? -1
                           : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = paths[0]},
                                          "no longer has IDX files");
    settle_parts(source);
    if (source->pairs.mapping && idx_mapping_load(&source->mapping, source->pairs.mapping, error) != 0)
        return -1;
    if (idx_packed_load(&source->packed, &source->pairs, error) != 0)
        return -1;
    for (size_t i = 0; i < source->pairs.count; i++)
        if (look_at(source, i, error) != 0)
            return -1;
    return 0;
}

static void *idx_open(const char *const *paths, size_t count, const struct pack_options *options,
                      struct error *error)
{
    struct idx_source *source = calloc(1, sizeof *source);

    if (!source) {
        error_memory(error);
        return NULL;
    }
    source->options = options;
    if (open_all(source, paths, count, error) == 0) {
        orientation_begin(&source->orientation, &source->form);
        return source;
    }
    idx_close(source);
    return NULL;
}

/* ---- samples ------------------------------------------------------------------------------------------- */

/* 0, -1, or 1: this one alone is wrong. */
static int read_sample(const struct idx_part *part, const void **values, struct error *error)
{
    struct idx_source *source = part->source;
    const size_t size = source->form.kind == PACK_BYTES ? 1 : sizeof(float);
    const enum idx_type type = idx_file_type(part->samples);
    uint8_t *turned = (uint8_t *)source->sample + source->values * size;

    *values = source->bytes;
    if (idx_file_read(part->samples, 1, source->bytes, error) != 0)
        return -1;
    if (source->form.kind == PACK_FLOATS) {
        const size_t finite = idx_values_floats(type, source->bytes, source->values, source->sample);
        *values = source->sample;
        if (finite < source->values) {
            error_set_at(
                error, ERROR_DATA,
                &(struct error_facts){.file = idx_file_path(part->samples), .advice = ADVICE_PACK_BROKEN},
                "value %zu of sample %zu is NaN, or infinite as a 32-bit number", finite,
                idx_file_position(part->samples) - 1);
            return 1;
        }
    }
    *values = channel_order_take(&source->channels, *values, turned, size);
    return 0;
}

static int take_next(struct idx_part *part, const struct pack_sink *sink, struct error *error)
{
    struct idx_source *source = part->source;
    const char *path = idx_file_path(part->samples), *slash = strrchr(path, '/');
    const bool mapped = source->mapping.count > 0;
    uint32_t labels[IDX_LABELS_MOST];
    const void *values;
    char place[PLACE];
    int wrong = read_sample(part, &values, error);

    snprintf(place, sizeof place, "%s[%zu]", slash ? slash + 1 : path, idx_file_position(part->samples) - 1);
    if (wrong == 0 && part->labels.file)
        wrong = idx_labels_next(&part->labels, &source->names,
                                mapped ? source->mapping.names : source->packed.classes,
                                mapped ? source->mapping.count : source->packed.class_count, labels, error);
    else if (wrong > 0 && part->labels.file &&
             idx_file_read(part->labels.file, 1, part->labels.bytes, error) != 0)
        return -1;
    if (wrong != 0)
        return wrong < 0 ? -1 : sink->broken(sink->context, place, error);
    if (part->labels.file && source->form.label_width == 1)
        orientation_add(&source->orientation, source->names.name[labels[0]], values);
    return sink->take(sink->context, part->part, values, part->labels.file ? labels : NULL, place, error);
}

static int read_pair(struct idx_source *source, size_t i, uint64_t *done, const struct pack_sink *sink,
                     struct error *error)
{
    struct idx_part part;
    int result = part_open(&part, source, &source->pairs.list[i], error);
    const size_t count = result == 0 ? idx_file_count(part.samples) : 0;

    for (size_t n = 0; result == 0 && n < count; n++) {
        result = take_next(&part, sink, error);
        ++*done;
        if (result == 0 && (*done % TELL_EVERY == 0 || n + 1 == count))
            result = sink->progress(sink->context, *done, source->count, error);
    }
    part_close(&part);
    return result;
}

/* ---- what is noticed ----------------------------------------------------------------------------------- */

static int remark(const struct idx_source *source, const struct pack_sink *sink, struct error *error)
{
    const struct orientation_case data = {.name = source->pairs.list[0].name.set,
                                          .count = source->count,
                                          .transpose = source->options->transpose,
                                          .tell_unknown = true};

    if (part_names_remark(&source->said, &source->form, sink, error) != 0 ||
        channel_order_remark(&source->channels, sink, error) != 0)
        return -1;
    if (source->wide_labels &&
        sink->remark(sink->context, "first_label_column", NULL,
                     "the labels have 8 columns, as those of QMNIST: the first one, the class, was taken",
                     error))
        return -1;
    if (source->packed.unread && source->mapping.count == 0 && source->form.label_width > 0 &&
        sink->remark(sink->context, "names_left_out", NULL,
                     PACKED_CLASSES " beside the files was not read, as no " PACKED_FACTS
                                    " of a pack is there, too: the classes are called by their numbers",
                     error))
        return -1;
    return orientation_remark(&source->orientation, &data, sink, error);
}

/* Of several labels each. Returns 0, or -1 without memory. */
static int name_labels(struct idx_source *source)
{
    const struct idx_packed *packed = &source->packed;
    const bool named = packed->class_count == source->form.label_width;
    uint32_t number;
    int failed = 0;

    for (uint32_t i = 0; !failed && i < source->form.label_width; i++)
        failed = named ? class_names_number(&source->names, packed->classes[i], strlen(packed->classes[i]),
                                            &number)
                       : class_names_whole(&source->names, i, &number);
    return failed;
}

static int idx_read(void *self, const struct pack_sink *sink, struct error *error)
{
    struct idx_source *source = self;
    uint64_t done = 0;

    if (sink->begin(sink->context, &source->form, error) != 0)
        return -1;
    for (size_t i = 0; i < source->pairs.count; i++)
        if (read_pair(source, i, &done, sink, error) != 0)
            return -1;
    if (source->form.label_width > 1 && name_labels(source) != 0)
        return error_memory(error);
    return sink->remark ? remark(source, sink, error) : 0;
}

static size_t idx_classes(const void *self, const char *const **names)
{
    const struct idx_source *source = self;

    *names = (const char *const *)source->names.name;
    return source->names.count;
}

/* That a table had which was packed before. */
static void idx_columns(const void *self, struct pack_columns *columns)
{
    const struct idx_source *source = self;

    if (source->form.shape.rank != 1 || source->packed.column_count != source->values)
        return;
    columns->names = (const char *const *)source->packed.columns;
    columns->count = source->packed.column_count;
}

static bool idx_is_transposed(const void *self)
{
    const struct idx_source *source = self;

    return source->packed.transposed;
}

const struct pack_format pack_idx = {.name = "idx",
                                     .is = idx_is,
                                     .open = idx_open,
                                     .read = idx_read,
                                     .classes = idx_classes,
                                     .close = idx_close,
                                     .columns = idx_columns,
                                     .is_transposed = idx_is_transposed,
                                     .labels = "the labels are in files of their own"};
