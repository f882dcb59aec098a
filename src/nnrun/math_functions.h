/* nnrun/math_functions.h: flushing, exp, expm1, log and tanh on lanes, the part of nnrun/math.h about functions. Include that one, once
 * for each code level. */
/* a, or 0 where its size is below `least`, a constant above 2^-126: what decays to 0 is to be 0 long before it is too
 * small for a normal float, where processors differ. NaN stays. Whole numbers are compared, so that no flag is raised. */
NNRUN_INLINE nnrun_vec nnrun_flush(nnrun_vec a, float least)
{
    int32_t bits;

    memcpy(&bits, &least, sizeof bits);
    return (nnrun_vec)((nnrun_ivec)a & (((nnrun_ivec)a & INT32_MAX) > bits - 1));
}

/* For the two below: x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite), for x from -104 to 89: those
 * beyond give the ends' n and r. Returns r. */
NNRUN_INLINE nnrun_vec NNRUN_FN(nnrun_reduce)(nnrun_vec x, nnrun_ivec *n)
{
    const nnrun_vec magic = nnrun_set(12582912.0f); /* 1.5 * 2^23: adding it rounds to a whole number */
    nnrun_vec a = nnrun_select(x > nnrun_set(89.0f), nnrun_set(89.0f), x);
    a = nnrun_select(a < nnrun_set(-104.0f), nnrun_set(-104.0f), a);

    const nnrun_vec whole = nnrun_fma(a, nnrun_set(1.44269504f), magic) - magic;
    *n = __builtin_convertvector(nnrun_select(x == x, whole, nnrun_set(0.0f)), nnrun_ivec);
    a = nnrun_fma(whole, nnrun_set(-0.693145752f), a);
    return nnrun_fma(whole, nnrun_set(-1.42860677e-6f), a);
}

/* For them: (e^r - 1 - r) / r^2 by the Taylor polynomial of degree 7. */
NNRUN_INLINE nnrun_vec NNRUN_FN(nnrun_series)(nnrun_vec r)
{
    nnrun_vec p = nnrun_set(1.0f / 5040);
    p = nnrun_fma(p, r, nnrun_set(1.0f / 720));
    p = nnrun_fma(p, r, nnrun_set(1.0f / 120));
    p = nnrun_fma(p, r, nnrun_set(1.0f / 24));
    p = nnrun_fma(p, r, nnrun_set(1.0f / 6));
    return nnrun_fma(p, r, nnrun_set(0.5f));
}

/* For them: 2^n for n from -126 to 127. */
NNRUN_INLINE nnrun_vec NNRUN_FN(nnrun_power)(nnrun_ivec n)
{
    return (nnrun_vec)((n + 127) << 23);
}

/* e^x, within 2 ulp; 0 below -103.98, infinite above 88.72, NaN for NaN. e^r is scaled by 2^n in two halves.
 */
NNRUN_INLINE nnrun_vec nnrun_exp(nnrun_vec x)
{
    nnrun_ivec n;
    const nnrun_vec r = NNRUN_FN(nnrun_reduce)(x, &n);
    const nnrun_ivec half = n >> 1;
    nnrun_vec p = nnrun_fma(NNRUN_FN(nnrun_series)(r), r, nnrun_set(1.0f));

    p = nnrun_fma(p, r, nnrun_set(1.0f));
    return p * NNRUN_FN(nnrun_power)(half) * NNRUN_FN(nnrun_power)(n - half);
}

/* e^x - 1, within 2 ulp, near 0 too (0 for -0); -1 below -18, infinite above 88.72, NaN for NaN: 2^n (e^r -
 * 1) + 2^n - 1, again in two halves. */
NNRUN_INLINE nnrun_vec nnrun_expm1(nnrun_vec x)
{
    nnrun_ivec n;
    const nnrun_vec r = NNRUN_FN(nnrun_reduce)(x, &n);
    const nnrun_ivec half = n >> 1;
    const nnrun_vec p = nnrun_fma(NNRUN_FN(nnrun_series)(r) * r, r, r),
                    scale = NNRUN_FN(nnrun_power)(n - half);

    return nnrun_fma(p, scale, scale - NNRUN_FN(nnrun_power)(-half)) * NNRUN_FN(nnrun_power)(half);
}

/* ln x, within 2 ulp; -infinity at 0 (denormals count as 0), NaN below. x = 2^k (1 + f) with 1 + f in
 * [sqrt(1/2), sqrt(2)); ln(1 + f) = f - s (f - R), s = f / (2 + f), R a polynomial in s^2, as FreeBSD's. */
NNRUN_INLINE nnrun_vec nnrun_log(nnrun_vec x)
{
    nnrun_vec finite = nnrun_select(x < nnrun_set(__builtin_inff()), x, nnrun_set(1.0f));
    nnrun_ivec bits = (nnrun_ivec)finite + (0x3f800000 - 0x3f3504f3);
    nnrun_vec k = __builtin_convertvector((bits >> 23) - 127, nnrun_vec);
    nnrun_vec f = (nnrun_vec)((bits & 0x007fffff) + 0x3f3504f3) - nnrun_set(1.0f);
    nnrun_vec s = f / (f + nnrun_set(2.0f));
    nnrun_vec z = s * s, w = z * z, h = nnrun_set(0.5f) * f * f;
    nnrun_vec even = w * nnrun_fma(w, nnrun_set(0.242790788f), nnrun_set(0.400009721f));
    nnrun_vec odd = z * nnrun_fma(w, nnrun_set(0.284987867f), nnrun_set(0.666666627f));
    nnrun_vec r = nnrun_fma(s, h + (even + odd), k * nnrun_set(9.05800061e-06f)) - h + f;
    r = nnrun_fma(k, nnrun_set(0.693138123f), r);
    r = nnrun_select(x == nnrun_set(__builtin_inff()), x, r);
    r = nnrun_select(x < nnrun_set(1.17549435e-38f), nnrun_set(-__builtin_inff()), r);
    return nnrun_select((x < nnrun_set(0.0f)) | (x != x), nnrun_set(__builtin_nanf("")), r);
}

/* tanh x, within 2 ulp: x + x^3 P(x^2) for |x| < 0.625 (Cephes), else 1 - 2 / (e^2|x| + 1) with x's sign. */
NNRUN_INLINE nnrun_vec nnrun_tanh(nnrun_vec x)
{
    nnrun_ivec sign = (nnrun_ivec)x & (int32_t)0x80000000;
    nnrun_vec a = (nnrun_vec)((nnrun_ivec)x ^ sign);
    nnrun_vec z = x * x;
    nnrun_vec p = nnrun_set(-5.70498872745e-3f);
    p = nnrun_fma(p, z, nnrun_set(2.06390887954e-2f));
    p = nnrun_fma(p, z, nnrun_set(-5.37397155531e-2f));
    p = nnrun_fma(p, z, nnrun_set(1.33314422036e-1f));
    p = nnrun_fma(p, z, nnrun_set(-3.33332819422e-1f));
    nnrun_vec small = nnrun_fma(p * z, a, a);
    nnrun_vec large = nnrun_set(1.0f) - nnrun_set(2.0f) / (nnrun_exp(a + a) + nnrun_set(1.0f));
    return (nnrun_vec)((nnrun_ivec)nnrun_select(a < nnrun_set(0.625f), small, large) | sign);
}
