/* samples.c: see samples.h. Opening and its checks, walks, batches. */
#include "data/samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/idx_numbers.h"
#include "data/split.h"
#include "data/window.h"
#include "data/window_reader.h"

struct samples {
    struct window_source source;
    uint32_t *index; /* [all] see samples_keep_back; NULL: samples are in the order of their files */
    bool indexed;    /* it is there, or about to be */
    size_t window;   /* samples in a window */
    bool any_scale;  /* numbers, not pixels */
    bool keep;       /* the whole file is one window, kept */
    bool kept_read;
    struct window kept;
    struct window_reader *reader; /* NULL until the first walk that streams */

    struct samples_walk walk;
    const struct window *current; /* NULL: the next is not entered yet */
    size_t number;                /* of the current or next window */
    size_t used;                  /* samples of it handed out or passed over */
    size_t left;                  /* samples of the walk not yet handed out */

    const uint8_t **pixels, **labels; /* [room], the batch */
    const float **floats;             /* [room] in place of pixels */
    uint32_t *numbers;
    size_t room;
};

/* The shape without leading dimensions of 1; one dimension stays. */
static struct nnrun_shape strip(struct nnrun_shape shape)
{
    struct nnrun_shape stripped = {0};
    int32_t i = 0;

    while (i < shape.rank - 1 && shape.dim[i] == 1)
        i++;
    while (i < shape.rank)
        stripped.dim[stripped.rank++] = shape.dim[i++];
    return stripped;
}

static bool same_shape(struct nnrun_shape input, const struct idx_file *images)
{
    const struct nnrun_shape a = strip(input), b = strip(idx_file_shape(images));

    if (input.rank == 1)
        return (size_t)input.dim[0] == idx_file_sample_values(images);
    if (a.rank != b.rank)
        return false;
    for (int32_t i = 0; i < a.rank; i++)
        if (a.dim[i] != b.dim[i])
            return false;
    return true;
}

/* Adds "1, 28, 28". */
static void shape_list(const struct nnrun_shape *shape, const char *between, char text[IDX_SHAPE_TEXT])
{
    for (int32_t i = 0; i < shape->rank; i++)
        text_add(text, IDX_SHAPE_TEXT, "%s%" PRId32, i ? between : "", shape->dim[i]);
}

/* What a pixel is worth is known of bytes alone. */
static int check_pixels(const struct idx_file *images, struct error *error)
{
    const enum idx_type type = idx_file_type(images);

    if (type == IDX_UBYTE)
        return 0;
    return error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(images), .key = "data.values"},
        "holds %s (0x%02x), pixels are unsigned bytes (0x08); write values = \"numbers\" in the "
        "config's group data",
        idx_type_name(type), (unsigned)type);
}

static int check_images(const struct idx_file *images, struct nnrun_shape input, struct error *error)
{
    struct nnrun_shape shape = idx_file_shape(images);
    char text[IDX_SHAPE_TEXT], own[IDX_SHAPE_TEXT] = "", wanted[IDX_SHAPE_TEXT] = "",
                               given[IDX_SHAPE_TEXT] = "";

    if (shape.rank == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(images)},
                            "has one dimension; images have 2 to 4. Are these labels?");
    if (same_shape(input, images))
        return 0;
    idx_shape_text(shape, text);
    if (shape.rank == 2)
        shape = (struct nnrun_shape){3, {1, shape.dim[0], shape.dim[1]}};
    shape_list(&shape, ", ", own);
    shape_list(&shape, ",", given);
    shape_list(&input, ", ", wanted);
    return error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(images)},
        "has samples of %s, but the network's input is [%s]; to train on them, write input = [%s] "
        "into the config, or input=[%s] after it on the command line",
        text, wanted, own, given);
}

static int check_labels(const struct idx_file *labels, const struct idx_file *images,
                        const struct label_rule *rule, struct error *error)
{
    const struct nnrun_shape shape = idx_file_shape(labels);
    const size_t width = idx_file_sample_values(labels);
    char others[32] = "";

    if (shape.rank > 1)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(labels)},
                            "has %" PRId32 " dimensions; labels have 1 or 2. Are these images?",
                            shape.rank + 1);
    if (rule->several > 1)
        snprintf(others, sizeof others, ", or %zu", rule->several);
    if (width != 1 && width != rule->several)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(labels)},
                            "has %zu labels per sample; %s takes one%s", width, rule->taker, others);
    if (idx_file_count(labels) != idx_file_count(images))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(labels)},
                            "has labels for %zu samples, but %s has %zu samples", idx_file_count(labels),
                            idx_file_path(images), idx_file_count(images));
    return idx_check_labels(labels, error);
}

