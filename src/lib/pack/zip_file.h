/* zip_file.h: the files in a ZIP archive, stored or deflated, also above 4 GB (ZIP64), read one at a time from their beginning.
 *
 * Memory is that of the list and of one buffer, whatever the archive says. Errors are ERROR_DATA, "PATH: reason" or
 * "PATH: NAME: reason". One thread at a time. */
#ifndef PACK_ZIP_FILE_H
#define PACK_ZIP_FILE_H

#include "pack/zip_directory.h"

struct zip_file;

/* Never blocks; refuses what is no regular file. NULL after setting error. */
struct zip_file *zip_file_open(const char *path, struct error *error);
void zip_file_close(struct zip_file *zip); /* NULL: nothing */

/* In the order of the list. */
size_t zip_file_count(const struct zip_file *zip);
const char *zip_file_name(const struct zip_file *zip, size_t i);

/* Goes to a file, which is read from its first byte then. *size: its bytes as announced, at most what so many packed
 * bytes can hold, of which the archive has as many. */
int zip_file_enter(struct zip_file *zip, size_t i, uint64_t *size, struct error *error);
/* Exactly `size` bytes more. With the last byte announced it also checks that the file ends there, with the right
 * checksum. */
int zip_file_read(struct zip_file *zip, void *out, size_t size, struct error *error);
#endif
