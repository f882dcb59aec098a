/* augment_kernels.c: see augment_kernels.h. Everything up to the last multiplication is a whole number below
 * 2^31, or below 2^24 where it is a float, so each code level gets the same; the last one rounds as lanes.c
 * does. */
#ifndef NNRUN_LEVEL
#include "data/augment_kernels.h"

#define NNRUN_LEVEL 0
#include "augment_kernels.c"
#define NNRUN_LEVEL 1
#include "augment_kernels.c"
#define NNRUN_LEVEL 2
#include "augment_kernels.c"

const struct augment_code *augment_code(unsigned level)
{
    static const struct augment_code codes[NNRUN_LEVELS] = {
        {square_row_portable, blur_row_portable, warp_portable},
        {square_row_avx2, blur_row_avx2, warp_avx2},
        {square_row_avx512, blur_row_avx512, warp_avx512}};

    return &codes[level];
}

#else
#include <nnrun/math.h>

/* Lanes of 16 bits: all 16 in 256 bits, or half of them where vectors are smaller. */
enum { NNRUN_FN(SHORTS) = NNRUN_LEVEL == 0 ? 8 : 16 };
typedef int16_t NNRUN_FN(shorts) __attribute__((vector_size(2 * NNRUN_FN(SHORTS))));
typedef uint16_t NNRUN_FN(words) __attribute__((vector_size(2 * NNRUN_FN(SHORTS))));
typedef int16_t NNRUN_FN(part) __attribute__((vector_size(2 * NNRUN_WIDTH)));

NNRUN_INLINE NNRUN_FN(shorts) NNRUN_FN(load_shorts)(const int16_t *p)
{
    NNRUN_FN(shorts) a;

    memcpy(&a, p, sizeof a);
    return a;
}

/* a + b, within the range of 16 bits. */
NNRUN_INLINE NNRUN_FN(shorts) NNRUN_FN(add_shorts)(NNRUN_FN(shorts) a, NNRUN_FN(shorts) b)
{
#if defined(__x86_64__) && NNRUN_LEVEL > 0
    return (NNRUN_FN(shorts))_mm256_adds_epi16((__m256i)a, (__m256i)b);
#else
    for (int i = 0; i < NNRUN_FN(SHORTS); i++) {
        const int32_t sum = a[i] + b[i];
        a[i] = (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum);
    }
    return a;
#endif
}

/* a * b / 2^15, rounded. */
NNRUN_INLINE NNRUN_FN(shorts) NNRUN_FN(times_weight)(NNRUN_FN(shorts) a, int16_t b)
{
#if defined(__x86_64__) && NNRUN_LEVEL > 0
    return (NNRUN_FN(shorts))_mm256_mulhrs_epi16((__m256i)a, _mm256_set1_epi16(b));
#else
    for (int i = 0; i < NNRUN_FN(SHORTS); i++)
        a[i] = (int16_t)((a[i] * b + (1 << 14)) >> 15);
    return a;
#endif
}

/* The sum of weights[|k|] * p[k * step], k = -radius .. radius. */
NNRUN_INLINE NNRUN_FN(shorts)
    NNRUN_FN(blur)(const int16_t *weights, int32_t radius, const int16_t *p, ptrdiff_t step)
{
    NNRUN_FN(shorts) sum = NNRUN_FN(times_weight)(NNRUN_FN(load_shorts)(p), weights[0]);

    for (int32_t k = 1; k <= radius; k++) {
        const NNRUN_FN(shorts) both =
            NNRUN_FN(add_shorts)(NNRUN_FN(load_shorts)(p + k * step), NNRUN_FN(load_shorts)(p - k * step));
        sum = NNRUN_FN(add_shorts)(sum, NNRUN_FN(times_weight)(both, weights[k]));
    }
    return sum;
}

