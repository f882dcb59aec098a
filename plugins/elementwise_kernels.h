/* elementwise_kernels.h: the loops of elementwise layers. What they call is inlined. */
#include "elementwise.h"
#include <nnrun/math.h>

/* y = value(x) */
NNRUN_INLINE void NNRUN_FN(elementwise_forward)(const void *self, const struct nnrun_slice *s,
                                                nnrun_vec (*value)(const void *self, nnrun_vec x))
{
    const struct elementwise *elementwise = self;

    for (size_t i = 0; i < elementwise->floats; i += NNRUN_WIDTH)
        nnrun_store(s->y + i, value(self, nnrun_load(s->x[0] + i)));
}

/* dx = dy slope(from): f' in terms of `from`, which is x or y */
NNRUN_INLINE void NNRUN_FN(elementwise_backward)(const void *self, const struct nnrun_slice *s,
                                                 const float *from,
                                                 nnrun_vec (*slope)(const void *self, nnrun_vec from))
{
    const struct elementwise *elementwise = self;

    for (size_t i = 0; s->dx[0] && i < elementwise->floats; i += NNRUN_WIDTH)
        nnrun_store(s->dx[0] + i, nnrun_load(s->dy + i) * slope(self, nnrun_load(from + i)));
}