/* Of the windows alone; SIZE_MAX if they are more than that. */
static size_t window_bytes(const struct samples *s)
{
    const size_t count = samples_count(s), most = s->window < count ? s->window : count;
    const size_t windows = s->keep ? 1 : WINDOW_READER_PLACES;
    size_t sample, bytes;

    return size_add(samples_bytes(s), samples_label_width(s) + sizeof *s->kept.order, &sample) &&
                   size_multiply(most, windows, &bytes) && size_multiply(bytes, sample, &bytes)
               ? bytes
               : SIZE_MAX;
}

/* Before it is allocated: the system would promise more than it has, and kill us later. */
static int check_memory(const struct samples *s, struct error *error)
{
    const size_t count = samples_count(s), most = s->window < count ? s->window : count;
    const size_t physical = memory_physical();

    if (physical == 0 || samples_window_bytes(s) <= physical)
        return 0;
    if (s->indexed && window_bytes(s) <= physical)
        return error_set_at(
            error, ERROR_DATA,
            &(struct error_facts){.file = idx_file_path(s->source.images), .key = "data.split"},
            "to draw validation samples by class takes %zu bytes for each of %zu samples, and with the windows more "
            "than the %zu MB of this machine's memory: lower data.window, or write split = \"tail\"",
            sizeof *s->index, count, physical >> 20);
    return error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(s->source.images)},
        "windows of %zu samples of %zu bytes need more than the %zu MB of this machine's memory: "
        "lower data.window",
        most, window_sample_bytes(&s->source), physical >> 20);
}

struct samples *samples_open(const struct samples_spec *spec, struct error *error)
{
    struct samples *s = calloc(1, sizeof *s);
    struct idx_file *images, *labels;

    if (!s) {
        error_memory(error);
        return NULL;
    }
    images = s->source.images = idx_file_open_any(spec->images, error);
    if (!images || (!spec->numbers && check_pixels(images, error)) ||
        check_images(images, spec->input, error))
        goto failed;
    labels = s->source.labels = idx_file_open_any(spec->labels, error);
    if (!labels || check_labels(labels, images, &spec->rule, error))
        goto failed;
    s->source.rule = spec->rule;
    s->any_scale = spec->numbers;
    s->window = spec->window < 1 ? 1 : spec->window;
    s->keep = !spec->stream && idx_file_count(images) <= s->window;
    if (check_memory(s, error))
        goto failed;
    return s;

failed:
    samples_close(s);
    return NULL;
}

void samples_close(struct samples *s)
{
    if (!s)
        return;
    window_reader_destroy(s->reader);
    window_finish(&s->kept);
    idx_file_close(s->source.images);
    idx_file_close(s->source.labels);
    free(s->index);
    free(s->pixels);
    free(s->floats);
    free(s->labels);
    free(s->numbers);
    free(s);
}

int samples_keep_back(struct samples *s, size_t back, uint64_t seed, struct error *error)
{
    const size_t all = samples_count(s);

    s->indexed = true;
    if (check_memory(s, error) != 0)
        return -1;
    free(s->index);
    s->index = memory_array(all, sizeof *s->index);
    if (!s->index)
        return error_memory(error);
    s->source.index = s->keep ? NULL : s->index; /* what is kept is read as it is in its file */
    return split_by_class(s->source.labels, back, seed, s->index, error);
}

const uint32_t *samples_index(const struct samples *s)
{
    return s->index;
}

size_t samples_count(const struct samples *s)
{
    return idx_file_count(s->source.images);
}

struct nnrun_shape samples_shape(const struct samples *s)
{
    return idx_file_shape(s->source.images);
}

size_t samples_bytes(const struct samples *s)
{
    return window_sample_bytes(&s->source);
}

bool samples_are_numbers(const struct samples *s)
{
    return s->any_scale;
}

bool samples_are_floats(const struct samples *s)
{
    return window_holds_floats(&s->source);
}

size_t samples_window_bytes(const struct samples *s)
{
    size_t bytes = window_bytes(s);

    return size_add_array(&bytes, s->indexed ? samples_count(s) : 0, sizeof *s->index) ? bytes : SIZE_MAX;
}

