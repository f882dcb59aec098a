/* inflate_stream.h: the bytes of a regular file or of a part of memory, inflated if it is gzip (it begins
 * with 1f 8b), else as they are. Stricter than gzread: every member's CRC and length are checked, members may
 * follow one another, and anything else behind the last one is an error.
 *
 * Errors are ERROR_DATA, "PATH: reason". After one, only rewind and close make sense. One thread at a time.
 */
#ifndef DATA_INFLATE_STREAM_H
#define DATA_INFLATE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* No deflated byte stands for more than this many: a match of 258 takes at least two bits. */
enum { INFLATE_MOST_RATIO = 1032 };

struct inflate_stream;

/* Opens `path`; if it is not there, the same name with ".gz" added or taken off. Never blocks; refuses what
 * is not a regular file. NULL after setting error. */
struct inflate_stream *inflate_stream_open(const char *path, struct error *error);
/* The same of bytes that the caller keeps; `name` stands for a path in messages. */
struct inflate_stream *inflate_stream_open_memory(const char *name, const void *bytes, size_t size,
                                                  struct error *error);
void inflate_stream_close(struct inflate_stream *stream); /* NULL: nothing */

const char *inflate_stream_path(const struct inflate_stream *stream); /* as opened */
bool inflate_stream_is_gzip(const struct inflate_stream *stream);
uint64_t inflate_stream_file_size(const struct inflate_stream *stream); /* when it was opened */

/* Fills out[size]; *got < size means that the file ended there, whole. Returns 0 or -1. */
int inflate_stream_read(struct inflate_stream *stream, void *out, size_t size, size_t *got,
                        struct error *error);

/* Back to the first byte. */
int inflate_stream_rewind(struct inflate_stream *stream, struct error *error);
#endif