static void NNRUN_FN(blur_row)(const struct augment_blur *blur, size_t width, const uint16_t *words,
                               int16_t *line, int16_t *field, size_t rows, size_t row)
{
    const size_t margin = (size_t)blur->radius * NNRUN_LANES, length = width * NNRUN_LANES + 2 * margin;
    int16_t *along_x = line + margin, *along_y = along_x + length;

    field += row * width * NNRUN_LANES;
    for (size_t i = 0; i < width * NNRUN_LANES; i += NNRUN_FN(SHORTS)) {
        NNRUN_FN(words) both;
        NNRUN_FN(shorts) x, y;

        memcpy(&both, words + i, sizeof both);
        x = ((NNRUN_FN(shorts))(both & 255) * 2 - 255) * 32; /* -1 .. 1, odd numbers whose mean is 0 */
        y = ((NNRUN_FN(shorts))(both >> 8) * 2 - 255) * 32;
        memcpy(along_x + i, &x, sizeof x);
        memcpy(along_y + i, &y, sizeof y);
    }
    for (size_t i = 0; i < width * NNRUN_LANES; i += NNRUN_FN(SHORTS)) {
        const NNRUN_FN(shorts) x = NNRUN_FN(blur)(blur->rows, blur->radius, along_x + i, NNRUN_LANES),
                               y = NNRUN_FN(blur)(blur->rows, blur->radius, along_y + i, NNRUN_LANES);
        memcpy(field + i, &x, sizeof x);
        memcpy(field + rows * width * NNRUN_LANES + i, &y, sizeof y);
    }
}

static void NNRUN_FN(square_row)(const uint8_t *above, const uint8_t *below, size_t count, uint32_t *to)
{
    for (size_t i = 0; i < count; i += 16) {
#if defined(__x86_64__)
        const __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(above + i)),
                      b = _mm_loadu_si128((const __m128i *)(const void *)(above + i + 1)),
                      c = _mm_loadu_si128((const __m128i *)(const void *)(below + i)),
                      d = _mm_loadu_si128((const __m128i *)(const void *)(below + i + 1));
        const __m128i low_ab = _mm_unpacklo_epi8(a, b), high_ab = _mm_unpackhi_epi8(a, b);
        const __m128i low_cd = _mm_unpacklo_epi8(c, d), high_cd = _mm_unpackhi_epi8(c, d);
        __m128i *at = (__m128i *)(void *)(to + i);

        _mm_storeu_si128(at, _mm_unpacklo_epi16(low_ab, low_cd));
        _mm_storeu_si128(at + 1, _mm_unpackhi_epi16(low_ab, low_cd));
        _mm_storeu_si128(at + 2, _mm_unpacklo_epi16(high_ab, high_cd));
        _mm_storeu_si128(at + 3, _mm_unpackhi_epi16(high_ab, high_cd));
#else
        for (size_t k = i; k < i + 16; k++)
            to[k] = above[k] | (uint32_t)above[k + 1] << 8 | (uint32_t)below[k] << 16 |
                    (uint32_t)below[k + 1] << 24;
#endif
    }
}

/* The square at old + at of each lane. */
NNRUN_INLINE nnrun_ivec NNRUN_FN(fetch)(const uint32_t *old, nnrun_ivec at)
{
#if defined(__x86_64__) && NNRUN_LEVEL == 1
    return (nnrun_ivec)_mm256_i32gather_epi32((const int *)(const void *)old, (__m256i)at, 4);
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return (nnrun_ivec)_mm512_i32gather_epi32((__m512i)at, (const void *)old, 4);
#else
    nnrun_ivec found;

    for (int i = 0; i < NNRUN_WIDTH; i++)
        found[i] = (int32_t)old[at[i]];
    return found;
#endif
}

NNRUN_INLINE nnrun_ivec NNRUN_FN(clamp)(nnrun_ivec a, int32_t low, int32_t high)
{
    nnrun_ivec less = a<low, more = a> high;

    a = (less & low) | (~less & a);
    return (more & high) | (~more & a);
}

/* One of a square's four pixels. */
NNRUN_INLINE nnrun_vec NNRUN_FN(corner)(nnrun_ivec square, int number)
{
    return __builtin_convertvector((square >> (8 * number)) & 255, nnrun_vec);
}

/* What lies between two values, `part` / 256 of the way, in 1/256. */
NNRUN_INLINE nnrun_vec NNRUN_FN(between)(nnrun_vec first, nnrun_vec second, nnrun_vec part)
{
    return nnrun_fma(second - first, part, first * nnrun_set(256.0f));
}

