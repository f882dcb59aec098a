/* pack.c: see pack.h. */
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "pack/column_names.h"
#include "pack/digit_form.h"
#include "pack/idx_content.h"
#include "pack/look.h"
#include "pack/output_place.h"
#include "pack/pack_facts.h"
#include "pack/sink.h"

enum { COLOURS = 3 };

/* A pack under way. */
struct packing {
    const struct pack_spec *spec;
    struct pack_result *result;
    struct output output;
    struct sink sink;
    struct split split;
    struct thread_pool *pool;
    bool several;          /* labels of a sample are not always one */
    uint64_t written, all; /* bytes of the files */
    uint64_t before;       /* of those before the one under way */
};

/* ---- reading and sorting ------------------------------------------------------------------------------ */

/* What the source knows of its samples: which column of a table is what, and whether they were transposed before. */
static int keep_columns(struct pack_result *result, const struct pack_source *source, struct error *error)
{
    struct pack_columns columns;

    pack_source_columns(source, &columns);
    result->label_column = columns.label;
    if (columns.label_name && !(result->label_name = memory_string(columns.label_name)))
        return error_memory(error);
    result->transposed = result->transposed != pack_source_is_transposed(source);
    if (columns.count == 0)
        return 0;
    result->columns = memory_array(columns.count, sizeof *result->columns);
    if (!result->columns)
        return error_memory(error);
    for (; result->column_count < columns.count; result->column_count++) {
        char *name = memory_string(columns.names[result->column_count]);
        if (!name)
            return error_memory(error);
        result->columns[result->column_count] = name;
    }
    return column_names_check(result->columns, result->column_count, &result->remarks, &result->named, error);
}

static int read_source(struct packing *p, struct error *error)
{
    const struct pack_spec *spec = p->spec;
    struct pack_result *result = p->result;
    struct pack_source *source = pack_source_open(spec->paths, spec->path_count, &spec->options, error);
    const char *const *names = NULL;
    size_t count;
    int failed;

    if (!source)
        return -1;
    snprintf(result->format, sizeof result->format, "%s", pack_source_format(source));
    failed = pack_source_read(source, &p->sink.calls, error);
    if (!failed)
        failed = sink_end(&p->sink, error);
    if (!failed)
        failed = keep_columns(result, source, error);
    if (!failed) {
        count = pack_source_classes(source, &names);
        if (result->form.label_width == 1)
            failed = class_order_make(&result->order, names, count, &spec->options, &result->remarks, error);
        else if (result->form.label_width > 1)
            failed = class_order_keep(&result->order, names, count, error);
        if (failed && error->code == ERROR_DATA)
            error_in_file(error, spec->paths[0]);
    }
    pack_source_close(source);
    return failed;
}

static int count_several(struct packing *p, enum pack_part part, struct error *error)
{
    const size_t labels = p->result->form.label_width;
    uint8_t *row = memory_array(labels, 1);
    int failed = 0;

    if (!row)
        return error_memory(error);
    for (size_t i = 0; !failed && i < p->split.count[part]; i++) {
        failed = spool_labels(&p->sink.spool, p->split.samples[part][i], 0, labels, row, error);
        size_t of_sample = 0;
        for (size_t k = 0; !failed && k < labels && k < p->result->order.count; k++) {
            p->result->parts[part].by_class[k] += row[k];
            of_sample += row[k];
        }
        p->several = p->several || of_sample != 1;
    }
    free(row);
    return failed;
}

static int count_classes(struct packing *p, struct error *error)
{
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++) {
        struct pack_part_result *to = &p->result->parts[part];
        to->samples = p->split.count[part];
        to->by_class = memory_array(p->result->order.count, sizeof *to->by_class);
        if (!to->by_class)
            return error_memory(error);
        for (size_t i = 0; p->result->form.label_width == 1 && i < to->samples; i++)
            to->by_class[p->result->order.of[p->sink.spool.samples[p->split.samples[part][i]].class]]++;
        if (p->result->form.label_width > 1 && count_several(p, part, error) != 0)
            return -1;
    }
    return 0;
}

