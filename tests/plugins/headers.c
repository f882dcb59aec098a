/* headers.c: calls all that nnrun/math.h has, for header.sh to compile as C11 and as C++17; no plugin. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>
#define NNRUN_LEVEL 0
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 1
#include NNRUN_THIS_FILE
#define NNRUN_LEVEL 2
#include NNRUN_THIS_FILE

extern const struct nnrun_code headers[NNRUN_LEVELS];
const struct nnrun_code headers[NNRUN_LEVELS] = NNRUN_CODE(call, call);

#else
#include <nnrun/math.h>
#include <nnrun/math.h> /* as a header does that kernels share */

static void NNRUN_FN(call)(const void *self, const struct nnrun_slice *slice)
{
    const float *x = slice->x[0];
    const nnrun_vec a = nnrun_hold(nnrun_load(x)), b = nnrun_loadu((const float *)self);
    const nnrun_vec c = nnrun_fma(nnrun_exp(nnrun_expm1(a)), nnrun_log(b), nnrun_tanh(nnrun_set(0.5f)));
    const nnrun_ivec less = nnrun_max(a, c) < nnrun_min(b, c);
    nnrun_vec lanes[NNRUN_VECS];

    NNRUN_UNROLL
    for (int i = 0; i < NNRUN_VECS; i++)
        lanes[i] = nnrun_load(x + i * NNRUN_WIDTH);
    nnrun_turn((float *)slice->scratch, NNRUN_WIDTH, x);
    nnrun_lane_sums((float *)slice->scratch, x);
    *(uint32_t *)slice->scratch = nnrun_mask_bits(nnrun_bits_mask(5));
    nnrun_transpose((float *)slice->scratch, NNRUN_WIDTH, x);
    nnrun_store(slice->y, nnrun_select(less, a, c));
    nnrun_storeu(slice->loss, nnrun_flush(b, 0x1p-100f));
    slice->dw[0][0] += nnrun_lane_sum(lanes);
}
#include <nnrun/math_end.h>
#endif
