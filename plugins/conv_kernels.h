/* conv_kernels.h: what conv.c computes, included once for each code level: conv_direct.h's, conv_toom_kernels.h's or
 * conv_toom_few.h's passes, and dbias. */
#include "conv_one_kernels.h"

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct conv *k = self;
    const struct direct direct = {&k->windows, k->in_channels, k->out_channels};
    const float *bias = k->has_bias ? s->w[1] : NULL;

    if (k->toom.forward && k->toom.few)
        NNRUN_FN(few_y)(k, s->x[0], bias, s->derived, s->scratch, s->y);
    else if (k->toom.forward)
        NNRUN_FN(toom_y)(k, s->x[0], bias, s->derived, s->scratch, s->y);
    else
        NNRUN_FN(direct_y)
    (&direct, NNRUN_FN(choose)(k->out_channels, k->windows.out[1]), conv_padded(k, s->x[0], s->scratch), bias,
     s->w[0], s->y);
}

/* dbias of C channels. */
NNRUN_INLINE void NNRUN_FN(bias_gradient)(int C, ptrdiff_t values, const float *dy, int stores, float *dw)
{
    nnrun_vec a[4 * NNRUN_VECS];

    NNRUN_UNROLL
    for (int i = 0; i < C * NNRUN_VECS; i++)
        a[i] = nnrun_set(0.0f);
    for (ptrdiff_t i = 0; i < values; i++)
        NNRUN_UNROLL
    for (int c = 0; c < C; c++)
        NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++)
        a[c * NNRUN_VECS + v] += nnrun_load(dy + (c * values + i) * NNRUN_LANES + v * NNRUN_WIDTH);
    for (int c = 0; c < C; c++)
        dw[c] = stores ? nnrun_lane_sum(a + c * NNRUN_VECS) : dw[c] + nnrun_lane_sum(a + c * NNRUN_VECS);
}

static void NNRUN_FN(direct_backward)(const struct conv *k, const struct nnrun_slice *s)
{
    const struct direct direct = {&k->windows, k->in_channels, k->out_channels};
    const float *x = conv_padded(k, s->x[0], s->scratch);

    NNRUN_FN(direct_dw)
    (&direct, x, s->dy, (float *)s->scratch + k->padded_floats, s->first_of_group != 0, s->dw[0]);
    for (ptrdiff_t phase = 0; s->dx[0] && phase < k->windows.stride[1]; phase++) {
        const struct phase p = NNRUN_FN(direct_phase)(&direct, phase);

        if (p.end > p.first)
            NNRUN_FN(direct_dx)(&direct, &p, 0, k->windows.in[0], s->w[0], s->dy, s->dx[0]);
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct conv *k = self;
    const ptrdiff_t values = k->windows.out[0] * k->windows.out[1];
    const int stores = s->first_of_group != 0;
    ptrdiff_t c = 0;

    if (k->toom.backward)
        NNRUN_FN(toom_backward)(k, s);
    else
        NNRUN_FN(direct_backward)(k, s);
    for (; k->has_bias && c + 4 <= k->out_channels; c += 4)
        NNRUN_FN(bias_gradient)(4, values, s->dy + c * values * NNRUN_LANES, stores, s->dw[1] + c);
    for (; k->has_bias && c < k->out_channels; c++)
        NNRUN_FN(bias_gradient)(1, values, s->dy + c * values * NNRUN_LANES, stores, s->dw[1] + c);
}

#include <nnrun/math_end.h>
