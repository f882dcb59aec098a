/* pack_collector.c: see pack_collector.h. */
#include "pack_collector.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static int begin(void *context, const struct pack_form *form, struct error *error)
{
    struct pack_collector *c = context;

    if (c->begun)
        return error_set(error, ERROR_FAILED, "begun twice");
    c->begun = true;
    c->form = *form;
    c->values = 1;
    for (int32_t i = 0; i < form->shape.rank; i++)
        c->values *= (size_t)form->shape.dim[i];
    c->sample_bytes = c->values * (form->kind == PACK_BYTES ? 1 : sizeof(float));
    return 0;
}

static int take(void *context, enum pack_part part, const void *values, const uint32_t *labels,
                const char *place, struct error *error)
{
    struct pack_collector *c = context;
    const size_t width = c->form.label_width;

    if (!c->begun)
        return error_set(error, ERROR_FAILED, "not begun");
    if (c->stop_after > 0 && c->count == (size_t)c->stop_after)
        return error_set(error, ERROR_FAILED, "stopped");
    if ((c->count & (c->count + 1)) == 0) { /* twice as many, and never an array of none */
        uint8_t *bytes = realloc(c->bytes, (2 * c->count + 2) * c->sample_bytes);
        c->bytes = bytes ? bytes : c->bytes;
        uint32_t *all = realloc(c->labels, (2 * c->count + 2) * (width + 1) * sizeof *all);
        c->labels = all ? all : c->labels;
        enum pack_part *parts = realloc(c->parts, (2 * c->count + 2) * sizeof *parts);
        c->parts = parts ? parts : c->parts;
        if (!bytes || !all || !parts)
            return error_memory(error);
    }
    memcpy(c->bytes + c->count * c->sample_bytes, values, c->sample_bytes);
    for (size_t i = 0; i < width; i++)
        c->labels[c->count * width + i] = labels[i];
    c->parts[c->count++] = part;
    text_add(c->places, sizeof c->places, "%s ", place);
    return 0;
}

static int broken(void *context, const char *place, struct error *error)
{
    struct pack_collector *c = context;

    (void)place;
    if (!c->skip_broken)
        return -1;
    text_add(c->messages, sizeof c->messages, "%s\n", error_text(error));
    c->broken++;
    error_clear(error);
    return 0;
}

static int progress(void *context, uint64_t done, uint64_t all, struct error *error)
{
    struct pack_collector *c = context;

    if (done < c->done || (all > 0 && done > all))
        return error_set(error, ERROR_FAILED, "progress goes back, or beyond its end");
    c->done = done;
    c->all = all;
    return 0;
}

static int remark(void *context, const char *kind, const char *option, const char *text, struct error *error)
{
    struct pack_collector *c = context;

    (void)error;
    text_add(c->remarks, sizeof c->remarks, "%s(%s): %s\n", kind, option ? option : "", text);
    return 0;
}

struct pack_sink pack_collector_sink(struct pack_collector *collector)
{
    return (struct pack_sink){collector, begin, take, broken, progress, remark};
}

void pack_collector_finish(struct pack_collector *collector)
{
    free(collector->bytes);
    free(collector->labels);
    free(collector->parts);
    *collector = (struct pack_collector){0};
}

int pack_collect(struct pack_collector *collector, const struct pack_format *format, const char *const *paths,
                 size_t count, const struct pack_options *options, char names[1024], struct error *error)
{
    const struct pack_options none = {.test = -1};
    const struct pack_sink sink = pack_collector_sink(collector);
    void *self = format->open(paths, count, options ? options : &none, error);
    const char *const *classes;
    int result = self ? format->read(self, &sink, error) : -1;

    names[0] = '\0';
    for (size_t i = 0, n = self ? format->classes(self, &classes) : 0; i < n; i++)
        text_add(names, 1024, "%s ", classes[i]);
    format->close(self);
    return result;
}
