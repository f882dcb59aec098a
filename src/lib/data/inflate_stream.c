/* inflate_stream.c: see inflate_stream.h. */
#include "data/inflate_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { BUFFER = 262144, MOST_AT_ONCE = 1 << 30 };

struct inflate_stream {
    char *path;
    int file;              /* -1: it is memory */
    const uint8_t *memory; /* [file_size], the caller's */
    uint64_t file_size;
    bool gzip;
    bool file_ended;   /* read() has said so */
    bool between;      /* before the first member, or behind a whole one */
    bool ended;        /* behind the last member */
    uint64_t offset;   /* bytes taken from the file */
    uint64_t inflated; /* bytes handed out */
    z_stream z;
    uint8_t *buffer; /* [BUFFER], gzip only */
};

static int file_error(const struct inflate_stream *s, struct error *error, const char *reason)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = s->path}, "%s", reason);
}

static int fail_system(const struct inflate_stream *s, struct error *error)
{
    return error_set_at(error, file_read_code(errno, ERROR_DATA), &(struct error_facts){.file = s->path},
                        "cannot be read: %s", strerror(errno));
}

/* The name with ".gz" at its end, or without where it is there. */
static char *other_ending(const char *path)
{
    const size_t length = strlen(path);

    if (length > 3 && strcmp(path + length - 3, ".gz") == 0)
        return memory_string_part(path, length - 3);
    return memory_format("%s.gz", path);
}

/* "-idx3-ubyte" at the end of the name or before ".gz", or ".idx3-ubyte", as some who unpack such files call them;
 * NULL: it has none. */
static char *idx_part(char *path)
{
    char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *tail = strstr(name, "-ubyte");

    return tail && tail - name > 5 && memcmp(tail - 4, "idx", 3) == 0 && strchr("-.", tail[-5]) ? tail - 5
                                                                                                : NULL;
}

/* The i-th name that the file may have instead; NULL without memory. *last: there is none after it. */
static char *other_name(const char *path, unsigned i, bool *last)
{
    char *name = i == 1 ? memory_string(path) : other_ending(path);
    char *part = name ? idx_part(name) : NULL;

    *last = !part || i == 2;
    if (part && i > 0)
        *part = *part == '-' ? '.' : '-';
    return name;
}

static bool is_folder(int file)
{
    struct stat status;

    return fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Sets s->path and s->file if there is a file of another name; archives hold folders of such names, too. Returns 0, also
 * if there is none (ENOENT), or -1 without memory. */
static int try_other_names(struct inflate_stream *s, int flags)
{
    bool last = false;

    for (unsigned i = 0; !last; i++) {
        char *name = other_name(s->path, i, &last);

        if (!name)
            return -1;
        s->file = file_open(name, flags);
        if (s->file >= 0 && !last && is_folder(s->file)) {
            close(s->file);
            s->file = -1;
            errno = ENOENT;
        }
        if (s->file >= 0 || errno != ENOENT) {
            free(s->path);
            s->path = name;
            return 0;
        }
        free(name);
        errno = ENOENT;
    }
    return 0;
}

/* Sets s->path and s->file. */
static int open_file(struct inflate_stream *s, const char *path, struct error *error)
{
    const int flags = O_RDONLY | O_NONBLOCK;

    s->path = memory_string(path);
    if (!s->path)
        return error_memory(error);
    s->file = file_open(path, flags);
    if (s->file < 0 && errno == ENOENT && try_other_names(s, flags) != 0)
        return error_memory(error);
    if (s->file < 0 && errno == ENOENT) {
        char *other = other_ending(path);
        if (!other)
            return error_memory(error);
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path}, "there is no such file, nor %s",
                     other);
        free(other);
        return -1;
    }
    if (s->file < 0)
        return error_set_at(error, file_read_code(errno, ERROR_DATA), &(struct error_facts){.file = s->path},
                            "cannot be opened: %s", strerror(errno));
    return 0;
}

/* read() that goes on after a signal; 0 at the end of the file. */
static int read_file(struct inflate_stream *s, void *out, size_t size, size_t *got, struct error *error)
{
    const uint64_t left = s->file_size - s->offset;
    ssize_t n;

    *got = 0;
    if (s->memory) {
        *got = size < left ? size : (size_t)left;
        memcpy(out, s->memory + s->offset, *got);
        s->offset += *got;
        s->file_ended = *got == 0;
        return 0;
    }
    do
        n = read(s->file, out, size < MOST_AT_ONCE ? size : MOST_AT_ONCE);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail_system(s, error);
    *got = (size_t)n;
    s->offset += (uint64_t)n;
    if (n == 0)
        s->file_ended = true;
    return 0;
}

static int find_size(struct inflate_stream *s, struct error *error)
{
    struct stat status;

    if (fstat(s->file, &status) != 0)
        return fail_system(s, error);
    if (S_ISDIR(status.st_mode))
        return file_error(s, error, "is a directory, not a file");
    if (!S_ISREG(status.st_mode))
        return file_error(s, error, "is not a regular file");
    s->file_size = (uint64_t)status.st_size;
    return 0;
}

/* Decides by the first two bytes, which are then read. */
static int find_kind(struct inflate_stream *s, struct error *error)
{
    uint8_t magic[2] = {0};
    size_t have = 0, got;

    while (have < sizeof magic && !s->file_ended) {
        if (read_file(s, magic + have, sizeof magic - have, &got, error))
            return -1;
        have += got;
    }
    if (have == 0)
        return file_error(s, error, "is empty");
    s->gzip = have == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    return 0;
}

