/* tails.h: exponential tails that are 0 below 2^-100 by a comparison, long before they are too small for a normal float:
 * when that becomes 0 is up to the processor. Elsewhere the bits are those of nnrun_exp. */
#include <nnrun/math.h>

/* a, or 0 where its size is below 2^-100, by its bits: NaN stays. */
NNRUN_INLINE nnrun_vec NNRUN_FN(flush)(nnrun_vec a)
{
    return (nnrun_vec)((nnrun_ivec)a & (((nnrun_ivec)a & INT32_MAX) > (27 << 23) - 1));
}

/* e^x. Only x above -70 is worked with: e^-70 < 2^-100. */
NNRUN_INLINE nnrun_vec NNRUN_FN(tail)(nnrun_vec x)
{
    return NNRUN_FN(flush)(nnrun_exp(nnrun_max(nnrun_set(-70.0f), x)));
}

/* 1 / (1 + e^-x). */
NNRUN_INLINE nnrun_vec NNRUN_FN(sigmoid)(nnrun_vec x)
{
    const nnrun_vec power = nnrun_exp(nnrun_min(nnrun_set(70.0f), nnrun_max(nnrun_set(-70.0f), -x)));

    return NNRUN_FN(flush)(nnrun_set(1.0f) / (nnrun_set(1.0f) + power));
}
