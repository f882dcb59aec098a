/* picture_file.c: see picture_file.h. */
#include "data/picture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "data/idx_file.h"
#include "data/jpeg_file.h"
#include "data/png_file.h"
#include "data/pnm_file.h"

enum { MAGIC = 8, FIRST_ROOM = 65536, PLANES = 3 };

struct picture_file {
    char *name;
    uint8_t *owned; /* bytes to be freed; NULL: the caller's, or an IDX file's own */
    const uint8_t *bytes;
    size_t size;
    size_t most_pixels;   /* of a PNG or JPEG picture */
    bool one;             /* no IDX */
    struct idx_file *idx; /* NULL: it is no IDX file */
};

/* ---- what kind it is --------------------------------------------------------------------------------- */

static bool begins(const uint8_t *bytes, size_t size, const char *with, size_t length)
{
    return size >= length && memcmp(bytes, with, length) == 0;
}

/* gzip may have anything in it: that it is IDX is for idx_file to say. */
static bool is_idx(const uint8_t *bytes, size_t size)
{
    return begins(bytes, size, "\0\0", 2) || begins(bytes, size, "\x1f\x8b", 2);
}

static const char *expected(const struct picture_file *file)
{
    return file->one ? "PNG, JPEG, PGM or PPM" : "PNG, JPEG, PGM, PPM or IDX";
}

static int fail_kind(const struct picture_file *file, struct error *error)
{
    static const struct {
        const char *begin, *name;
    } others[] = {{"GIF8", "a GIF file"}, {"BM", "a BMP file"}, {"RIFF", "a WebP file"},
                  {"%PDF", "a PDF file"}, {"P1", "a PBM file"}, {"P4", "a PBM file"},
                  {"P7", "a PAM file"},   {"<", "text"}};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (begins(file->bytes, file->size, others[i].begin, strlen(others[i].begin)))
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                                "is %s; expected %s", others[i].name, expected(file));
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                        "is not a picture; expected %s", expected(file));
}

/* ---- opening ----------------------------------------------------------------------------------------- */

static struct picture_file *allocate_file(const char *name, struct error *error)
{
    struct picture_file *file = memory_array(1, sizeof *file);

    if (file && (file->name = memory_string(name))) {
        file->most_pixels = PICTURE_MOST_PIXELS;
        return file;
    }
    free(file);
    error_memory(error);
    return NULL;
}

void picture_file_close(struct picture_file *file)
{
    if (!file)
        return;
    idx_file_close(file->idx);
    free(file->owned);
    free(file->name);
    free(file);
}

static int begin_idx(struct picture_file *file, struct error *error)
{
    if (!file->idx)
        return -1;
    if (idx_file_shape(file->idx).rank > PLANES)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                            "samples of %d dimensions are not pictures", (int)idx_file_shape(file->idx).rank);
    if (idx_file_shape(file->idx).rank == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                            "is an IDX file of one dimension. Are these labels?");
    return 0;
}

static int begin_bytes(struct picture_file *file, struct error *error)
{
    if (file->size == 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                            "is empty; expected %s", expected(file));
    if (is_idx(file->bytes, file->size) && file->one)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                            "is IDX or gzip; expected %s", expected(file));
    if (is_idx(file->bytes, file->size)) {
        file->idx = idx_file_open_memory(file->name, file->bytes, file->size, error);
        return begin_idx(file, error);
    }
    if (png_is(file->bytes, file->size) || jpeg_is(file->bytes, file->size) ||
        pnm_is(file->bytes, file->size))
        return 0;
    return fail_kind(file, error);
}

static int fail_system(const struct picture_file *file, struct error *error)
{
    return file_read_failed(file->name, ERROR_DATA, error);
}

/* read() until `size` bytes are there or the end. */
static int read_some(struct picture_file *file, int fd, uint8_t *to, size_t size, size_t *got,
                     struct error *error)
{
    *got = 0;
    while (*got < size) {
        const ssize_t n = read(fd, to + *got, size - *got);
        if (n < 0 && errno != EINTR)
            return fail_system(file, error);
        if (n == 0)
            break;
        *got += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int fail_long(const struct picture_file *file, struct error *error)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = file->name},
                        "more than the %d bytes that are read of a picture", (int)PICTURE_FILE_MOST_BYTES);
}

/* All there is, in memory that grows from `room` bytes. */
static int read_all(struct picture_file *file, int fd, size_t room, struct error *error)
{
    for (;;) {
        uint8_t *more = memory_resize(file->owned, room, 1);
        size_t got;
        if (!more)
            return error_memory(error);
        file->bytes = file->owned = more;
        if (read_some(file, fd, file->owned + file->size, room - file->size, &got, error) != 0)
            return -1;
        file->size += got;
        if (file->size < room)
            return 0;
        if (room > PICTURE_FILE_MOST_BYTES)
            return fail_long(file, error);
        room = 2 * room > PICTURE_FILE_MOST_BYTES ? (size_t)PICTURE_FILE_MOST_BYTES + 1 : 2 * room;
    }
}

