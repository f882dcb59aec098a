/* tensor.h: a named array of numbers, as checkpoint files hold them. */
#ifndef CHECKPOINT_TENSOR_H
#define CHECKPOINT_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Checkpoints have the first two; the others are of files of other programs. */
enum tensor_type { TENSOR_F32, TENSOR_F64, TENSOR_F16, TENSOR_BF16, TENSOR_OTHER };

enum { TENSOR_MOST_RANK = 7 };

struct tensor {
    const char *name; /* UTF-8 */
    enum tensor_type type;
    uint32_t rank;                  /* 0 .. TENSOR_MOST_RANK; 0: one number */
    uint64_t dim[TENSOR_MOST_RANK]; /* a dimension may be 0 */
    const void *data;               /* when read, aligned to 64 bytes */
    size_t bytes;
};

/* Bytes of a tensor; false, leaving *bytes alone, if there can be no such tensor, or they are not known. */
bool tensor_size(enum tensor_type type, uint32_t rank, const uint64_t *dim, size_t *bytes);
#endif