size_t samples_label_width(const struct samples *s)
{
    return idx_file_sample_values(s->source.labels);
}

static int start_kept(struct samples *s, struct error *error)
{
    const size_t count = samples_count(s);

    if (!s->kept.samples && window_init(&s->kept, &s->source, count, error))
        return -1;
    if (!s->kept_read && window_read(&s->kept, &s->source, 0, count, NULL, error))
        return -1;
    s->kept_read = true;
    window_order(&s->kept, &s->walk, 0, s->walk.count);
    return 0;
}

static int start_streamed(struct samples *s, struct error *error)
{
    const size_t count = samples_count(s);

    if (!s->reader)
        s->reader = window_reader_create(&s->source, s->window < count ? s->window : count, error);
    if (!s->reader)
        return -1;
    return s->left ? window_reader_start(s->reader, &s->walk, s->number, error) : 0;
}

int samples_start(struct samples *s, const struct samples_walk *walk, struct error *error)
{
    const size_t count = samples_count(s);

    if (s->reader)
        window_reader_stop(s->reader);
    s->current = NULL;
    s->left = 0;
    if (walk->first > count || walk->count > count - walk->first || walk->skip > walk->count)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(s->source.images)},
            "has %zu samples; %zu from number %zu on, less the first %zu, cannot be read from it", count,
            walk->count, walk->first, walk->skip);
    s->walk = *walk;
    s->number = walk->skip / s->window;
    s->used = walk->skip % s->window;
    s->left = walk->count - walk->skip;
    if (s->keep ? start_kept(s, error) : start_streamed(s, error)) {
        s->left = 0;
        return -1;
    }
    return 0;
}

static int grow_batch(struct samples *s, size_t most, struct error *error)
{
    const uint8_t **pixels, **labels;
    const float **floats;
    uint32_t *numbers;

    if (most <= s->room)
        return 0;
    if (samples_are_floats(s)) {
        floats = memory_resize(s->floats, most, sizeof *floats);
        if (!floats)
            return error_memory(error);
        s->floats = floats;
    } else {
        pixels = memory_resize(s->pixels, most, sizeof *pixels);
        if (!pixels)
            return error_memory(error);
        s->pixels = pixels;
    }
    labels = memory_resize(s->labels, most, sizeof *labels);
    if (!labels)
        return error_memory(error);
    s->labels = labels;
    numbers = memory_resize(s->numbers, most, sizeof *numbers);
    if (!numbers)
        return error_memory(error);
    s->numbers = numbers;
    s->room = most;
    return 0;
}

/* Makes window s->number the current one. */
static int enter_window(struct samples *s, struct error *error)
{
    s->current = s->keep ? &s->kept : window_reader_get(s->reader, s->number, error);
    return s->current ? 0 : -1;
}

int samples_next(struct samples *s, size_t most, struct batch *batch, struct error *error)
{
    const size_t sample_bytes = samples_bytes(s), label_bytes = samples_label_width(s);
    /* A kept window begins with the file's first sample, a streamed one with its own. */
    const size_t base = s->keep ? s->walk.first : 0;

    *batch = (struct batch){0};
    if (most > s->window)
        most = s->window; /* so that a batch touches two windows at most */
    if (most > s->left)
        most = s->left;
    if (grow_batch(s, most, error))
        return -1;
    if (s->reader)
        window_reader_release(s->reader, s->number);

    for (size_t n = 0; n < most; n++) {
        if (!s->current && enter_window(s, error))
            return -1;
        const size_t at = base + s->current->order[s->used++];
        const size_t whole = s->keep ? at : s->walk.first + s->number * s->window + at;
        const size_t number = s->index ? s->index[whole] : whole, i = s->keep ? number : at;
        const uint8_t *sample = s->current->samples + i * sample_bytes;
        s->numbers[n] = (uint32_t)number;
        if (s->floats)
            s->floats[n] = (const float *)(const void *)sample;
        else
            s->pixels[n] = sample;
        s->labels[n] = s->current->labels + i * label_bytes;
        if (s->used == s->current->count) {
            s->current = NULL;
            s->number++;
            s->used = 0;
        }
    }
    s->left -= most;
    *batch = (struct batch){.count = most,
                            .pixels = s->pixels,
                            .floats = s->floats,
                            .labels = s->labels,
                            .label_width = label_bytes,
                            .numbers = s->numbers,
                            .epoch = s->walk.epoch};
    return 0;
}
