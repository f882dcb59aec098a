/* file_kind.h: kinds of files that are known by how they begin, to be named where another is expected.
 * [any thread] */
#ifndef BASE_FILE_KIND_H
#define BASE_FILE_KIND_H

#include <stddef.h>

/* "a PNG picture": what a file is that begins with these bytes, eight of which are enough. NULL: not known. */
const char *file_kind(const void *bytes, size_t size);
#endif
