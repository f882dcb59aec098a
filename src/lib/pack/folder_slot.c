/* folder_slot.c: see folder_slot.h. */
#include "pack/folder_slot.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "data/picture_file.h"
#include "pack/picture_shrink.h"
#include "pack/wanted_size.h"

enum { MANY_PIXELS = 1 << 22, MANY_BYTES = 1 << 24 /* of a file */ };

void slot_reader_init(struct slot_reader *reader, const struct pack_options *options)
{
    *reader = (struct slot_reader){.options = options};
    pthread_mutex_init(&reader->large, NULL);
}

void slot_reader_finish(struct slot_reader *reader)
{
    pthread_mutex_destroy(&reader->large);
}

/* Whether the error is the file's: that may be passed over. What the system lacks just now is not. */
static bool is_broken(const char *path, const struct error *error)
{
    if (error->code == ERROR_MEMORY)
        return false;
    return error->code != ERROR_FAILED || (access(path, R_OK) != 0 && errno == EACCES);
}

/* The picture in these bytes, if it has at most so many pixels. Free it in either case. Returns 1 if the rows, which may be
 * NULL, took it. */
static int decode(const char *path, const char *bytes, size_t size, size_t most,
                  const struct picture_rows *rows, struct picture *picture, struct error *error)
{
    struct picture_file *file = picture_file_open_one(path, bytes, size, error);
    int result = -1;

    *picture = (struct picture){0};
    if (file) {
        picture_file_limit(file, most);
        result =
            rows ? picture_file_rows(file, rows, picture, error) : picture_file_next(file, picture, error);
    }
    picture_file_close(file);
    return result;
}

static int load(const char *path, size_t most, const struct picture_rows *rows, struct picture *picture,
                struct error *error)
{
    size_t size;
    char *bytes = file_load(path, PICTURE_FILE_MOST_BYTES, &size, error);
    int result = -1;

    *picture = (struct picture){0};
    if (bytes)
        result = decode(path, bytes, size, most, rows, picture, error);
    free(bytes);
    return result;
}

static bool is_large_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && status.st_size > MANY_BYTES;
}

static bool is_form(const struct picture_size *a, const struct slot *slot)
{
    return a->channels == slot->channels && a->height == slot->height && a->width == slot->width;
}

/* What a picture would become. Returns whether its sample is wanted, as it has the form of all. */
static bool tell_form(const struct slot_reader *reader, size_t channels, size_t height, size_t width,
                      struct slot *slot)
{
    const struct picture_size own = wanted_size(reader->options, channels, height, width);

    slot->channels = own.channels;
    slot->height = own.height;
    slot->width = own.width;
    if (slot->sample && !is_form(&reader->size, slot))
        slot->state = OTHER;
    return slot->sample && slot->state == TAKEN;
}

static void take_picture(struct slot_reader *reader, struct picture *picture, struct slot *slot)
{
    if (tell_form(reader, picture->channels, picture->height, picture->width, slot) &&
        picture_size_take(&reader->size, picture, slot->sample, &slot->error) != 0)
        slot->state = FAILED;
}

static bool may_be_larger(const struct slot *slot)
{
    return slot->state == BROKEN && slot->error.code == ERROR_DATA;
}

static void read_small(struct slot_reader *reader, const char *path, struct slot *slot)
{
    struct picture picture;

    slot->state = TAKEN;
    if (load(path, MANY_PIXELS, NULL, &picture, &slot->error) == 0)
        take_picture(reader, &picture, slot);
    else
        slot->state = is_broken(path, &slot->error) ? BROKEN : FAILED;
    picture_free(&picture);
}

/* ---- row by row --------------------------------------------------------------------------------------- */

struct large {
    const struct slot_reader *reader;
    struct slot *slot;
    bool wanted;
    struct picture_shrink shrink;
};

/* Of rows that are not wanted nothing is kept. */
static int begin_rows(void *context, size_t channels, size_t height, size_t width, struct error *error)
{
    struct large *large = context;

    large->wanted = tell_form(large->reader, channels, height, width, large->slot);
    return large->wanted
               ? picture_shrink_begin(&large->shrink, &large->reader->size, channels, height, width, error)
               : 1;
}

static void take_row(void *context, const uint8_t *row)
{
    struct large *large = context;

    if (large->wanted)
        picture_shrink_take(&large->shrink, row);
}

static void read_large(struct slot_reader *reader, const char *path, struct slot *slot)
{
    struct large large = {.reader = reader, .slot = slot};
    const struct picture_rows rows = {&large, begin_rows, take_row};
    struct picture picture;
    int result;

    slot->state = TAKEN;
    result = load(path, PICTURE_MOST_PIXELS, &rows, &picture, &slot->error);
    if (result < 0) {
        slot->state = is_broken(path, &slot->error) ? BROKEN : FAILED;
    } else if (result == 0) {
        if (reader->options->colours == PACK_GREY)
            picture_grey(&picture); /* in place, which takes no other plane */
        take_picture(reader, &picture, slot);
    } else if (large.wanted) {
        picture_shrink_end(&large.shrink, slot->sample);
    }
    picture_shrink_finish(&large.shrink);
    picture_free(&picture);
}

void slot_read(struct slot_reader *reader, const char *path, struct slot *slot)
{
    if (!is_large_file(path)) {
        read_small(reader, path, slot);
        if (!may_be_larger(slot))
            return;
        error_clear(&slot->error);
    }
    pthread_mutex_lock(&reader->large);
    read_large(reader, path, slot);
    pthread_mutex_unlock(&reader->large);
}
