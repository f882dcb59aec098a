/* fuzz_sink.c: see fuzz_sink.h. */
#include "fuzz_sink.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"

enum { MOST_LABELS = 1024 };

struct sink {
    struct pack_form form;
    bool begun, skip_broken;
    size_t values, count;
    uint32_t most_label;
    uint64_t done;
    uLong sum;
};

static int begin(void *context, const struct pack_form *form, struct error *error)
{
    struct sink *sink = context;

    (void)error;
    if (sink->begun || form->shape.rank < 1 || form->shape.rank > NNRUN_MAX_RANK ||
        form->label_width > MOST_LABELS)
        fuzz_fail("it begins twice, or with a form that there is not");
    sink->begun = true;
    sink->form = *form;
    sink->values = nnrun_values(&form->shape);
    if (sink->values == 0)
        fuzz_fail("its samples have no values");
    return 0;
}

static int take(void *context, enum pack_part part, const void *values, const uint32_t *labels,
                const char *place, struct error *error)
{
    struct sink *sink = context;
    const size_t size = sink->form.kind == PACK_BYTES ? 1 : sizeof(float);

    (void)error;
    if (!sink->begun || part >= PACK_PARTS || !*place || (sink->form.label_width > 0 && !labels))
        fuzz_fail("a sample without a form, a part, a place or labels");
    for (size_t i = 0; i < sink->values && size > 1; i++) {
        float value;
        memcpy(&value, (const char *)values + 4 * i, sizeof value);
        if (!isfinite(value))
            fuzz_fail("a value that is not finite");
    }
    for (size_t i = 0; i < sink->form.label_width; i++) {
        if (sink->form.label_width > 1 && labels[i] > 1)
            fuzz_fail("one of several labels is above 1");
        sink->most_label = labels[i] > sink->most_label ? labels[i] : sink->most_label;
        sink->sum = crc32_z(sink->sum, (const Bytef *)&labels[i], sizeof labels[i]);
    }
    sink->sum = crc32_z(sink->sum, values, sink->values * size);
    sink->sum = crc32_z(sink->sum, (const Bytef *)place, strlen(place));
    sink->count++;
    return 0;
}

static int broken(void *context, const char *place, struct error *error)
{
    struct sink *sink = context;

    if (!*place)
        fuzz_fail("something is broken nowhere");
    if (!sink->skip_broken)
        return -1;
    fuzz_check_error(error);
    return 0;
}

static int progress(void *context, uint64_t done, uint64_t all, struct error *error)
{
    struct sink *sink = context;

    (void)error;
    if (done < sink->done || (all > 0 && done > all))
        fuzz_fail("progress goes back, or beyond its end");
    sink->done = done;
    return 0;
}

static int remark(void *context, const char *kind, const char *option, const char *text, struct error *error)
{
    (void)context;
    (void)option;
    (void)error;
    if (!*kind || !*text)
        fuzz_fail("a remark without words");
    return 0;
}

/* Returns 0, or -1 after a refusal. */
static int read_once(const struct pack_format *format, const char *const *paths, size_t count,
                     const struct pack_options *options, struct sink *sink)
{
    const struct pack_sink calls = {sink, begin, take, broken, progress, remark};
    struct error error = {0};
    void *self = format->open(paths, count, options, &error);
    const char *const *names;
    const int failed = !self || format->read(self, &calls, &error) != 0;

    if (failed)
        fuzz_check_error(&error);
    else if (format->classes(self, &names) <= (sink->form.label_width == 1 ? sink->most_label : 0) &&
             sink->form.label_width > 0 && sink->count > 0)
        fuzz_fail("a label has no name");
    format->close(self);
    error_clear(&error);
    return failed ? -1 : 0;
}

void fuzz_source(const struct pack_format *format, const char *const *paths, size_t count,
                 const struct pack_options *options, size_t most)
{
    struct sink first = {.skip_broken = options->skip_broken}, second = first;
    struct error error = {0};
    int failed;

    if (format->is(paths, count, &error) < 0)
        fuzz_check_error(&error);
    fuzz_memory_begin();
    failed = read_once(format, paths, count, options, &first);
    if (fuzz_memory_most() > most)
        fuzz_fail("it takes %zu bytes", fuzz_memory_most());
    if (read_once(format, paths, count, options, &second) != failed || first.sum != second.sum ||
        first.count != second.count)
        fuzz_fail("read again, it is something else");
}
