/* nnrun/math.h: arithmetic on lanes, the same bits at every code level that has FMA.
 *
 * A plugin compiles its kernels once per code level from one text, a header of its own:
 *
 *     #define NNRUN_LEVEL 0                 in relu.c, whose nnrun_plugin has NNRUN_CODE(forward, backward)
 *     #include "relu_kernels.h"
 *     #define NNRUN_LEVEL 1
 *     #include "relu_kernels.h"
 *     #define NNRUN_LEVEL 2
 *     #include "relu_kernels.h"
 *
 *     #include <nnrun/math.h>               relu_kernels.h, in terms of NNRUN_WIDTH floats at a time
 *     static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s) { ... }
 *     #include <nnrun/math_end.h>
 *
 * Or the plugin is one file that includes itself, NNRUN_THIS_FILE instead of "relu_kernels.h": all but the
 * kernels within #ifndef NNRUN_LEVEL, they after #else, as `nnrun layers --new` prints it. A header that
 * kernels share may include <nnrun/math.h> as well: while it is open that does nothing.
 *
 * Between math.h and math_end.h:
 *   NNRUN_WIDTH      floats in an nnrun_vec: 4, 8, 16
 *   NNRUN_VECS       vectors in the 16 lanes of a value: 4, 2, 1
 *   NNRUN_FN(name)   name with the level's suffix
 *   nnrun_vec        floats; + - * / work lane by lane, each rounded once; v[i] is one of them
 *   nnrun_ivec       int32_t, as many; what a comparison of nnrun_vec yields: 0 or -1
 *   NNRUN_UNROLL     before a loop of constant count: unrolled, its small arrays kept in registers
 * The functions are static inline and [worker]. None of them touches memory past what it says.
 * a * b + c is rounded twice at every level: no compiler fuses it here. nnrun_fma rounds once where the level
 * has FMA, and is faster there.
 *
 * All this is source, compiled into the plugin. Within a major version of the ABI each name keeps its
 * arguments, special values and bits; a better one gets another name. Names that begin with nnrun_ or NNRUN_
 * are ours. */
#ifdef __FAST_MATH__
#error "compile without -ffast-math: the bits would differ"
#endif
#ifndef NNRUN_LEVEL
#error "define NNRUN_LEVEL as 0, 1 or 2 before <nnrun/math.h>: see the top of the file"
#endif

#ifndef NNRUN_WIDTH /* not yet open */
#ifndef NNRUN_MATH_ONCE
#define NNRUN_MATH_ONCE
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#if defined(__cplusplus) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push /* g++ 12 warns of its own _mm512_undefined_ps (GCC bug 105593) */
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#else
#include <immintrin.h>
#endif
#endif
#define NNRUN_INLINE static inline __attribute__((always_inline, unused))
/* Before a loop of constant count: unrolled whole, so that an array it indexes can live in registers. */
#ifdef __clang__
#define NNRUN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define NNRUN_UNROLL _Pragma("GCC unroll 32")
#endif
#define NNRUN_CODE(forward, backward)                                                                        \
    {                                                                                                        \
        {forward##_portable, backward##_portable}, {forward##_avx2, backward##_avx2},                        \
        {                                                                                                    \
            forward##_avx512, backward##_avx512                                                              \
        }                                                                                                    \
    }
/* One function for each level, as nnrun_derived.make has them. */
#define NNRUN_EACH_LEVEL(function)                                                                           \
    {                                                                                                        \
        function##_portable, function##_avx2, function##_avx512                                              \
    }
#endif

#if NNRUN_LEVEL == 0
#define NNRUN_WIDTH    4
#define NNRUN_FN(name) name##_portable
#elif NNRUN_LEVEL == 1
#define NNRUN_WIDTH    8
#define NNRUN_FN(name) name##_avx2
#elif NNRUN_LEVEL == 2
#define NNRUN_WIDTH    16
#define NNRUN_FN(name) name##_avx512
#else
#error "NNRUN_LEVEL is 0, 1 or 2"
#endif
#define NNRUN_VECS (16 / NNRUN_WIDTH)

/* No product is fused with a sum but by nnrun_fma, whatever the compiler's flags. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif

/* NNRUN_WIDE_ON_AVX2 compiles level 2 for processors without AVX-512, to test its width there. */
#if defined(__x86_64__) && NNRUN_LEVEL > 0
#if NNRUN_LEVEL == 1 || defined(NNRUN_WIDE_ON_AVX2)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#else
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))),         \
                             apply_to = function)