/* A regular IDX file is read as a stream, sample by sample: it may be larger than memory. */
static int read_file(struct picture_file *file, int fd, struct error *error)
{
    uint8_t magic[MAGIC];
    struct stat status;
    size_t got;

    if (fstat(fd, &status) != 0)
        return fail_system(file, error);
    if (!S_ISREG(status.st_mode))
        return read_all(file, fd, FIRST_ROOM, error) || begin_bytes(file, error) ? -1 : 0;
    if (read_some(file, fd, magic, sizeof magic, &got, error) != 0)
        return -1;
    if (is_idx(magic, got) && !file->one && strcmp(file->name, "-") != 0) {
        file->idx = idx_file_open(file->name, error);
        return begin_idx(file, error);
    }
    if (lseek(fd, -(off_t)got, SEEK_CUR) < 0)
        return fail_system(file, error);
    if ((uintmax_t)status.st_size > PICTURE_FILE_MOST_BYTES)
        return fail_long(file, error);
    return read_all(file, fd, (size_t)status.st_size + 1, error) || begin_bytes(file, error) ? -1 : 0;
}

struct picture_file *picture_file_open(const char *path, bool one, struct error *error)
{
    struct picture_file *file = allocate_file(path, error);
    const bool standard = strcmp(path, "-") == 0;
    int fd, failed;

    if (!file)
        return NULL;
    file->one = one;
    fd = standard ? STDIN_FILENO : file_open(path, O_RDONLY | O_NOCTTY);
    failed = fd < 0 ? fail_system(file, error) : read_file(file, fd, error);
    if (fd >= 0 && !standard)
        close(fd);
    if (!failed)
        return file;
    picture_file_close(file);
    return NULL;
}

static struct picture_file *open_bytes(const char *name, const void *bytes, size_t size, bool one,
                                       struct error *error)
{
    struct picture_file *file = allocate_file(name, error);

    if (!file)
        return NULL;
    file->one = one;
    file->bytes = bytes;
    file->size = size;
    if (begin_bytes(file, error) == 0)
        return file;
    picture_file_close(file);
    return NULL;
}

struct picture_file *picture_file_open_memory(const char *name, const void *bytes, size_t size,
                                              struct error *error)
{
    return open_bytes(name, bytes, size, false, error);
}

struct picture_file *picture_file_open_one(const char *name, const void *bytes, size_t size,
                                           struct error *error)
{
    return open_bytes(name, bytes, size, true, error);
}

/* ---- pictures ---------------------------------------------------------------------------------------- */

void picture_file_limit(struct picture_file *file, size_t pixels)
{
    file->most_pixels = pixels;
}

size_t picture_file_count(const struct picture_file *file)
{
    return file->idx ? idx_file_count(file->idx) : 1;
}

bool picture_file_is_idx(const struct picture_file *file)
{
    return file->idx != NULL;
}

/* [width], [height, width] or [channels, height, width] */
static int next_sample(struct picture_file *file, struct picture *picture, struct error *error)
{
    const struct nnrun_shape shape = idx_file_shape(file->idx);
    size_t dim[PLANES] = {1, 1, 1};

    for (int32_t i = 0; i < shape.rank; i++)
        dim[PLANES - shape.rank + i] = (size_t)shape.dim[i];
    if (picture_make(picture, file->name, dim[0], dim[1], dim[2], error) != 0)
        return -1;
    picture->sample = true;
    return idx_file_read(file->idx, 1, picture->pixels, error);
}

int picture_file_rows(struct picture_file *file, const struct picture_rows *rows, struct picture *picture,
                      struct error *error)
{
    if (file->idx || !jpeg_is(file->bytes, file->size))
        return picture_file_next(file, picture, error);
    return jpeg_read(picture, file->name, file->bytes, file->size, file->most_pixels, rows, error);
}

int picture_file_next(struct picture_file *file, struct picture *picture, struct error *error)
{
    *picture = (struct picture){0};
    if (file->idx)
        return next_sample(file, picture, error);
    if (png_is(file->bytes, file->size))
        return png_read(picture, file->name, file->bytes, file->size, file->most_pixels, error);
    if (jpeg_is(file->bytes, file->size))
        return jpeg_read(picture, file->name, file->bytes, file->size, file->most_pixels, NULL, error);
    return pnm_read(picture, file->name, file->bytes, file->size, error);
}
