/* zip_file.c: see zip_file.h. */
#include "pack/zip_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "data/inflate_stream.h"

enum { BUFFER = 65536, HEADER = 30, STORED = 0, DEFLATED = 8, ENCRYPTED = 1, MOST_AT_ONCE = 1 << 30 };

struct zip_file {
    char *path;
    int fd;
    struct zip_directory directory;
    const struct zip_entry *entry; /* that was entered; NULL: none */
    bool inflating;                /* z is begun */
    uint64_t at, packed, whole;    /* what follows of it: where, how much */
    uLong crc;
    z_stream z;
    uint8_t buffer[BUFFER];
};

static int fail(const struct zip_file *zip, const char *reason, struct error *error)
{
    const struct error_facts facts = {.file = zip->path};

    if (!zip->entry)
        return error_set_at(error, ERROR_DATA, &facts, "%s", reason);
    return error_set_at(error, ERROR_DATA, &facts, "%s%s%s", zip->entry->name, zip_name_joint(reason),
                        reason);
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static int begin(struct zip_file *zip, const char *path, struct error *error)
{
    struct stat status;

    zip->path = memory_string(path);
    if (!zip->path)
        return error_memory(error);
    zip->fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (zip->fd < 0 || fstat(zip->fd, &status) != 0)
        return file_read_failed(path, ERROR_DATA, error);
    if (!S_ISREG(status.st_mode))
        return fail(zip, "is not a regular file", error);
    if (zip_directory_read(&zip->directory, zip->fd, (uint64_t)status.st_size, error) != 0)
        return error_in_file(error, path);
    return 0;
}

struct zip_file *zip_file_open(const char *path, struct error *error)
{
    struct zip_file *zip = calloc(1, sizeof *zip);

    if (!zip) {
        error_memory(error);
        return NULL;
    }
    zip->fd = -1;
    if (begin(zip, path, error) == 0)
        return zip;
    zip_file_close(zip);
    return NULL;
}

static void leave(struct zip_file *zip)
{
    if (zip->inflating)
        inflateEnd(&zip->z);
    zip->inflating = false;
    zip->entry = NULL;
}

void zip_file_close(struct zip_file *zip)
{
    if (!zip)
        return;
    leave(zip);
    zip_directory_finish(&zip->directory);
    if (zip->fd >= 0)
        close(zip->fd);
    free(zip->path);
    free(zip);
}

size_t zip_file_count(const struct zip_file *zip)
{
    return zip->directory.count;
}

const char *zip_file_name(const struct zip_file *zip, size_t i)
{
    return zip->directory.list[i].name;
}

/* ---- a file of it -------------------------------------------------------------------------------------- */

static const char *method_name(unsigned method)
{
    static const struct {
        unsigned method;
        const char *name;
    } known[] = {{6, "implode"}, {9, "deflate64"}, {12, "bzip2"},          {14, "LZMA"},
                 {93, "zstd"},   {95, "xz"},       {96, "a JPEG's method"}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].method == method)
            return known[i].name;
    return "an unknown method";
}

static int check_entry(const struct zip_file *zip, struct error *error)
{
    const struct zip_entry *entry = zip->entry;
    const uint64_t limit = zip->directory.begin;

    if (entry->flags & ENCRYPTED)
        return fail(zip, "is encrypted", error);
    if (entry->method != STORED && entry->method != DEFLATED)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = zip->path},
                            "%s is packed by %s, expected deflate; numpy.savez_compressed packs so",
                            entry->name, method_name(entry->method));
    if (entry->begin > limit || limit - entry->begin < HEADER ||
        limit - entry->begin - HEADER < entry->packed)
        return fail(zip, "announces more packed bytes than the archive has", error);
    if (entry->method == STORED ? entry->packed != entry->whole
                                : entry->whole / INFLATE_MOST_RATIO > entry->packed)
        return fail(zip, "announces a different number of bytes than its packed ones can hold", error);
    return 0;
}

