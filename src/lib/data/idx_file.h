/* idx_file.h: an IDX file, gzip or plain, read from its first sample to its last.
 *
 *   0, 0, type, rank    8: unsigned bytes; others are in idx_values.h
 *   rank x 4 bytes      dimensions, big-endian, below 2^31; the first counts the samples
 *   values              big-endian, in C order, and nothing behind them
 *
 * Errors are ERROR_DATA, "PATH: reason". One thread at a time. */
#ifndef DATA_IDX_FILE_H
#define DATA_IDX_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/idx_values.h"
#include "nnrun/layer.h"

enum { IDX_SHAPE_TEXT = 64 };

struct idx_file;

/* Opens the file (or its other name, inflate_stream.h) of unsigned bytes and reads the header. There is at
 * least one sample, no dimension is 0, the product of all fits a size_t, and a file of its size can hold so
 * much: a plain one exactly, a gzip one by what deflate can do. NULL after setting error. */
struct idx_file *idx_file_open(const char *path, struct error *error);
/* The same of a file of any type. */
struct idx_file *idx_file_open_any(const char *path, struct error *error);
/* The same of unsigned bytes that the caller keeps; `name` stands for a path in messages. */
struct idx_file *idx_file_open_memory(const char *name, const void *bytes, size_t size, struct error *error);
void idx_file_close(struct idx_file *file); /* NULL: nothing */

const char *idx_file_path(const struct idx_file *file);
size_t idx_file_count(const struct idx_file *file);             /* samples */
size_t idx_file_sample_bytes(const struct idx_file *file);      /* of one sample, in the file */
size_t idx_file_sample_values(const struct idx_file *file);     /* of one sample */
struct nnrun_shape idx_file_shape(const struct idx_file *file); /* of one sample; rank 0: a value each */
enum idx_type idx_file_type(const struct idx_file *file);

/* "28x28"; "1" for a shape of rank 0. */
const char *idx_shape_text(struct nnrun_shape shape, char text[IDX_SHAPE_TEXT]);

/* The sample the next read begins with; past every count after an error, and within a sample. */
size_t idx_file_position(const struct idx_file *file);

/* Reads the next `count` samples, as they are in the file, into out[count * sample bytes]. With the last
 * sample of the file it also checks that the file ends there, whole. Returns 0 or -1. */
int idx_file_read(struct idx_file *file, size_t count, uint8_t *out, struct error *error);

/* The same of the next `bytes`, which may end within a sample. */
int idx_file_read_bytes(struct idx_file *file, size_t bytes, uint8_t *out, struct error *error);

/* Back to sample 0. */
int idx_file_rewind(struct idx_file *file, struct error *error);
#endif
