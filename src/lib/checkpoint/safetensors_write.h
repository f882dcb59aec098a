/* safetensors_write.h: writes one checkpoint file: named tensors and string metadata (safetensors_format.h).
 *
 * Keys are sorted, the header has at most 256 KiB and is padded with spaces so that the data start at a
 * multiple of 64 bytes, offsets are contiguous in the order of the names. */
#ifndef CHECKPOINT_SAFETENSORS_WRITE_H
#define CHECKPOINT_SAFETENSORS_WRITE_H

#include "base/error.h"
#include "checkpoint/tensor.h"

struct metadata { /* UTF-8; keys beginning with "checksum" are the file's own */
    const char *key, *value;
};

/* Writes a temporary beside `path`, fsyncs, closes, renames it over `path`, fsyncs the folder. The same
 * tensors and metadata, in any order, give the same bytes. On failure `path` is as it was (but see
 * file_replace_commit) and the temporary is gone; ERROR_FAILED. Returns 0 or -1. */
int safetensors_write(const char *path, const struct tensor *tensors, size_t tensor_count,
                      const struct metadata *metadata, size_t metadata_count, struct error *error);
#endif
