/* safetensors_read.h: reads and verifies one checkpoint (safetensors_format.h), from a file or from memory:
 * exactly what the format allows, every size checked before memory is taken, every checksum verified; one
 * without checksums is not ours and refused. Nothing changes once it is read: any number of threads may look
 * at it. */
#ifndef CHECKPOINT_SAFETENSORS_READ_H
#define CHECKPOINT_SAFETENSORS_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "checkpoint/tensor.h"

struct safetensors;

/* Reads and verifies a whole file, which may then change or go. NULL after setting error, "PATH: reason":
 * ERROR_DATA, it is no checkpoint or not there; ERROR_FAILED and ERROR_MEMORY say nothing about the file. */
struct safetensors *safetensors_read(const char *path, struct error *error);

/* The same; *damaged: its bytes were read and are no checkpoint. Without that a later try may succeed. */
struct safetensors *safetensors_verify(const char *path, bool *damaged, struct error *error);

/* The same of the bytes of such a file, which are copied; `label` stands for PATH. */
struct safetensors *safetensors_parse(const void *bytes, size_t size, const char *label, struct error *error);
void safetensors_free(struct safetensors *file); /* NULL: nothing */

/* Which tensors of a file are kept in memory: data of the others is NULL. */
struct safetensors_choice {
    bool (*wants)(void *arg, const struct tensor *tensor);
    void *arg;
};

/* A file of the format, whoever wrote it: no checksums are expected, there may be no metadata, tensors may have any
 * dtype, and the header 1 MiB and a part of the file. A checkpoint of ours is verified as above. However large the file is,
 * no more than its header and the tensors of the choice are in memory at once, NULL: all. NULL after setting error, as
 * safetensors_read. */
struct safetensors *safetensors_read_any(const char *path, const struct safetensors_choice *choice,
                                         struct error *error);

/* Of a file that safetensors_read_any has read: its SHA-256 in hex, and whether another program wrote it. */
const char *safetensors_hash(const struct safetensors *file);
bool safetensors_is_other(const struct safetensors *file);

/* The dtype as the file has it, "I64", also of TENSOR_OTHER, whose numbers are of a size that is not known here. */
const char *safetensors_tensor_dtype(const struct safetensors *file, const struct tensor *tensor);

/* Whether bytes begin as every checkpoint does, and no text: nine of them tell. */
bool safetensors_begins(const void *bytes, size_t size);

/* Its path, or the label it was given; owned by the file. */
const char *safetensors_label(const struct safetensors *file);

/* Owned by the file. NULL: there is none of that name. */
const struct tensor *safetensors_tensor(const struct safetensors *file, const char *name);
const char *safetensors_value(const struct safetensors *file, const char *key);

/* The i-th tensor in the order of names, NULL past the last. */
const struct tensor *safetensors_at(const struct safetensors *file, size_t i);
#endif
