/* fixture.h: what the layers of the tests share: plain C for one code level, a float at a time. */
#include <nnrun/layer.h>

static inline size_t floats_of(const struct nnrun_shape *shape)
{
    size_t floats = NNRUN_LANES;

    for (int32_t i = 0; i < shape->rank; i++)
        floats *= (size_t)shape->dim[i];
    return floats;
}
