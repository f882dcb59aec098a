/* source_folder.c: pictures in a folder for each class. They are decoded and brought to size on all threads, a few at a
 * time, and pushed in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread_pool.h"
#include "pack/folder_scan.h"
#include "pack/folder_slot.h"

enum {
    AT_ONCE = 16, /* files of a thread */
    MOST_KINDS = 8,
    MOST_TALLIED = 10000,
    KINDS_TEXT = 400
};

struct folder {
    const struct pack_options *options;
    struct folder_scan scan;
    struct thread_pool *pool;
    struct slot_reader reader;
    struct slot *slots;
    size_t slot_count, first; /* file of slot 0 */
};

static int is_folder(const char *const *paths, size_t count, struct error *error)
{
    struct stat status;

    for (size_t i = 0; i < count; i++) {
        if (stat(paths[i], &status) != 0)
            return file_read_failed(paths[i], ERROR_DATA, error);
        if (!S_ISDIR(status.st_mode))
            return 0;
    }
    return 1;
}

static void close_folder(void *self)
{
    struct folder *folder = self;

    thread_pool_destroy(folder->pool);
    for (size_t i = 0; folder->slots && i < folder->slot_count; i++) {
        free(folder->slots[i].sample);
        error_clear(&folder->slots[i].error);
    }
    free(folder->slots);
    folder_scan_finish(&folder->scan);
    slot_reader_finish(&folder->reader);
    free(folder);
}

static void *open_folder(const char *const *paths, size_t count, const struct pack_options *options,
                         struct error *error)
{
    struct folder *folder = memory_array(1, sizeof *folder);
    const unsigned threads = options->threads ? options->threads : thread_pool_processors();

    if (!folder) {
        error_memory(error);
        return NULL;
    }
    folder->options = options;
    slot_reader_init(&folder->reader, options);
    if (folder_scan_make(&folder->scan, paths, count, options->skip_broken, error) == 0)
        folder->pool = thread_pool_create(threads, error);
    if (folder->pool) {
        folder->slots = memory_array((size_t)threads * AT_ONCE, sizeof *folder->slots);
        if (folder->slots) {
            folder->slot_count = (size_t)threads * AT_ONCE;
            return folder;
        }
        error_memory(error);
    }
    close_folder(folder);
    return NULL;
}

/* ---- pictures -------------------------------------------------------------------------------------------- */

static void read_part(void *arg, unsigned i, unsigned thread)
{
    struct folder *folder = arg;

    (void)thread;
    slot_read(&folder->reader, folder_scan_path(&folder->scan, folder->first + i), &folder->slots[i]);
}

/* From file `first` on, on all threads. Returns how many. */
static size_t read_slots(struct folder *folder, size_t first)
{
    const size_t left = folder->scan.count - first;
    const size_t count = left < folder->slot_count ? left : folder->slot_count;

    folder->first = first;
    thread_pool_run(folder->pool, (unsigned)count, read_part, folder);
    return count;
}

/* ---- pictures that differ ----------------------------------------------------------------------------- */

struct kind {
    size_t a, b, count, first; /* height and width, or channels; how many, and the first file */
};

struct tally {
    struct kind sizes[MOST_KINDS], colours[MOST_KINDS];
    size_t size_count, colour_count;
};

static void tally_one(struct kind *kinds, size_t *count, size_t a, size_t b, size_t times, size_t file)
{
    size_t i = 0;

    while (i < *count && (kinds[i].a != a || kinds[i].b != b))
        i++;
    if (i == MOST_KINDS)
        return;
    if (i == *count)
        kinds[(*count)++] = (struct kind){a, b, 0, file};
    kinds[i].count += times;
}

static void tally_slot(struct tally *tally, const struct slot *slot, size_t times, size_t file)
{
    tally_one(tally->sizes, &tally->size_count, slot->height, slot->width, times, file);
    tally_one(tally->colours, &tally->colour_count, slot->channels, 0, times, file);
}

static int fail_sizes(const struct folder *folder, const struct tally *tally, struct error *error)
{
    const struct kind *most = tally->sizes;
    char text[KINDS_TEXT] = "", usual[64];

    for (size_t i = 0; i < tally->size_count; i++) {
        const struct kind *kind = &tally->sizes[i];
        most = kind->count > most->count ? kind : most;
        text_add(text, sizeof text, "%s%zu %s %zux%zu", i == 0 ? "" : ", ", kind->count,
                 kind->count == 1 ? "is" : "are", kind->a, kind->b);
        if (i > 0)
            text_add(text, sizeof text, " (%.60s)", folder_scan_place(&folder->scan, kind->first));
    }
    snprintf(usual, sizeof usual, "%zux%zu", most->a, most->b);
    return error_add_at(error, ERROR_DATA,
                        &(struct error_facts){.expected = usual, .advice = ADVICE_PACK_SIZE},
                        "pictures differ in height and width: %s", text);
}

static int fail_colours(const struct folder *folder, const struct tally *tally, struct error *error)
{
    char text[KINDS_TEXT] = "";

    for (size_t i = 0; i < tally->colour_count; i++)
        text_add(text, sizeof text, "%s%zu %s %s (%.60s)", i == 0 ? "" : ", ", tally->colours[i].count,
                 tally->colours[i].count == 1 ? "is" : "are", tally->colours[i].a == 1 ? "grey" : "in colour",
                 folder_scan_place(&folder->scan, tally->colours[i].first));
    return error_add_at(error, ERROR_DATA, &(struct error_facts){.advice = ADVICE_PACK_COLOURS},
                        "pictures differ in colours: %s", text);
}