/* Of several labels each. */
static int look_at_several(struct packing *p, const struct look *look, struct error *error)
{
    const struct pack_part_result *train = &p->result->parts[PACK_TRAIN];

    if (!p->several &&
        remark_add(&p->result->remarks, "one_hot", NULL, 0, error,
                   "each sample has exactly one of the labels, as it has one class; with the "
                   "number of the class in place of them (labels.argmax(1) in NumPy) it is packed as such") !=
            0)
        return -1;
    return look_at_labels(look, train->by_class, train->samples, error);
}

static int look_and_split(struct packing *p, struct error *error)
{
    struct pack_result *result = p->result;
    const bool classes = result->form.label_width == 1;
    const struct look look = {&p->sink.spool, &result->order, classes, &result->remarks};
    const struct split_spec spec = {.options = &p->spec->options,
                                    .class_of = classes ? result->order.of : NULL,
                                    .classes = classes ? result->order.count : 1,
                                    .labelled = result->form.label_width > 0};
    const size_t *by_class[PACK_PARTS] = {0};

    if ((p->spec->unique && look_drop_equal(&look, error) != 0) ||
        (p->spec->skip_constant && look_drop_constant(&look, error) != 0) ||
        split_make(&p->split, &spec, &p->sink.spool, error) != 0 || count_classes(p, error) != 0)
        return -1;
    result->drawn = p->split.drawn;
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        by_class[part] = result->parts[part].by_class;
    if (look_at_samples(&look, &p->split, error) != 0)
        return -1;
    if (spec.labelled && p->split.count[PACK_TEST] == 0 &&
        remark_add(&result->remarks, "no_test",
                   p->split.tried ? NULL : "test 0.2 to draw some from the training samples", 0, error,
                   "there are no test samples%s",
                   p->split.tried ? ", as each class has a single sample" : "") != 0)
        return -1;
    if (result->form.label_width > 1 && look_at_several(p, &look, error) != 0)
        return -1;
    return spec.labelled ? look_at_classes(&look, by_class, error) : 0;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

static int on_bytes(void *context, uint64_t done, struct error *error)
{
    struct packing *p = context;

    return sink_progress(p->spec, p->result, "writing", p->before + done, p->all, error);
}

static int write_content(struct packing *p, const char *name, const struct gzip_content *content,
                         struct error *error)
{
    const struct gzip_progress progress = {on_bytes, p};
    struct file_replacement *file = output_begin(&p->output, name, error);

    if (!file || gzip_blocks_write(p->pool, content, &progress, file, error) != 0)
        return -1;
    p->before += content->size;
    return 0;
}

static int write_part(struct packing *p, enum pack_part part, struct error *error)
{
    /* MNIST's names: what the files of a folder are is known by them */
    static const char *const stems[PACK_PARTS] = {"", "train", "validation", "t10k"};
    const struct pack_form *form = &p->result->form;
    struct pack_part_result *to = &p->result->parts[part];
    struct idx_content idx = {.spool = &p->sink.spool,
                              .samples = p->split.samples[part],
                              .count = p->split.count[part],
                              .class_of = p->result->order.of};
    struct gzip_content content;

    if (idx.count == 0)
        return 0;
    idx_content_images(&idx, form, &content);
    snprintf(to->images, sizeof to->images, "%s-images-idx%d-%s.gz", stems[part], (int)form->shape.rank + 1,
             form->kind == PACK_FLOATS ? "float" : "ubyte");
    if (write_content(p, to->images, &content, error) != 0)
        return -1;
    if (form->label_width == 0)
        return 0;
    idx_content_labels(&idx, form, &content);
    snprintf(to->labels, sizeof to->labels, "%s-labels-idx%d-ubyte.gz", stems[part],
             form->label_width > 1 ? 2 : 1);
    return write_content(p, to->labels, &content, error);
}

static int write_classes(struct packing *p, struct error *error)
{
    struct file_replacement *file;

    if (p->result->order.count == 0)
        return 0;
    file = output_begin(&p->output, OUTPUT_CLASSES, error);
    if (!file)
        return -1;
    for (size_t i = 0; i < p->result->order.count; i++) {
        const char *name = p->result->order.names[i];
        if (file_replace_write(file, name, strlen(name), error) != 0 ||
            file_replace_write(file, "\n", 1, error) != 0)
            return -1;
    }
    return 0;
}

/* For data.columns, where the names can be such. */
static int write_columns(struct packing *p, struct error *error)
{
    struct file_replacement *file = p->result->named ? output_begin(&p->output, OUTPUT_COLUMNS, error) : NULL;

    if (!file)
        return p->result->named ? -1 : 0;
    for (size_t i = 0; i < p->result->column_count; i++) {
        const char *name = p->result->columns[i];
        if (file_replace_write(file, name, strlen(name), error) != 0 ||
            file_replace_write(file, "\n", 1, error) != 0)
            return -1;
    }
    return 0;
}

static int write_facts(struct packing *p, struct error *error)
{
    json_t *facts = pack_facts(p->spec, p->result);
    char *text = json_dump_text(facts, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    struct file_replacement *file = text ? output_begin(&p->output, OUTPUT_FACTS, error) : NULL;
    int failed = -1;

    json_decref(facts);
    if (!text)
        error_memory(error);
    if (file && file_replace_write(file, text, strlen(text), error) == 0)
        failed = file_replace_write(file, "\n", 1, error);
    free(text);
    return failed;
}

/* Samples that came as such, and have the form of MNIST's digits, were prepared as those were. */
static int name_preparation(struct packing *p, enum pack_part part, struct error *error)
{
    static const char *const words[] = {
        [PICTURE_STRETCH] = "stretch", [PICTURE_FIT] = "fit", [PICTURE_CROP] = "crop"};
    const struct pack_form *form = &p->result->form;
    const struct nnrun_shape *shape = &form->shape;
    int is_digit = 0;

    if (form->kind != PACK_BYTES || !(shape->rank == 2 || (shape->rank == 3 && shape->dim[0] == COLOURS)))
        return 0;
    if (shape->rank == 2 && !p->sink.convert && !p->sink.from.finished)
        is_digit = digit_form_is(&p->sink.spool, p->split.samples[part], p->split.count[part],
                                 (size_t)shape->dim[0], (size_t)shape->dim[1], error);
    p->result->prepare = is_digit > 0 ? "digit" : words[p->spec->options.fitting];
    return is_digit < 0 ? -1 : 0;
}

static int write_all(struct packing *p, struct error *error)
{
    const enum pack_part main = p->split.count[PACK_TRAIN] > 0        ? PACK_TRAIN
                                : p->split.count[PACK_VALIDATION] > 0 ? PACK_VALIDATION
                                                                      : PACK_TEST;

    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        p->all += (uint64_t)p->split.count[part] * p->sink.spool.value_bytes;
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        if (write_part(p, part, error) != 0)
            return -1;
    if (statistics_make(&p->result->statistics, &p->sink.spool, &p->result->form, p->split.samples[main],
                        p->split.count[main], error) != 0 ||
        name_preparation(p, main, error) != 0)
        return -1;
    return write_classes(p, error) || write_columns(p, error) || write_facts(p, error) ||
                   output_commit(&p->output, error)
               ? -1
               : 0;
}

int pack_run(const struct pack_spec *spec, struct pack_result *result, struct error *error)
{
    const unsigned threads = spec->options.threads;
    struct packing p = {.spec = spec, .result = result};
    int failed;

    *result = (struct pack_result){.transposed = spec->options.transpose};
    sink_init(&p.sink, spec, result);
    failed = output_keep(spec->folder, spec->paths, spec->path_count, error) ||
             output_place_check(spec->folder, spec->paths, spec->path_count, error) ||
             output_open(&p.output, spec->folder, spec->over, error);
    if (!failed) {
        p.pool = thread_pool_create(threads ? threads : thread_pool_processors(), error);
        failed = p.pool && read_source(&p, error) == 0 && look_and_split(&p, error) == 0 &&
                         (!spec->ready || spec->ready(spec->context, result, error) == 0) &&
                         write_all(&p, error) == 0
                     ? 0
                     : -1;
    }
    thread_pool_destroy(p.pool);
    split_finish(&p.split);
    sink_finish(&p.sink);
    output_close(&p.output);
    return failed;
}
