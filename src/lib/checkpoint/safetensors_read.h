/* safetensors_read.h: reads and verifies one checkpoint file (safetensors_format.h): exactly what the format
 * allows, every size checked before memory is taken, every checksum verified; a file without checksums is not
 * ours and refused. One thread at a time. */
#ifndef CHECKPOINT_SAFETENSORS_READ_H
#define CHECKPOINT_SAFETENSORS_READ_H

#include "base/error.h"
#include "checkpoint/tensor.h"

struct safetensors;

/* Reads and verifies a whole file. NULL after setting error: ERROR_DATA, "PATH: reason"; ERROR_MEMORY
 * says nothing about the file. */
struct safetensors *safetensors_read(const char *path, struct error *error);
void safetensors_free(struct safetensors *file); /* NULL: nothing */

/* Owned by the file. NULL: there is none of that name. */
const struct tensor *safetensors_tensor(const struct safetensors *file, const char *name);
const char *safetensors_value(const struct safetensors *file, const char *key);

/* The i-th tensor in the order of names, NULL past the last. */
const struct tensor *safetensors_at(const struct safetensors *file, size_t i);
#endif