static struct inflate_stream *allocate_stream(struct error *error)
{
    struct inflate_stream *s = calloc(1, sizeof *s);

    if (!s)
        error_memory(error);
    else
        s->file = -1;
    return s;
}

/* Of an open file or memory; `failed` closes it. */
static struct inflate_stream *start_stream(struct inflate_stream *s, bool failed, struct error *error)
{
    if (failed || find_kind(s, error))
        goto failed;
    if (s->gzip) {
        s->buffer = malloc(BUFFER);
        if (!s->buffer || inflateInit2(&s->z, MAX_WBITS + 16) != Z_OK) {
            error_memory(error);
            goto failed;
        }
    }
    if (inflate_stream_rewind(s, error))
        goto failed;
    return s;

failed:
    inflate_stream_close(s);
    return NULL;
}

struct inflate_stream *inflate_stream_open(const char *path, struct error *error)
{
    struct inflate_stream *s = allocate_stream(error);

    return s ? start_stream(s, open_file(s, path, error) || find_size(s, error), error) : NULL;
}

struct inflate_stream *inflate_stream_open_memory(const char *name, const void *bytes, size_t size,
                                                  struct error *error)
{
    struct inflate_stream *s = allocate_stream(error);

    if (!s)
        return NULL;
    s->memory = bytes;
    s->file_size = size;
    s->path = memory_string(name);
    return start_stream(s, !s->path && error_memory(error), error);
}

void inflate_stream_close(struct inflate_stream *s)
{
    if (!s)
        return;
    inflateEnd(&s->z); /* says so and does nothing if it was never begun */
    if (s->file >= 0)
        close(s->file);
    free(s->buffer);
    free(s->path);
    free(s);
}

const char *inflate_stream_path(const struct inflate_stream *s)
{
    return s->path;
}

bool inflate_stream_is_gzip(const struct inflate_stream *s)
{
    return s->gzip;
}

uint64_t inflate_stream_file_size(const struct inflate_stream *s)
{
    return s->file_size;
}

int inflate_stream_rewind(struct inflate_stream *s, struct error *error)
{
    if (!s->memory && lseek(s->file, 0, SEEK_SET) != 0)
        return fail_system(s, error);
    s->offset = s->inflated = 0;
    s->file_ended = s->ended = false;
    s->between = true;
    s->z.avail_in = 0;
    return 0;
}

/* Adds input behind what is left of it, which is moved to the front. */
static int refill(struct inflate_stream *s, struct error *error)
{
    size_t got;

    if (s->z.avail_in > 0)
        memmove(s->buffer, s->z.next_in, s->z.avail_in);
    s->z.next_in = s->buffer;
    if (read_file(s, s->buffer + s->z.avail_in, BUFFER - s->z.avail_in, &got, error))
        return -1;
    s->z.avail_in += (uInt)got;
    return 0;
}

/* Between members: begins the next one, or finds the end, or what is neither. */
static int next_member(struct inflate_stream *s, struct error *error)
{
    while (s->z.avail_in < 2 && !s->file_ended)
        if (refill(s, error))
            return -1;
    if (s->z.avail_in == 0) {
        s->ended = true;
        return 0;
    }
    if (s->z.avail_in < 2 || s->z.next_in[0] != 0x1f || s->z.next_in[1] != 0x8b)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = s->path},
                            "the gzip data end at byte %" PRIu64 ", and something else follows",
                            s->offset - s->z.avail_in);
    if (inflateReset(&s->z) != Z_OK)
        return file_error(s, error, "cannot be inflated");
    s->between = false;
    return 0;
}

static int fail_inflate(const struct inflate_stream *s, int result, struct error *error)
{
    const char *reason = s->z.msg ? s->z.msg : zError(result);

    if (result == Z_MEM_ERROR)
        return error_memory(error);
    if (strcmp(reason, "incorrect data check") == 0)
        reason = "the CRC is wrong";
    else if (strcmp(reason, "incorrect length check") == 0)
        reason = "the length at the end is wrong";
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = s->path},
                        "damaged gzip data: %s (after %" PRIu64 " inflated bytes)", reason, s->inflated);
}

/* Inflates at least one byte, or input without output, or comes to the end of a member or of all. */
static int inflate_some(struct inflate_stream *s, uint8_t *out, size_t size, size_t *got, struct error *error)
{
    const uInt room = size < MOST_AT_ONCE ? (uInt)size : MOST_AT_ONCE;
    int result;

    *got = 0;
    if (s->between)
        return next_member(s, error);
    if (s->z.avail_in == 0) {
        if (refill(s, error))
            return -1;
        if (s->z.avail_in == 0)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = s->path},
                                "truncated: the file ends within the gzip data, after %" PRIu64
                                " bytes (%" PRIu64 " inflated)",
                                s->offset, s->inflated);
    }
    s->z.next_out = out;
    s->z.avail_out = room;
    result = inflate(&s->z, Z_NO_FLUSH);
    *got = room - s->z.avail_out;
    s->inflated += *got;
    if (result == Z_STREAM_END)
        s->between = true;
    else if (result != Z_OK)
        return fail_inflate(s, result, error);
    return 0;
}

int inflate_stream_read(struct inflate_stream *s, void *out, size_t size, size_t *got, struct error *error)
{
    uint8_t *bytes = out;

    *got = 0;
    while (*got < size && !(s->gzip ? s->ended : s->file_ended)) {
        size_t some;
        if (s->gzip ? inflate_some(s, bytes + *got, size - *got, &some, error)
                    : read_file(s, bytes + *got, size - *got, &some, error))
            return -1;
        *got += some;
    }
    return 0;
}