/* The header before the bytes: what it says beyond the list is how long it is. */
static int skip_header(struct zip_file *zip, struct error *error)
{
    const struct zip_entry *entry = zip->entry;
    const size_t length = strlen(entry->name);
    uint8_t header[HEADER], name[ZIP_MOST_NAME];

    if (zip_read_at(zip->fd, entry->begin, header, HEADER, error) != 0)
        return error_in_file(error, zip->path);
    if (memcmp(header, "PK\3\4", 4) != 0 || zip_number_16(header + 8) != entry->method ||
        zip_number_16(header + 26) != length)
        return fail(zip, "is not what the archive's list says of it", error);
    if (zip_read_at(zip->fd, entry->begin + HEADER, name, length, error) != 0)
        return error_in_file(error, zip->path);
    if (memcmp(name, entry->name, length) != 0)
        return fail(zip, "is not what the archive's list says of it", error);
    zip->at = entry->begin + HEADER + length + zip_number_16(header + 28);
    if (zip->at > zip->directory.begin || zip->directory.begin - zip->at < entry->packed)
        return fail(zip, "announces more packed bytes than the archive has", error);
    return 0;
}

int zip_file_enter(struct zip_file *zip, size_t i, uint64_t *size, struct error *error)
{
    leave(zip);
    zip->entry = &zip->directory.list[i];
    if (check_entry(zip, error) != 0 || skip_header(zip, error) != 0)
        return -1;
    zip->packed = zip->entry->packed;
    zip->whole = *size = zip->entry->whole;
    zip->crc = crc32(0, NULL, 0);
    zip->z = (z_stream){0};
    if (zip->entry->method == DEFLATED && inflateInit2(&zip->z, -MAX_WBITS) != Z_OK)
        return error_memory(error);
    zip->inflating = zip->entry->method == DEFLATED;
    return 0;
}

/* Packed bytes into out[size], at most as many as there are. *got: how many. */
static int read_packed(struct zip_file *zip, uint8_t *out, size_t size, size_t *got, struct error *error)
{
    *got = size < zip->packed ? size : (size_t)zip->packed;
    if (zip_read_at(zip->fd, zip->at, out, *got, error) != 0)
        return error_in_file(error, zip->path);
    zip->at += *got;
    zip->packed -= *got;
    return 0;
}

/* Inflates up to `size` bytes; *ended: there are no more. */
static int inflate_some(struct zip_file *zip, uint8_t *out, size_t size, size_t *got, bool *ended,
                        struct error *error)
{
    int result;

    if (zip->z.avail_in == 0) {
        size_t some;
        if (read_packed(zip, zip->buffer, BUFFER, &some, error) != 0)
            return -1;
        zip->z.next_in = zip->buffer;
        zip->z.avail_in = (uInt)some;
    }
    zip->z.next_out = out;
    zip->z.avail_out = size < MOST_AT_ONCE ? (uInt)size : MOST_AT_ONCE;
    *got = zip->z.avail_out;
    result = inflate(&zip->z, Z_NO_FLUSH);
    *got -= zip->z.avail_out;
    *ended = result == Z_STREAM_END;
    if (result == Z_MEM_ERROR)
        return error_memory(error);
    if (result == Z_BUF_ERROR && zip->packed == 0)
        return fail(zip, "its packed data end early", error);
    return result == Z_OK || *ended ? 0 : fail(zip, "its packed data are damaged", error);
}

/* Behind the last byte that was announced. */
static int check_end(struct zip_file *zip, bool ended, struct error *error)
{
    uint8_t more;
    size_t got = 0;

    while (zip->inflating && !ended && got == 0)
        if (inflate_some(zip, &more, 1, &got, &ended, error) != 0)
            return -1;
    if (got > 0 || zip->packed > 0 || zip->z.avail_in > 0)
        return fail(zip, "has more bytes than it announces", error);
    return zip->crc == zip->entry->crc ? 0 : fail(zip, "its checksum is wrong", error);
}

int zip_file_read(struct zip_file *zip, void *out, size_t size, struct error *error)
{
    uint8_t *bytes = out;
    bool ended = false;

    if (size > zip->whole)
        return fail(zip, "has fewer bytes than it should", error);
    for (size_t got; size > 0; bytes += got, size -= got) {
        if (ended)
            return fail(zip, "has fewer bytes than it announces", error);
        if ((zip->inflating ? inflate_some(zip, bytes, size, &got, &ended, error)
                            : read_packed(zip, bytes, size, &got, error)) != 0)
            return -1;
        zip->crc = crc32_z(zip->crc, bytes, got);
        zip->whole -= got;
    }
    return zip->whole == 0 ? check_end(zip, ended, error) : 0;
}
