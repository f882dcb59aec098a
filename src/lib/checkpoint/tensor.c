/* tensor.c: see tensor.h. */
#include "checkpoint/tensor.h"

#include "base/memory.h"

bool tensor_size(enum tensor_type type, uint32_t rank, const uint64_t *dim, size_t *bytes)
{
    size_t size = type == TENSOR_F32 ? sizeof(float) : sizeof(double);

    if (rank > TENSOR_MOST_RANK)
        return false;
    for (uint32_t i = 0; i < rank; i++)
        if (dim[i] > INT64_MAX || dim[i] > SIZE_MAX || !size_multiply(size, (size_t)dim[i], &size))
            return false;
    *bytes = size;
    return true;
}
