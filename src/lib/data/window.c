/* window.c: see window.h. */
#include "data/window.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/idx_numbers.h"

enum { PIECE = 1 << 20 }; /* bytes read between two looks at `stop` */

bool window_holds_floats(const struct window_source *source)
{
    return idx_file_type(source->images) != IDX_UBYTE;
}

size_t window_sample_bytes(const struct window_source *source)
{
    const size_t values = idx_file_sample_values(source->images);
    size_t bytes;

    if (!window_holds_floats(source))
        return values;
    return size_multiply(values, sizeof(float), &bytes) ? bytes : SIZE_MAX;
}

int window_init(struct window *window, const struct window_source *source, size_t most, struct error *error)
{
    const size_t sample = window_sample_bytes(source), label = idx_file_sample_values(source->labels);

    /* Not memory_array: zeroing 47 MB costs a tenth of inflating them. */
    *window = (struct window){.samples = memory_resize(NULL, most, sample),
                              .labels = memory_resize(NULL, most, label),
                              .order = memory_resize(NULL, most, sizeof *window->order)};
    if (window->samples && window->labels && window->order)
        return 0;
    window_finish(window);
    return error_memory(error);
}

void window_finish(struct window *window)
{
    free(window->samples);
    free(window->labels);
    free(window->order);
    *window = (struct window){0};
}

/* How a file's samples come into memory: `bytes` a sample there. */
struct part {
    struct idx_file *file;
    size_t bytes;
    bool labels, floats;
};

static int read_part(const struct part *part, size_t count, uint8_t *out, struct error *error)
{
    if (part->labels)
        return idx_read_labels(part->file, count, out, error);
    return part->floats ? idx_read_floats(part->file, count, (float *)(void *)out, error)
                        : idx_file_read(part->file, count, out, error);
}

/* Reads `count` samples into out; with `scrap`, each piece over the one before. */
static int read_pieces(const struct part *part, size_t count, uint8_t *out, bool scrap,
                       const atomic_bool *stop, struct error *error)
{
    const size_t most = part->bytes < PIECE ? PIECE / part->bytes : 1;

    while (count > 0) {
        const size_t now = count < most ? count : most;
        if ((stop && atomic_load(stop)) || read_part(part, now, out, error))
            return -1;
        count -= now;
        if (!scrap)
            out += now * part->bytes;
    }
    return 0;
}

/* What is passed over goes through out: pieces of at most `room` samples, which will be there in the end. */
static int read_range(const struct part *part, size_t first, size_t count, size_t room, uint8_t *out,
                      const atomic_bool *stop, struct error *error)
{
    if (idx_file_position(part->file) > first && idx_file_rewind(part->file, error))
        return -1;
    while (idx_file_position(part->file) < first) {
        const size_t left = first - idx_file_position(part->file);
        if (read_pieces(part, left < room ? left : room, out, true, stop, error))
            return -1;
    }
    return read_pieces(part, count, out, false, stop, error);
}

/* The place of a sample in its file. */
static size_t place_of(const struct window_source *source, size_t i)
{
    return source->index ? source->index[i] : i;
}

/* Reads the samples [first, first + count) run by run: those whose places follow each other at once. */
static int read_runs(const struct window_source *source, const struct part *part, size_t first, size_t count,
                     uint8_t *out, const atomic_bool *stop, struct error *error)
{
    size_t run;

    for (size_t i = 0; i < count; i += run) {
        const size_t place = place_of(source, first + i);

        for (run = 1; i + run < count && place_of(source, first + i + run) == place + run;)
            run++;
        if (read_range(part, place, run, count - i, out + i * part->bytes, stop, error) != 0)
            return -1;
    }
    return 0;
}

static int check_labels(const struct window *window, const struct window_source *source, size_t first,
                        size_t count, struct error *error)
{
    const struct label_rule *rule = &source->rule;
    const size_t width = idx_file_sample_values(source->labels);
    const uint32_t several = rule->binary ? 2 : 0, below = width == 1 ? rule->classes : several;

    for (size_t i = 0; below && i < count * width; i++)
        if (window->labels[i] >= below)
            return error_set_at(error, ERROR_DATA,
                                &(struct error_facts){.file = idx_file_path(source->labels)},
                                "sample %zu (the first is 0) has label %u; %s takes 0 to %" PRIu32 "%s",
                                place_of(source, first + i / width), window->labels[i], rule->taker,
                                below - 1, width == 1 ? ", as many classes as it has inputs" : "");
    return 0;
}

int window_read(struct window *window, const struct window_source *source, size_t first, size_t count,
                const atomic_bool *stop, struct error *error)
{
    const struct part labels = {source->labels, idx_file_sample_values(source->labels), true, false};
    const struct part samples = {source->images, window_sample_bytes(source), false,
                                 window_holds_floats(source)};

    if (read_runs(source, &labels, first, count, window->labels, stop, error) ||
        check_labels(window, source, first, count, error))
        return -1;
    return read_runs(source, &samples, first, count, window->samples, stop, error);
}

void window_order(struct window *window, const struct samples_walk *walk, size_t number, size_t count)
{
    window->count = count;
    if (walk->shuffle) {
        random_permutation(random_key(walk->seed, RANDOM_SHUFFLE, NULL), walk->epoch, (uint32_t)number,
                           window->order, (uint32_t)count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        window->order[i] = (uint32_t)i;
}
