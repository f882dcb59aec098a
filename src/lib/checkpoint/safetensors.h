/* safetensors.h: reading and writing one checkpoint file: named tensors and string metadata, in the
 * safetensors format (8 bytes little-endian header length, JSON header, data), so that other tools open it.
 *
 * Written: keys sorted, header <= 256 KiB and padded with spaces so that the data start at a multiple of 64
 * bytes, offsets contiguous in the order of the names. Metadata carries a CRC-32 of every tensor and of the
 * header itself (a fixed-width field counted as zeros; safetensors_format.h has the rules). Read: exactly
 * what the format allows, every size checked before memory is taken, every checksum verified; a file without
 * them is not ours and refused. One thread at a time. */
#ifndef CHECKPOINT_SAFETENSORS_H
#define CHECKPOINT_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum tensor_type { TENSOR_F32, TENSOR_F64 };

enum { TENSOR_MOST_RANK = 7 };

struct tensor {
    const char *name; /* UTF-8 */
    enum tensor_type type;
    uint32_t rank;                  /* 0 .. TENSOR_MOST_RANK; 0: one number */
    uint64_t dim[TENSOR_MOST_RANK]; /* a dimension may be 0 */
    const void *data;               /* when read, aligned to 64 bytes */
    size_t bytes;
};

/* Bytes of a tensor; false, leaving *bytes alone, if there can be no such tensor. */
bool tensor_size(enum tensor_type type, uint32_t rank, const uint64_t *dim, size_t *bytes);

struct metadata { /* UTF-8; keys beginning with "checksum" are the file's own */
    const char *key, *value;
};

/* Writes a temporary beside `path`, fsyncs, closes, renames it over `path`, fsyncs the folder. The same
 * tensors and metadata, in any order, give the same bytes. On failure `path` is as it was (but see
 * file_replace_commit) and the temporary is gone; ERROR_FAILED. Returns 0 or -1. */
int safetensors_write(const char *path, const struct tensor *tensors, size_t tensor_count,
                      const struct metadata *metadata, size_t metadata_count, struct error *error);

struct safetensors;

/* Reads and verifies a whole file. NULL after setting error: ERROR_DATA, "PATH: reason"; ERROR_FAILED if
 * memory ran out, which says nothing about the file. */
struct safetensors *safetensors_read(const char *path, struct error *error);
void safetensors_free(struct safetensors *file); /* NULL: nothing */

/* Owned by the file. NULL: there is none of that name. */
const struct tensor *safetensors_tensor(const struct safetensors *file, const char *name);
const char *safetensors_value(const struct safetensors *file, const char *key);

/* The i-th tensor in the order of names, NULL past the last. */
const struct tensor *safetensors_at(const struct safetensors *file, size_t i);
#endif
