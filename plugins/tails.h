/* tails.h: exponential tails that are 0 below 2^-100 by a comparison, long before they are too small for a normal float:
 * when that becomes 0 is up to the processor. Above, the bits are those of nnrun_exp. */
#include <nnrun/math.h>

/* Without a sign, so that what NaN makes of a sum does not overflow it. */
typedef uint32_t NNRUN_FN(exponents) __attribute__((vector_size(4 * NNRUN_WIDTH)));

/* e^x of x from -70 to 70, or NaN: nnrun_exp without what it does for others. 2^n has n from the sum with 1.5 * 2^23,
 * whose last bits it is. */
NNRUN_INLINE nnrun_vec NNRUN_FN(near_exp)(nnrun_vec x)
{
    const nnrun_vec magic = nnrun_set(12582912.0f), sum = nnrun_fma(x, nnrun_set(1.44269504f), magic);
    const nnrun_vec whole = sum - magic, power = (nnrun_vec)(((NNRUN_FN(exponents))sum << 23) + 0x3f800000u);
    const nnrun_vec r =
        nnrun_fma(whole, nnrun_set(-1.42860677e-6f), nnrun_fma(whole, nnrun_set(-0.693145752f), x));
    const nnrun_vec p = nnrun_fma(NNRUN_FN(nnrun_series)(r), r, nnrun_set(1.0f));

    return nnrun_fma(p, r, nnrun_set(1.0f)) * power;
}

/* e^x of x up to 0. e^-70 is below 2^-100. */
NNRUN_INLINE nnrun_vec NNRUN_FN(tail)(nnrun_vec x)
{
    return nnrun_flush(NNRUN_FN(near_exp)(nnrun_max(nnrun_set(-70.0f), x)), 0x1p-100f);
}

/* 1 / (1 + e^-x). */
NNRUN_INLINE nnrun_vec NNRUN_FN(sigmoid)(nnrun_vec x)
{
    const nnrun_vec low = nnrun_set(-70.0f);
    const nnrun_vec power = NNRUN_FN(near_exp)(nnrun_max(low, -nnrun_max(low, x)));

    return nnrun_flush(nnrun_set(1.0f) / (nnrun_set(1.0f) + power), 0x1p-100f);
}
