/* zip_directory.h: the list of files at the end of a ZIP archive, also of one above 4 GB (ZIP64).
 *
 *   PK\1\2 ...    one for each file: method, checksum, sizes, where it begins
 *   PK\6\6 ...    ZIP64 alone: their number, size and place
 *   PK\6\7 ...    ZIP64 alone: where that is
 *   PK\5\6 ...    their number, size and place; a comment
 *
 * [any thread] on distinct objects. */
#ifndef PACK_ZIP_DIRECTORY_H
#define PACK_ZIP_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { ZIP_MOST_FILES = 1000, ZIP_MOST_NAME = 255, ZIP_MOST_DIRECTORY = 1 << 20 /* bytes */ };

struct zip_entry {
    char *name;
    unsigned flags, method;
    uint32_t crc;
    uint64_t packed, whole; /* bytes, as announced */
    uint64_t begin;         /* of its own header */
};

struct zip_directory {
    struct zip_entry *list; /* [count]; no two have one name */
    size_t count;
    uint64_t begin; /* of the list: the files' bytes end before it */
};

/* Of an archive of `size` bytes. 0, or -1 after setting error, "REASON". Finish it in either case. */
int zip_directory_read(struct zip_directory *directory, int fd, uint64_t size, struct error *error);
void zip_directory_finish(struct zip_directory *directory);

/* Exactly `size` bytes from `at` on: 0, or -1 after setting error, "REASON". */
int zip_read_at(int fd, uint64_t at, void *out, size_t size, struct error *error);

/* What joins a file's name to what is said of it: ": " before "its checksum is wrong", " " before a verb. */
const char *zip_name_joint(const char *reason);

/* Little-endian numbers. */
uint32_t zip_number_16(const uint8_t *bytes);
uint32_t zip_number_32(const uint8_t *bytes);
uint64_t zip_number_64(const uint8_t *bytes);
#endif
