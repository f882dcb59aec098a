/* elementwise_kernels.h: the loops of elementwise layers. What they call is inlined. */
#include "elementwise.h"
#include <nnrun/math.h>

/* y = value(x); of one sample also past its end, to a whole vector. */
NNRUN_INLINE void NNRUN_FN(elementwise_values)(const void *self, const float *x, size_t floats, float *y,
                                               nnrun_vec (*value)(const void *self, nnrun_vec x))
{
    for (size_t i = 0; i < floats; i += NNRUN_WIDTH)
        nnrun_store(y + i, value(self, nnrun_load(x + i)));
}

NNRUN_INLINE void NNRUN_FN(elementwise_forward)(const void *self, const struct nnrun_slice *s,
                                                nnrun_vec (*value)(const void *self, nnrun_vec x))
{
    NNRUN_FN(elementwise_values)(self, s->x[0], ((const struct elementwise *)self)->floats, s->y, value);
}

NNRUN_INLINE void NNRUN_FN(elementwise_one)(const void *self, const struct nnrun_one_sample *s,
                                            nnrun_vec (*value)(const void *self, nnrun_vec x))
{
    NNRUN_FN(elementwise_values)
    (self, s->x[0], ((const struct elementwise *)self)->floats / NNRUN_LANES, s->y, value);
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