#else
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
#endif
#endif
#endif

typedef float NNRUN_FN(nnrun_vec) __attribute__((vector_size(4 * NNRUN_WIDTH)));
typedef int32_t NNRUN_FN(nnrun_ivec) __attribute__((vector_size(4 * NNRUN_WIDTH)));
#define nnrun_vec  NNRUN_FN(nnrun_vec)
#define nnrun_ivec NNRUN_FN(nnrun_ivec)

#define nnrun_set       NNRUN_FN(nnrun_set)
#define nnrun_load      NNRUN_FN(nnrun_load)
#define nnrun_loadu     NNRUN_FN(nnrun_loadu)
#define nnrun_store     NNRUN_FN(nnrun_store)
#define nnrun_storeu    NNRUN_FN(nnrun_storeu)
#define nnrun_hold      NNRUN_FN(nnrun_hold)
#define nnrun_fma       NNRUN_FN(nnrun_fma)
#define nnrun_mask_bits NNRUN_FN(nnrun_mask_bits)
#define nnrun_bits_mask NNRUN_FN(nnrun_bits_mask)
#define nnrun_select    NNRUN_FN(nnrun_select)
#define nnrun_max       NNRUN_FN(nnrun_max)
#define nnrun_min       NNRUN_FN(nnrun_min)
#define nnrun_lane_sum  NNRUN_FN(nnrun_lane_sum)
#define nnrun_lane_sums NNRUN_FN(nnrun_lane_sums)
#define nnrun_turn      NNRUN_FN(nnrun_turn)
#define nnrun_flush     NNRUN_FN(nnrun_flush)
#define nnrun_exp       NNRUN_FN(nnrun_exp)
#define nnrun_expm1     NNRUN_FN(nnrun_expm1)
#define nnrun_log       NNRUN_FN(nnrun_log)
#define nnrun_tanh      NNRUN_FN(nnrun_tanh)

/* a in every place. */
NNRUN_INLINE nnrun_vec nnrun_set(float a)
{
    const nnrun_vec zero = {0};
    return a - zero;
}

/* NNRUN_WIDTH floats from p, aligned to the vector's size. */
NNRUN_INLINE nnrun_vec nnrun_load(const float *p)
{
    return *(const nnrun_vec *)(const void *)p;
}

NNRUN_INLINE void nnrun_store(float *p, nnrun_vec a)
{
    *(nnrun_vec *)(void *)p = a;
}

/* The same at any address. */
NNRUN_INLINE nnrun_vec nnrun_loadu(const float *p)
{
    nnrun_vec a;
    memcpy(&a, p, sizeof a);
    return a;
}

NNRUN_INLINE void nnrun_storeu(float *p, nnrun_vec a)
{
    memcpy(p, &a, sizeof a);
}

/* a, in a register: GCC would otherwise load it from memory again for each of two uses. */
NNRUN_INLINE nnrun_vec nnrun_hold(nnrun_vec a)
{
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && NNRUN_LEVEL == 1
    __asm__("" : "+x"(a));
#elif defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && NNRUN_LEVEL == 2 &&                 \
    !defined(NNRUN_WIDE_ON_AVX2)
    __asm__("" : "+v"(a));
#endif
    return a;
}

/* a * b + c, rounded once where the level has FMA, twice where it has not. */
NNRUN_INLINE nnrun_vec nnrun_fma(nnrun_vec a, nnrun_vec b, nnrun_vec c)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && defined(NNRUN_WIDE_ON_AVX2)
    __m256 x[2], y[2], z[2];
    memcpy(x, &a, sizeof a);
    memcpy(y, &b, sizeof b);
    memcpy(z, &c, sizeof c);
    z[0] = _mm256_fmadd_ps(x[0], y[0], z[0]);
    z[1] = _mm256_fmadd_ps(x[1], y[1], z[1]);
    memcpy(&c, z, sizeof c);
    return c;
#elif defined(__x86_64__) && NNRUN_LEVEL == 2
    return (nnrun_vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FP_FAST_FMAF) || defined(__aarch64__)
    for (int i = 0; i < NNRUN_WIDTH; i++)
        c[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return c;
#else
    return a * b + c;
#endif
}