/* One pixel of NNRUN_WIDTH lanes, which lies at (x, y). */
NNRUN_INLINE void NNRUN_FN(pixel)(const struct augment_pictures *p, nnrun_ivec x, nnrun_ivec y,
                                  nnrun_ivec first, const uint32_t *old, float *to)
{
    const size_t step = (size_t)p->height * (size_t)p->width * NNRUN_LANES;

    x = NNRUN_FN(clamp)(x, -65536, p->width << 16);
    y = NNRUN_FN(clamp)(y, -65536, p->height << 16);
    const nnrun_vec right = __builtin_convertvector((x >> 8) & 255, nnrun_vec);
    const nnrun_vec down = __builtin_convertvector((y >> 8) & 255, nnrun_vec);
    nnrun_ivec at = first + (y >> 16) * (p->width + 2 * AUGMENT_BORDER) + (x >> 16);

    for (int32_t c = 0; c < p->channels; c++, at += p->plane, to += step) {
        const nnrun_ivec square = NNRUN_FN(fetch)(old, at);
        const nnrun_vec above =
            NNRUN_FN(between)(NNRUN_FN(corner)(square, 0), NNRUN_FN(corner)(square, 1), right);
        const nnrun_vec below =
            NNRUN_FN(between)(NNRUN_FN(corner)(square, 2), NNRUN_FN(corner)(square, 3), right);
        nnrun_store(to, nnrun_fma(NNRUN_FN(between)(above, below, down), nnrun_set(p->scale[c]),
                                  nnrun_set(p->shift[c])));
    }
}

NNRUN_INLINE nnrun_ivec NNRUN_FN(load_whole)(const int32_t *p)
{
    nnrun_ivec a;

    memcpy(&a, p, sizeof a);
    return a;
}

/* Adds the field's displacement at p, smoothed along its column. */
NNRUN_INLINE void NNRUN_FN(displace)(const struct augment_blur *blur, const int16_t *p, ptrdiff_t step,
                                     nnrun_ivec to[NNRUN_VECS])
{
    int16_t all[NNRUN_LANES];

    NNRUN_UNROLL
    for (int lane = 0; lane < NNRUN_LANES; lane += NNRUN_FN(SHORTS)) {
        const NNRUN_FN(shorts) some = NNRUN_FN(blur)(blur->columns, blur->radius, p + lane, step);
        memcpy(all + lane, &some, sizeof some);
    }
    NNRUN_UNROLL
    for (int v = 0; v < NNRUN_VECS; v++) {
        NNRUN_FN(part) part;
        memcpy(&part, all + v * NNRUN_WIDTH, sizeof part);
        to[v] += (__builtin_convertvector(part, nnrun_ivec) * blur->factor) >> blur->shift;
    }
}

static void NNRUN_FN(warp)(const struct augment_pictures *p, const struct augment_motion *m,
                           const struct augment_blur *blur, const int16_t *field, const uint32_t *old,
                           float *to)
{
    const size_t height = (size_t)p->height, width = (size_t)p->width, line = width * NNRUN_LANES,
                 along_y = (height + 2 * (size_t)blur->radius) * line;
    nnrun_ivec first[NNRUN_VECS];

    for (int32_t lane = 0; lane < NNRUN_LANES; lane++)
        first[lane / NNRUN_WIDTH][lane % NNRUN_WIDTH] =
            lane * p->picture + AUGMENT_BORDER * (p->width + 2 * AUGMENT_BORDER + 1);
    for (size_t row = 0; row < height; row++) {
        nnrun_ivec x_row[NNRUN_VECS], y_row[NNRUN_VECS];

        NNRUN_UNROLL
        for (int v = 0; v < NNRUN_VECS; v++) {
            const int lane = v * NNRUN_WIDTH;
            x_row[v] =
                NNRUN_FN(load_whole)(m->x + lane) + NNRUN_FN(load_whole)(m->x_by_row + lane) * (int32_t)row;
            y_row[v] =
                NNRUN_FN(load_whole)(m->y + lane) + NNRUN_FN(load_whole)(m->y_by_row + lane) * (int32_t)row;
        }
        for (size_t column = 0; column < width; column++, to += NNRUN_LANES) {
            nnrun_ivec x[NNRUN_VECS], y[NNRUN_VECS];

            memcpy(x, x_row, sizeof x);
            memcpy(y, y_row, sizeof y);
            if (field) {
                const int16_t *at = field + (row + (size_t)blur->radius) * line + column * NNRUN_LANES;
                NNRUN_FN(displace)(blur, at, (ptrdiff_t)line, x);
                NNRUN_FN(displace)(blur, at + along_y, (ptrdiff_t)line, y);
            }
            NNRUN_UNROLL
            for (int v = 0; v < NNRUN_VECS; v++) {
                NNRUN_FN(pixel)(p, x[v], y[v], first[v], old, to + v * NNRUN_WIDTH);
                x_row[v] += NNRUN_FN(load_whole)(m->x_by_column + v * NNRUN_WIDTH);
                y_row[v] += NNRUN_FN(load_whole)(m->y_by_column + v * NNRUN_WIDTH);
            }
        }
    }
}
#include <nnrun/math_end.h>
#endif
