/* zip_directory.c: see zip_directory.h. */
#include "pack/zip_directory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { END = 22, END_64 = 56, LOCATOR_64 = 20, ENTRY = 46, MOST_COMMENT = 65535, ZIP64_FIELD = 1 };
enum { FULL_16 = 0xffff };
#define FULL_32 0xffffffffu

/* Where the list is, as the end of the archive says. */
struct place {
    uint64_t count, size, begin, limit; /* the list must end at or before `limit` */
};

uint32_t zip_number_16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

uint32_t zip_number_32(const uint8_t *bytes)
{
    return zip_number_16(bytes) | zip_number_16(bytes + 2) << 16;
}

uint64_t zip_number_64(const uint8_t *bytes)
{
    return zip_number_32(bytes) | (uint64_t)zip_number_32(bytes + 4) << 32;
}

const char *zip_name_joint(const char *reason)
{
    return strncmp(reason, "its ", 4) == 0 ? ": " : " ";
}

static int fail(const char *reason, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s", reason);
}

int zip_read_at(int fd, uint64_t at, void *out, size_t size, struct error *error)
{
    uint8_t *bytes = out;

    while (size > 0) {
        const ssize_t n = pread(fd, bytes, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(error, file_read_code(errno, ERROR_DATA), "cannot be read: %s", strerror(errno));
        if (n == 0)
            return fail("ends before its last byte: it was longer when it was opened", error);
        bytes += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

/* ---- the end ------------------------------------------------------------------------------------------- */

/* Looks for the last record, which a comment may follow. *at is where it is. */
static int find_end(int fd, uint64_t size, uint8_t end[END], uint64_t *at, struct error *error)
{
    const size_t most = END + MOST_COMMENT, length = size < most ? (size_t)size : most;
    uint8_t *tail = malloc(most);
    bool found = false;
    int result;

    if (!tail)
        return error_memory(error);
    result = zip_read_at(fd, size - length, tail, length, error);

    for (size_t i = length < END ? 0 : length - END + 1; result == 0 && i-- > 0 && !found;)
        if (memcmp(tail + i, "PK\5\6", 4) == 0 && zip_number_16(tail + i + 20) == length - END - i) {
            memcpy(end, tail + i, END);
            *at = size - length + i;
            found = true;
        }
    free(tail);
    if (result == 0 && !found)
        result = fail("is not a whole ZIP archive: its end is missing", error);
    return result;
}

/* Of ZIP64: the place is in a record of its own. */
static int find_place_64(int fd, uint64_t end, struct place *place, struct error *error)
{
    uint8_t locator[LOCATOR_64], record[END_64];
    uint64_t at;

    if (end < LOCATOR_64 + END_64)
        return fail("is a damaged ZIP archive: its end for sizes above 4 GB is missing", error);
    if (zip_read_at(fd, end - LOCATOR_64, locator, sizeof locator, error) != 0)
        return -1;
    at = zip_number_64(locator + 8);
    if (memcmp(locator, "PK\6\7", 4) != 0 || at > end - LOCATOR_64 - END_64)
        return fail("is a damaged ZIP archive: its end for sizes above 4 GB is missing", error);
    if (zip_read_at(fd, at, record, sizeof record, error) != 0)
        return -1;
    if (memcmp(record, "PK\6\6", 4) != 0)
        return fail("is a damaged ZIP archive: its end for sizes above 4 GB is missing", error);
    *place = (struct place){zip_number_64(record + 32), zip_number_64(record + 40),
                            zip_number_64(record + 48), at};
    return 0;
}

static int find_place(int fd, uint64_t size, struct place *place, struct error *error)
{
    uint8_t end[END] = {0};
    uint64_t at = 0;

    if (find_end(fd, size, end, &at, error) != 0)
        return -1;
    *place = (struct place){zip_number_16(end + 10), zip_number_32(end + 12), zip_number_32(end + 16), at};
    if ((place->count == FULL_16 || place->size == FULL_32 || place->begin == FULL_32) &&
        find_place_64(fd, at, place, error) != 0)
        return -1;
    if (place->count > ZIP_MOST_FILES || place->size > ZIP_MOST_DIRECTORY)
        return fail("has more than 1000 files, or names and remarks of more than 1 MB", error);
    if (place->begin > place->limit || place->size > place->limit - place->begin)
        return fail("is a damaged ZIP archive: its list of files is not where its end says", error);
    return 0;
}

/* ---- the list ------------------------------------------------------------------------------------------ */

/* Sizes and place that have no room in 32 bits are in a field of their own, in this order. */
static int read_64(struct zip_entry *entry, const uint8_t *fields, size_t length, struct error *error)
{
    uint64_t *const wide[] = {&entry->whole, &entry->packed, &entry->begin};

    for (size_t size = 0, at = 0; length - at >= 4; at += 4 + size) {
        const uint8_t *next = fields + at + 4;
        size_t left;
        size = zip_number_16(fields + at + 2);
        if (size > length - at - 4)
            break;
        left = zip_number_16(fields + at) == ZIP64_FIELD ? size : 0;
        for (size_t i = 0; i < 3 && left > 0; i++)
            if (*wide[i] == FULL_32 && left >= 8) {
                *wide[i] = zip_number_64(next);
                next += 8;
                left -= 8;
            }
        if (zip_number_16(fields + at) == ZIP64_FIELD)
            return 0;
    }
    if (entry->whole == FULL_32 || entry->packed == FULL_32 || entry->begin == FULL_32)
        return fail("is a damaged ZIP archive: a size above 4 GB is missing", error);
    return 0;
}

/* One entry of at most `left` bytes. Returns its length; 0 after setting error. */
static size_t read_entry(struct zip_entry *entry, const uint8_t *bytes, size_t left, struct error *error)
{
    const size_t name = left < ENTRY ? 0 : zip_number_16(bytes + 28),
                 extra = left < ENTRY ? 0 : zip_number_16(bytes + 30);
    const size_t length = ENTRY + name + extra + (left < ENTRY ? 0 : zip_number_16(bytes + 32));

    if (length > left || memcmp(bytes, "PK\1\2", 4) != 0)
        return fail("is a damaged ZIP archive: its list of files ends early", error), 0;
    if (name == 0 || name > ZIP_MOST_NAME || memchr(bytes + ENTRY, '\0', name))
        return fail("has a file without a name, or with one above 255 bytes or with a zero byte in it",
                    error),
               0;
    entry->flags = zip_number_16(bytes + 8);
    entry->method = zip_number_16(bytes + 10);
    entry->crc = zip_number_32(bytes + 16);
    entry->packed = zip_number_32(bytes + 20);
    entry->whole = zip_number_32(bytes + 24);
    entry->begin = zip_number_32(bytes + 42);
    if (read_64(entry, bytes + ENTRY + name, extra, error) != 0)
        return 0;
    entry->name = memory_string_part((const char *)bytes + ENTRY, name);
    if (!entry->name)
        return error_memory(error), 0;
    return length;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int check_names(const struct zip_directory *directory, struct error *error)
{
    const char **names = calloc(directory->count + 1, sizeof *names);
    int result = 0;

    if (!names)
        return error_memory(error);
    for (size_t i = 0; i < directory->count; i++)
        names[i] = directory->list[i].name;
    if (directory->count > 0)
        qsort(names, directory->count, sizeof *names, by_name);
    for (size_t i = 1; result == 0 && i < directory->count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            result = error_set(error, ERROR_DATA, "has two files of the name %s", names[i]);
    free(names);
    return result;
}

static int read_list(struct zip_directory *directory, const uint8_t *bytes, const struct place *place,
                     struct error *error)
{
    size_t at = 0;

    directory->list = calloc((size_t)place->count + 1, sizeof *directory->list);
    if (!directory->list)
        return error_memory(error);
    for (uint64_t i = 0; i < place->count; i++) {
        const size_t length = read_entry(&directory->list[i], bytes + at, (size_t)place->size - at, error);
        if (length == 0)
            return -1;
        directory->count++;
        at += length;
    }
    return at == place->size
               ? check_names(directory, error)
               : fail("is a damaged ZIP archive: its list has more files than its end says", error);
}

int zip_directory_read(struct zip_directory *directory, int fd, uint64_t size, struct error *error)
{
    struct place place;
    uint8_t *bytes;
    int result;

    *directory = (struct zip_directory){0};
    if (find_place(fd, size, &place, error) != 0)
        return -1;
    directory->begin = place.begin;
    bytes = malloc((size_t)place.size + 1);
    if (!bytes)
        return error_memory(error);
    result = zip_read_at(fd, place.begin, bytes, (size_t)place.size, error);
    if (result == 0)
        result = read_list(directory, bytes, &place, error);
    free(bytes);
    return result;
}

void zip_directory_finish(struct zip_directory *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        free(directory->list[i].name);
    free(directory->list);
    *directory = (struct zip_directory){0};
}