/* Lane by lane: a where mask is -1, b where it is 0. */
NNRUN_INLINE nnrun_vec nnrun_select(nnrun_ivec mask, nnrun_vec a, nnrun_vec b)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_vec)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (nnrun_vec)((mask & (nnrun_ivec)a) | (~mask & (nnrun_ivec)b));
#endif
}

/* Bit i is 1 where mask[i] is negative, as -1 is, else 0. */
NNRUN_INLINE uint32_t nnrun_mask_bits(nnrun_ivec mask)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 0
    return (uint32_t)_mm_movemask_ps((__m128)mask);
#elif defined(__x86_64__) && NNRUN_LEVEL == 1
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return _mm512_movepi32_mask((__m512i)mask);
#else
    uint32_t bits = 0;

    for (int i = 0; i < NNRUN_WIDTH; i++)
        bits |= (uint32_t)(mask[i] < 0) << i;
    return bits;
#endif
}

/* And back: of bits from NNRUN_WIDTH on nothing is seen. */
NNRUN_INLINE nnrun_ivec nnrun_bits_mask(uint32_t bits)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return (nnrun_ivec)_mm512_movm_epi32((__mmask16)bits);
#else
    nnrun_ivec mask;

    for (int i = 0; i < NNRUN_WIDTH; i++)
        mask[i] = -(int32_t)(bits >> i & 1);
    return mask;
#endif
}

/* a > b ? a : b: b where either is NaN. */
NNRUN_INLINE nnrun_vec nnrun_max(nnrun_vec a, nnrun_vec b)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_vec)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return (nnrun_vec)_mm512_max_ps((__m512)a, (__m512)b);
#else
    return nnrun_select(a > b, a, b);
#endif
}

/* a < b ? a : b: b where either is NaN. */
NNRUN_INLINE nnrun_vec nnrun_min(nnrun_vec a, nnrun_vec b)
{
    return nnrun_select(a < b, a, b);
}

/* The sum of the 16 lanes of one value, in the one order every level keeps: l + 8, l + 4, l + 2, l + 1. */
NNRUN_INLINE float nnrun_lane_sum(const nnrun_vec a[NNRUN_VECS])
{
#if defined(__x86_64__) && (NNRUN_LEVEL == 1 || (NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)))
#if NNRUN_LEVEL == 1
    __m256 eight = (__m256)(a[0] + a[1]);
#else
    __m256 eight =
        _mm256_add_ps(_mm512_castps512_ps256((__m512)a[0]), _mm512_extractf32x8_ps((__m512)a[0], 1));
#endif
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
#else
    float s[16];

    memcpy(s, a, sizeof s);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            s[i] += s[i + half];
    return s[0];
#endif
}

/* to[i] = the sum of the 16 lanes at from + 16 * i, in that order, for NNRUN_WIDTH values; both aligned to the
 * vector's size. */
NNRUN_INLINE void nnrun_lane_sums(float *to, const float *from)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 1
    __m256 eight[8], four[4], two[2];

    NNRUN_UNROLL
    for (int i = 0; i < 8; i++)
        eight[i] = _mm256_add_ps(_mm256_load_ps(from + 16 * i), _mm256_load_ps(from + 16 * i + 8));
    NNRUN_UNROLL
    for (int i = 0; i < 4; i++)
        four[i] = _mm256_add_ps(_mm256_permute2f128_ps(eight[i], eight[i + 4], 0x20),
                                _mm256_permute2f128_ps(eight[i], eight[i + 4], 0x31));
    NNRUN_UNROLL
    for (int i = 0; i < 2; i++) {
        const __m256d a = _mm256_castps_pd(four[i]), b = _mm256_castps_pd(four[i + 2]);
        two[i] = _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(a, b)),
                               _mm256_castpd_ps(_mm256_unpackhi_pd(a, b)));
    }
    const __m256 one =
        _mm256_add_ps(_mm256_shuffle_ps(two[0], two[1], 0x88), _mm256_shuffle_ps(two[0], two[1], 0xdd));
    nnrun_store(to, (nnrun_vec)_mm256_permutevar8x32_ps(one, _mm256_setr_epi32(0, 2, 1, 3, 4, 6, 5, 7)));
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    __m512 eight[8], four[4], two[2];

    NNRUN_UNROLL
    for (int i = 0; i < 8; i++) {
        const __m512 a = _mm512_load_ps(from + 16 * i), b = _mm512_load_ps(from + 16 * (i + 8));
        eight[i] = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
    }
    NNRUN_UNROLL
    for (int i = 0; i < 4; i++)
        four[i] = _mm512_add_ps(_mm512_shuffle_f32x4(eight[i], eight[i + 4], 0x88),
                                _mm512_shuffle_f32x4(eight[i], eight[i + 4], 0xdd));
    NNRUN_UNROLL
    for (int i = 0; i < 2; i++) {
        const __m512d a = _mm512_castps_pd(four[i]), b = _mm512_castps_pd(four[i + 2]);
        two[i] = _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(a, b)),
                               _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)));
    }
    const __m512 one =
        _mm512_add_ps(_mm512_shuffle_ps(two[0], two[1], 0x88), _mm512_shuffle_ps(two[0], two[1], 0xdd));
    const __m512i order = _mm512_setr_epi32(0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15);
    nnrun_store(to, (nnrun_vec)_mm512_permutexvar_ps(order, one));
