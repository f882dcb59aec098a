/* sink.c: see sink.h. */
#include "pack/sink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pack/wanted_size.h"

enum { COLOURS = 3, MOST_BROKEN_NAMED = 20, MOST_VALUES = 1 << 26 };

int sink_progress(const struct pack_spec *spec, struct pack_result *result, const char *what, uint64_t done,
                  uint64_t all, struct error *error)
{
    if (!spec->progress || spec->progress(spec->context, what, done, all) == 0)
        return 0;
    result->stopped = true;
    return error_set(error, ERROR_FAILED, "interrupted");
}

static bool asks_for_pictures(const struct pack_options *options)
{
    return options->height > 0 || options->colours != PACK_AS_IT_IS || options->transpose;
}

/* Whether pictures of that shape already are what is asked for. */
static bool is_as_asked(const struct picture_size *size, const struct nnrun_shape *from, size_t channels)
{
    return !size->transpose && size->channels == channels && (channels > 1 || from->rank == 2) &&
           size->height == (size_t)from->dim[from->rank - 2] &&
           size->width == (size_t)from->dim[from->rank - 1];
}

/* What pictures of the source become; others stay as they are. */
static int plan(struct sink *sink, struct error *error)
{
    const struct nnrun_shape *from = &sink->from.shape;
    struct nnrun_shape *to = &sink->result->form.shape;
    const size_t channels = from->rank == 3 ? (size_t)from->dim[0] : 1;

    if (sink->from.finished || !asks_for_pictures(&sink->spec->options))
        return 0;
    if (sink->from.kind != PACK_BYTES || from->rank < 2 || from->rank > 3)
        return error_set(error, ERROR_ARGUMENT,
                         "these samples are not pictures: they have no size, colours or orientation");
    sink->size = wanted_size(&sink->spec->options, channels, (size_t)from->dim[from->rank - 2],
                             (size_t)from->dim[from->rank - 1]);
    if (sink->spec->options.colours != PACK_AS_IT_IS && channels != 1 && channels != COLOURS)
        return error_set(error, ERROR_ARGUMENT, "pictures of %zu channels have no colours", channels);
    sink->convert = !is_as_asked(&sink->size, from, channels);
    if (!sink->convert)
        return 0;
    *to = (struct nnrun_shape){.rank = 2, .dim = {(int32_t)sink->size.height, (int32_t)sink->size.width}};
    if (sink->size.channels > 1)
        *to = (struct nnrun_shape){
            .rank = 3,
            .dim = {(int32_t)sink->size.channels, (int32_t)sink->size.height, (int32_t)sink->size.width}};
    return 0;
}

static int check_form(const struct pack_form *form, struct error *error)
{
    size_t values = 1;
    bool fits = form->shape.rank >= 1 && form->shape.rank <= NNRUN_MAX_RANK;

    for (int32_t i = 0; fits && i < form->shape.rank; i++)
        fits = form->shape.dim[i] > 0 && size_multiply(values, (size_t)form->shape.dim[i], &values) &&
               values <= MOST_VALUES;
    return fits ? 0
                : error_set(error, ERROR_DATA, "samples of more than the %d values that are packed",
                            (int)MOST_VALUES);
}

/* Options that mean nothing to samples of that form. */
static int check_options(const struct sink *sink, struct error *error)
{
    const struct pack_options *options = &sink->spec->options;
    const size_t width = sink->from.label_width;
    const struct error_facts facts = {.file = sink->spec->paths[0],
                                      .advice =
                                          options->numbered ? ADVICE_PACK_NO_FIRST : ADVICE_PACK_NO_NATURAL};

    if (width == 1 || !(options->numbered || options->natural))
        return 0;
    return error_set_at(error, ERROR_ARGUMENT, &facts, "%s, so there are no classes to %s",
                        width > 1 ? "a sample has several labels of 0 or 1" : "the samples have no labels",
                        options->numbered ? "number" : "sort");
}

static int begin(void *context, const struct pack_form *form, struct error *error)
{
    struct sink *sink = context;

    sink->from = sink->result->form = *form;
    if (check_options(sink, error) != 0 || check_form(form, error) != 0 || plan(sink, error) != 0 ||
        check_form(&sink->result->form, error) != 0)
        return -1;
    if (sink->convert) {
        sink->converted = memory_array(nnrun_values(&sink->result->form.shape), 1);
        if (!sink->converted)
            return error_memory(error);
    }
    sink->begun = true;
    return spool_open(&sink->spool, sink->spec->folder, &sink->result->form, error);
}

