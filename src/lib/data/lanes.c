/* lanes.c: see lanes.h. Sixteen samples' bytes are transposed 16 x 16 in registers, then converted. */
#ifndef NNRUN_LEVEL
#include "data/lanes.h"

#define NNRUN_LEVEL 0
#include "lanes.c"
#define NNRUN_LEVEL 1
#include "lanes.c"
#define NNRUN_LEVEL 2
#include "lanes.c"

lanes_gather_code *lanes_gather(unsigned level)
{
    static lanes_gather_code *const codes[NNRUN_LEVELS] = {gather_portable, gather_avx2, gather_avx512};

    return codes[level];
}

lanes_gather_floats_code *lanes_gather_floats(unsigned level)
{
    static lanes_gather_floats_code *const codes[NNRUN_LEVELS] = {gather_floats_portable, gather_floats_avx2,
                                                                  gather_floats_avx512};

    return codes[level];
}

lanes_scale_code *lanes_scale(unsigned level)
{
    static lanes_scale_code *const codes[NNRUN_LEVELS] = {scale_portable, scale_avx2, scale_avx512};

    return codes[level];
}

lanes_scale_floats_code *lanes_scale_floats(unsigned level)
{
    static lanes_scale_floats_code *const codes[NNRUN_LEVELS] = {scale_floats_portable, scale_floats_avx2,
                                                                 scale_floats_avx512};

    return codes[level];
}

#else
#include <nnrun/math.h>

/* block[i][lane] = pixels[lane][i] for 16 values from `from` on. */
NNRUN_INLINE void NNRUN_FN(transpose)(const uint8_t *const pixels[NNRUN_LANES], size_t from,
                                      uint8_t block[16][16])
{
#if defined(__x86_64__)
    __m128i a[16], b[16];

    NNRUN_UNROLL
    for (int i = 0; i < 16; i++)
        a[i] = _mm_loadu_si128((const __m128i *)(const void *)(pixels[i] + from));
    /* four perfect shuffles of the 16 x 16 bytes */
    NNRUN_UNROLL
    for (int round = 0; round < 4; round++) {
        NNRUN_UNROLL
        for (int i = 0; i < 8; i++) {
            b[2 * i] = _mm_unpacklo_epi8(a[i], a[i + 8]);
            b[2 * i + 1] = _mm_unpackhi_epi8(a[i], a[i + 8]);
        }
        NNRUN_UNROLL
        for (int i = 0; i < 16; i++)
            a[i] = b[i];
    }
    NNRUN_UNROLL
    for (int i = 0; i < 16; i++)
        _mm_store_si128((__m128i *)(void *)block[i], a[i]);
#else
    for (int lane = 0; lane < 16; lane++)
        for (int i = 0; i < 16; i++)
            block[i][lane] = pixels[lane][from + (size_t)i];
#endif
}

/* NNRUN_WIDTH bytes as numbers. GCC would take them apart one by one. */
NNRUN_INLINE nnrun_vec NNRUN_FN(widen)(const uint8_t *from)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return (nnrun_vec)_mm512_cvtepi32_ps(
        _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)from)));
#elif defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_vec)_mm256_cvtepi32_ps(
        _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from)));
#else
    uint8_t bytes __attribute__((vector_size(NNRUN_WIDTH)));

    memcpy(&bytes, from, sizeof bytes);
    return __builtin_convertvector(__builtin_convertvector(bytes, nnrun_ivec), nnrun_vec);
#endif
}

NNRUN_INLINE void NNRUN_FN(convert)(const uint8_t from[16], float scale, float shift, float *to)
{
    for (int v = 0; v < 16; v += NNRUN_WIDTH)
        nnrun_store(to + v, nnrun_fma(NNRUN_FN(widen)(from + v), nnrun_set(scale), nnrun_set(shift)));
}

static void NNRUN_FN(gather)(const struct lanes_scaling *s, const uint8_t *const pixels[NNRUN_LANES],
                             float *to)
{
    for (size_t c = 0, from = 0; c < s->channels; c++) {
        const float scale = s->scale[c], shift = s->shift[c];
        size_t i = 0;
        for (; i + 16 <= s->area; i += 16, from += 16) {
            _Alignas(16) uint8_t block[16][16];
            NNRUN_FN(transpose)(pixels, from, block);
            for (size_t k = 0; k < 16; k++)
                NNRUN_FN(convert)(block[k], scale, shift, to + (from + k) * NNRUN_LANES);
        }
        for (; i < s->area; i++, from++) {
            uint8_t row[16];
            for (int lane = 0; lane < 16; lane++)
                row[lane] = pixels[lane][from];
            NNRUN_FN(convert)(row, scale, shift, to + from * NNRUN_LANES);
        }
    }
}

static void NNRUN_FN(gather_floats)(const struct lanes_scaling *s, const float *const values[NNRUN_LANES],
                                    float *to)
{
    for (size_t c = 0, from = 0; c < s->channels; c++)
        for (size_t i = 0; i < s->area; i++, from++) {
            float *row = to + from * NNRUN_LANES;
            for (int lane = 0; lane < NNRUN_LANES; lane++)
                row[lane] = values[lane][from];
            for (int v = 0; v < NNRUN_LANES; v += NNRUN_WIDTH)
                nnrun_store(row + v,
                            nnrun_fma(nnrun_load(row + v), nnrun_set(s->scale[c]), nnrun_set(s->shift[c])));
        }
}

static void NNRUN_FN(scale)(const struct lanes_scaling *s, const uint8_t *pixels, float *to)
{
    for (size_t c = 0; c < s->channels; c++, pixels += s->area, to += s->area) {
        const nnrun_vec scale = nnrun_set(s->scale[c]), shift = nnrun_set(s->shift[c]);
        size_t i = 0;
        for (; i + NNRUN_WIDTH <= s->area; i += NNRUN_WIDTH)
            nnrun_storeu(to + i, nnrun_fma(NNRUN_FN(widen)(pixels + i), scale, shift));
        for (; i < s->area; i++)
            to[i] = nnrun_fma(nnrun_set(pixels[i]), scale, shift)[0];
    }
}

static void NNRUN_FN(scale_floats)(const struct lanes_scaling *s, const float *values, float *to)
{
    for (size_t c = 0; c < s->channels; c++, values += s->area, to += s->area) {
        const nnrun_vec scale = nnrun_set(s->scale[c]), shift = nnrun_set(s->shift[c]);
        size_t i = 0;
        for (; i + NNRUN_WIDTH <= s->area; i += NNRUN_WIDTH)
            nnrun_storeu(to + i, nnrun_fma(nnrun_loadu(values + i), scale, shift));
        for (; i < s->area; i++)
            to[i] = nnrun_fma(nnrun_set(values[i]), scale, shift)[0];
    }
}
#include <nnrun/math_end.h>
#endif