#else
    for (int i = 0; i < NNRUN_WIDTH; i++, from += 16) {
        nnrun_vec a[NNRUN_VECS];

        memcpy(a, from, sizeof a);
        to[i] = nnrun_lane_sum(a);
    }
#endif
}

/* Turns NNRUN_WIDTH values of 16 lanes into 16 rows of NNRUN_WIDTH values: to[lane * step + i] =
 * from[i * 16 + lane]; both aligned to the vector's size, step a multiple of NNRUN_WIDTH. nnrun_transpose is
 * another name of it. */
#define nnrun_transpose nnrun_turn
NNRUN_INLINE void nnrun_turn(float *to, ptrdiff_t step, const float *from)
{
#if defined(__x86_64__) && (NNRUN_LEVEL == 1 || (NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)))
    for (int lane = 0; lane < 16; lane += 4, from += 4, to += 4 * step) {
        nnrun_vec r[4]; /* r[j]: four lanes of the values j, j + 4, ... */
        NNRUN_UNROLL
        for (int j = 0; j < 4; j++) {
            __m256 low = _mm256_castps128_ps256(_mm_load_ps(from + 16 * j));
            low = _mm256_insertf128_ps(low, _mm_load_ps(from + 16 * (j + 4)), 1);
#if NNRUN_LEVEL == 1
            r[j] = (nnrun_vec)low;
#else
            __m512 all = _mm512_castps256_ps512(low);
            all = _mm512_insertf32x4(all, _mm_load_ps(from + 16 * (j + 8)), 2);
            r[j] = (nnrun_vec)_mm512_insertf32x4(all, _mm_load_ps(from + 16 * (j + 12)), 3);
#endif
        }
#if NNRUN_LEVEL == 1
#define NNRUN_MIX(name, a, b)    (nnrun_vec) _mm256_##name((__m256d)(a), (__m256d)(b))
#define NNRUN_MIX_PS(name, a, b) (nnrun_vec) _mm256_##name((__m256)(a), (__m256)(b))
#else
#define NNRUN_MIX(name, a, b)    (nnrun_vec) _mm512_##name((__m512d)(a), (__m512d)(b))
#define NNRUN_MIX_PS(name, a, b) (nnrun_vec) _mm512_##name((__m512)(a), (__m512)(b))
#endif
        nnrun_vec low01 = NNRUN_MIX_PS(unpacklo_ps, r[0], r[1]),
                  high01 = NNRUN_MIX_PS(unpackhi_ps, r[0], r[1]);
        nnrun_vec low23 = NNRUN_MIX_PS(unpacklo_ps, r[2], r[3]),
                  high23 = NNRUN_MIX_PS(unpackhi_ps, r[2], r[3]);
        nnrun_store(to, NNRUN_MIX(unpacklo_pd, low01, low23));
        nnrun_store(to + step, NNRUN_MIX(unpackhi_pd, low01, low23));
        nnrun_store(to + 2 * step, NNRUN_MIX(unpacklo_pd, high01, high23));
        nnrun_store(to + 3 * step, NNRUN_MIX(unpackhi_pd, high01, high23));
#undef NNRUN_MIX
#undef NNRUN_MIX_PS
    }
#else
    for (int i = 0; i < NNRUN_WIDTH; i++)
        for (int lane = 0; lane < 16; lane++)
            to[lane * step + i] = from[i * 16 + lane];
#endif
}

#include <nnrun/math_functions.h>
#endif