/* Do its three channels differ anywhere? */
static bool has_colours(const struct nnrun_shape *shape, const uint8_t *values)
{
    const size_t area = nnrun_values(shape) / COLOURS;

    return memcmp(values, values + area, area) != 0 || memcmp(values, values + 2 * area, area) != 0;
}

static int take(void *context, enum pack_part part, const void *values, const uint32_t *labels,
                const char *place, struct error *error)
{
    struct sink *sink = context;
    const struct nnrun_shape *from = &sink->from.shape, *to = &sink->result->form.shape;

    if (sink->convert) {
        const struct picture picture = {.channels = from->rank == 3 ? (size_t)from->dim[0] : 1,
                                        .height = (size_t)from->dim[from->rank - 2],
                                        .width = (size_t)from->dim[from->rank - 1],
                                        .pixels = (uint8_t *)(uintptr_t)values};
        if (picture_size_take(&sink->size, &picture, sink->converted, error) != 0)
            return -1;
        values = sink->converted;
    }
    if (!sink->colour && sink->from.kind == PACK_BYTES && to->rank == 3 && to->dim[0] == COLOURS)
        sink->colour = has_colours(to, values);
    if (spool_add(&sink->spool, part, values, labels, place, error) == 0)
        return 0;
    return error->code == ERROR_DATA ? error_in_file(error, sink->spec->paths[0]) : -1;
}

static int broken(void *context, const char *place, struct error *error)
{
    struct sink *sink = context;
    int failed = 0;

    (void)place; /* the message names it */
    if (error->code == ERROR_MEMORY)
        return -1;
    if (!sink->spec->options.skip_broken)
        return error_advise(error, ADVICE_PACK_BROKEN);
    if (sink->passed_over++ < MOST_BROKEN_NAMED) {
        struct error failure = {0};
        failed = remark_add(&sink->broken, "broken", NULL, 1, &failure, "passed over: %s", error_text(error));
        if (failed)
            return error_move(&failure, error);
    }
    error_clear(error);
    return 0;
}

static int progress(void *context, uint64_t done, uint64_t all, struct error *error)
{
    struct sink *sink = context;

    return sink_progress(sink->spec, sink->result, "reading", done, all, error);
}

static int remark(void *context, const char *kind, const char *option, const char *text, struct error *error)
{
    struct sink *sink = context;

    return remark_add(&sink->result->remarks, kind, option, 0, error, "%s", text);
}

void sink_init(struct sink *sink, const struct pack_spec *spec, struct pack_result *result)
{
    *sink = (struct sink){.spec = spec, .result = result, .spool = {.fd = -1}};
    sink->calls = (struct pack_sink){.context = sink,
                                     .begin = begin,
                                     .take = take,
                                     .broken = broken,
                                     .progress = progress,
                                     .remark = remark};
}

static int tell_broken(struct sink *sink, struct error *error)
{
    struct remarks *to = &sink->result->remarks;

    for (size_t i = 0; i < sink->broken.count; i++)
        if (remark_add(to, "broken", NULL, 1, error, "%s", sink->broken.list[i].text) != 0)
            return -1;
    if (sink->passed_over > MOST_BROKEN_NAMED)
        return remark_add(to, "broken", NULL, sink->passed_over - MOST_BROKEN_NAMED, error,
                          "passed over: %" PRIu64 " more that cannot be read",
                          sink->passed_over - MOST_BROKEN_NAMED);
    return 0;
}

int sink_end(struct sink *sink, struct error *error)
{
    const struct pack_form *form = &sink->result->form;

    if (!sink->begun || sink->spool.count == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = sink->spec->paths[0]},
                            "no samples in it%s",
                            sink->passed_over > 0 ? ", as none of its files could be read" : "");
    if (spool_flush(&sink->spool, error) != 0 || tell_broken(sink, error) != 0)
        return -1;
    if (form->kind == PACK_BYTES && form->shape.rank == 3 && form->shape.dim[0] == COLOURS && !sink->colour &&
        sink->spec->options.colours != PACK_RGB)
        return remark_add(&sink->result->remarks, "grey_colours", "grey for a third of the values",
                          sink->spool.count, error,
                          "all pictures are grey, in three channels that are equal");
    return 0;
}

void sink_finish(struct sink *sink)
{
    spool_close(&sink->spool);
    remarks_finish(&sink->broken);
    free(sink->converted);
}
