/* tensor.c: see tensor.h. */
#include "checkpoint/tensor.h"

#include "base/memory.h"

bool tensor_size(enum tensor_type type, uint32_t rank, const uint64_t *dim, size_t *bytes)
{
    static const size_t sizes[] = {[TENSOR_F32] = 4, [TENSOR_F64] = 8, [TENSOR_F16] = 2, [TENSOR_BF16] = 2};
    size_t size;

    if (rank > TENSOR_MOST_RANK || type == TENSOR_OTHER)
        return false;
    size = sizes[type];
    for (uint32_t i = 0; i < rank; i++)
        if (dim[i] > INT64_MAX || dim[i] > SIZE_MAX || !size_multiply(size, (size_t)dim[i], &size))
            return false;
    *bytes = size;
    return true;
}
