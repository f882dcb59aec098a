/* window.c: see window.h. */
#include "data/window.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

enum { PIECE = 1 << 20 }; /* bytes read between two looks at `stop` */

int window_init(struct window *window, const struct window_source *source, size_t most, struct error *error)
{
    const size_t sample = idx_file_sample_bytes(source->images),
                 label = idx_file_sample_bytes(source->labels);

    /* Not memory_array: zeroing 47 MB costs a tenth of inflating them. */
    *window = (struct window){.pixels = memory_resize(NULL, most, sample),
                              .labels = memory_resize(NULL, most, label),
                              .order = memory_resize(NULL, most, sizeof *window->order)};
    if (window->pixels && window->labels && window->order)
        return 0;
    window_finish(window);
    return error_memory(error);
}

void window_finish(struct window *window)
{
    free(window->pixels);
    free(window->labels);
    free(window->order);
    *window = (struct window){0};
}

/* Reads `count` samples into out; with `scrap`, each piece over the one before. */
static int read_pieces(struct idx_file *file, size_t count, uint8_t *out, bool scrap, const atomic_bool *stop,
                       struct error *error)
{
    const size_t bytes = idx_file_sample_bytes(file), most = bytes < PIECE ? PIECE / bytes : 1;

    while (count > 0) {
        const size_t part = count < most ? count : most;
        if ((stop && atomic_load(stop)) || idx_file_read(file, part, out, error))
            return -1;
        count -= part;
        if (!scrap)
            out += part * bytes;
    }
    return 0;
}

static int read_range(struct idx_file *file, size_t first, size_t count, uint8_t *out,
                      const atomic_bool *stop, struct error *error)
{
    if (idx_file_position(file) > first && idx_file_rewind(file, error))
        return -1;
    /* What is passed over goes through out: pieces no longer than what will be there in the end. */
    while (idx_file_position(file) < first) {
        const size_t left = first - idx_file_position(file);
        if (read_pieces(file, left < count ? left : count, out, true, stop, error))
            return -1;
    }
    return read_pieces(file, count, out, false, stop, error);
}

static int check_labels(const struct window *window, const struct window_source *source, size_t first,
                        size_t count, struct error *error)
{
    const struct label_rule *rule = &source->rule;
    const size_t width = idx_file_sample_bytes(source->labels);
    const uint32_t several = rule->binary ? 2 : 0, below = width == 1 ? rule->classes : several;

    for (size_t i = 0; below && i < count * width; i++)
        if (window->labels[i] >= below)
            return error_set_at(error, ERROR_DATA,
                                &(struct error_facts){.file = idx_file_path(source->labels)},
                                "sample %zu (the first is 0) has label %u; %s takes 0 to %" PRIu32 "%s",
                                first + i / width, window->labels[i], rule->taker, below - 1,
                                width == 1 ? ", as many classes as it has inputs" : "");
    return 0;
}

int window_read(struct window *window, const struct window_source *source, size_t first, size_t count,
                const atomic_bool *stop, struct error *error)
{
    if (read_range(source->labels, first, count, window->labels, stop, error) ||
        check_labels(window, source, first, count, error))
        return -1;
    return read_range(source->images, first, count, window->pixels, stop, error);
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