/* After `before` pictures of one form comes another: what more of them are. */
static int fail_other(struct folder *folder, size_t first, size_t before, size_t begin,
                      const struct pack_sink *sink, struct error *error)
{
    const struct slot form = {.channels = folder->reader.size.channels,
                              .height = folder->reader.size.height,
                              .width = folder->reader.size.width};
    struct tally tally = {.size_count = 0};

    tally_slot(&tally, &form, before, first);
    for (size_t i = begin, count; i < folder->scan.count && i < begin + MOST_TALLIED; i += count) {
        count = read_slots(folder, i);
        for (size_t k = 0; k < count; k++) {
            if (folder->slots[k].state == TAKEN || folder->slots[k].state == OTHER)
                tally_slot(&tally, &folder->slots[k], 1, i + k);
            error_clear(&folder->slots[k].error);
        }
        if (sink->progress(sink->context, i + count, folder->scan.count, error) != 0)
            return -1;
    }
    if (tally.size_count > 1)
        fail_sizes(folder, &tally, error);
    if (tally.colour_count > 1)
        fail_colours(folder, &tally, error);
    return -1;
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static int tell_remarks(const struct folder *folder, const struct pack_sink *sink, struct error *error)
{
    for (size_t i = 0; sink->remark && i < folder->scan.remarks.count; i++) {
        const struct remark *remark = &folder->scan.remarks.list[i];
        if (sink->remark(sink->context, remark->kind, remark->option, remark->text, error) != 0)
            return -1;
    }
    return 0;
}

static int tell_broken(const struct folder *folder, const struct pack_sink *sink, struct slot *slot, size_t i,
                       struct error *error)
{
    const bool failed = slot->state == FAILED;

    error_move(&slot->error, error);
    return failed ? -1 : sink->broken(sink->context, folder_scan_place(&folder->scan, i), error);
}

/* The first picture that can be read says what all are. *first is its number, or the count if there is none. */
static int find_form(struct folder *folder, const struct pack_sink *sink, size_t *first, struct error *error)
{
    struct slot *slot = &folder->slots[0];

    for (*first = 0; *first < folder->scan.count; (*first)++) {
        slot_read(&folder->reader, folder_scan_path(&folder->scan, *first), slot);
        if (slot->state == TAKEN)
            break;
        if (tell_broken(folder, sink, slot, *first, error) != 0)
            return -1;
    }
    folder->reader.size = (struct picture_size){.channels = slot->channels,
                                                .height = slot->height,
                                                .width = slot->width,
                                                .fitting = folder->options->fitting,
                                                .transpose = folder->options->transpose};
    return 0;
}

static int begin(struct folder *folder, const struct pack_sink *sink, struct error *error)
{
    const struct picture_size *size = &folder->reader.size;
    struct pack_form form = {.kind = PACK_BYTES, .label_width = 1, .finished = true};
    int32_t at = 0;

    if (size->channels > 1)
        form.shape.dim[at++] = (int32_t)size->channels;
    form.shape.dim[at++] = (int32_t)size->height;
    form.shape.dim[at++] = (int32_t)size->width;
    form.shape.rank = at;
    if (sink->begin(sink->context, &form, error) != 0)
        return -1;
    for (size_t i = 0; i < folder->slot_count; i++) {
        folder->slots[i].sample = memory_array(size->channels, size->height * size->width);
        if (!folder->slots[i].sample)
            return error_memory(error);
    }
    return 0;
}

static int push(struct folder *folder, const struct pack_sink *sink, size_t first, struct error *error)
{
    size_t taken = 0;

    for (size_t i = first, count; i < folder->scan.count; i += count) {
        count = read_slots(folder, i);
        for (size_t k = 0; k < count; k++) {
            struct slot *slot = &folder->slots[k];
            const struct folder_file *file = &folder->scan.files[i + k];
            int failed;
            if (slot->state == OTHER)
                return fail_other(folder, first, taken, i + k, sink, error);
            if (slot->state == TAKEN)
                failed = sink->take(sink->context, file->part, slot->sample, &file->class,
                                    folder_scan_place(&folder->scan, i + k), error);
            else
                failed = tell_broken(folder, sink, slot, i + k, error);
            if (failed)
                return -1;
            taken += slot->state == TAKEN;
        }
        if (sink->progress(sink->context, i + count, folder->scan.count, error) != 0)
            return -1;
    }
    return 0;
}

static int read_folder(void *self, const struct pack_sink *sink, struct error *error)
{
    struct folder *folder = self;
    size_t first;

    if (tell_remarks(folder, sink, error) != 0 || find_form(folder, sink, &first, error) != 0)
        return -1;
    if (first == folder->scan.count)
        return 0;
    return begin(folder, sink, error) != 0 ? -1 : push(folder, sink, first, error);
}

static size_t folder_classes(const void *self, const char *const **names)
{
    const struct folder *folder = self;

    *names = (const char *const *)folder->scan.classes;
    return folder->scan.class_count;
}

const struct pack_format pack_folder = {.name = "folder",
                                        .is = is_folder,
                                        .open = open_folder,
                                        .read = read_folder,
                                        .classes = folder_classes,
                                        .close = close_folder,
                                        .labels = "the folders are the classes"};
