/* random_lanes.c: see random_lanes.h. A vector of 64-bit numbers holds one word of the counters of every
 * other lane in its lower halves, as the multiplication takes them; what is in the upper ones never matters.
 */
#ifndef NNRUN_LEVEL
#include "base/random_lanes.h"

enum { ROUNDS = 10, BLOCK = 8 /* 16-bit words */ };

#define NNRUN_LEVEL 0
#include "random_lanes.c"
#define NNRUN_LEVEL 1
#include "random_lanes.c"
#define NNRUN_LEVEL 2
#include "random_lanes.c"

random_lanes_code *random_lanes(unsigned level)
{
    static random_lanes_code *const codes[NNRUN_LEVELS] = {draw_words_portable, draw_words_avx2,
                                                           draw_words_avx512};

    return codes[level];
}

#else
#include <nnrun/math.h>

enum { NNRUN_FN(HALVES) = 2 * NNRUN_VECS }; /* vectors of 64-bit numbers that hold 16 lanes */

typedef uint64_t NNRUN_FN(wide) __attribute__((vector_size(4 * NNRUN_WIDTH)));
typedef uint32_t NNRUN_FN(words) __attribute__((vector_size(4 * NNRUN_WIDTH)));
typedef uint16_t NNRUN_FN(halves) __attribute__((vector_size(2 * NNRUN_WIDTH)));

/* The products of the lower halves. */
NNRUN_INLINE NNRUN_FN(wide) NNRUN_FN(multiply)(NNRUN_FN(wide) a, uint32_t b)
{
    const NNRUN_FN(wide) all = (NNRUN_FN(wide)){0} + b;
#if defined(__x86_64__) && NNRUN_LEVEL == 0
    return (NNRUN_FN(wide))_mm_mul_epu32((__m128i)a, (__m128i)all);
#elif defined(__x86_64__) && NNRUN_LEVEL == 1
    return (NNRUN_FN(wide))_mm256_mul_epu32((__m256i)a, (__m256i)all);
#elif defined(__x86_64__) && NNRUN_LEVEL == 2 && !defined(NNRUN_WIDE_ON_AVX2)
    return (NNRUN_FN(wide))_mm512_mul_epu32((__m512i)a, (__m512i)all);
#else
    return (a & 0xffffffffu) * all;
#endif
}

/* One block of all lanes: c[h] holds the even lanes of vector h / 2, or the odd ones. */
NNRUN_INLINE void NNRUN_FN(block)(struct random_key key, uint32_t number,
                                  const NNRUN_FN(wide) sample[NNRUN_FN(HALVES)], const uint32_t last[2],
                                  NNRUN_FN(wide) c[4][NNRUN_FN(HALVES)])
{
    NNRUN_UNROLL
    for (int h = 0; h < NNRUN_FN(HALVES); h++) {
        c[0][h] = (NNRUN_FN(wide)){0} + number;
        c[1][h] = sample[h];
        c[2][h] = (NNRUN_FN(wide)){0} + last[0];
        c[3][h] = (NNRUN_FN(wide)){0} + last[1];
    }
    for (int i = 0; i < ROUNDS; i++) {
        NNRUN_UNROLL
        for (int h = 0; h < NNRUN_FN(HALVES); h++) {
            const NNRUN_FN(wide) a = NNRUN_FN(multiply)(c[0][h], 0xD2511F53u),
                                 b = NNRUN_FN(multiply)(c[2][h], 0xCD9E8D57u);
            c[0][h] = (b >> 32) ^ c[1][h] ^ key.word[0];
            c[2][h] = (a >> 32) ^ c[3][h] ^ key.word[1];
            c[1][h] = b;
            c[3][h] = a;
        }
        key.word[0] += 0x9E3779B9u;
        key.word[1] += 0xBB67AE85u;
    }
}

static void NNRUN_FN(draw_words)(struct random_key key, uint32_t first, const uint32_t sample[NNRUN_LANES],
                                 const uint32_t last[2], size_t words, uint16_t *to)
{
    NNRUN_FN(wide) samples[NNRUN_FN(HALVES)], c[4][NNRUN_FN(HALVES)];

    for (int v = 0; v < NNRUN_VECS; v++) {
        memcpy(&samples[2 * v], sample + v * NNRUN_WIDTH, sizeof *samples);
        samples[2 * v + 1] = samples[2 * v] >> 32;
    }
    for (; words > 0; first++) {
        NNRUN_FN(block)(key, first, samples, last, c);
        for (int k = 0; k < BLOCK && words > 0; k++, words--, to += NNRUN_LANES)
            NNRUN_UNROLL
        for (int v = 0; v < NNRUN_VECS; v++) {
            const NNRUN_FN(wide) both = (c[k / 2][2 * v] & 0xffffffffu) | (c[k / 2][2 * v + 1] << 32);
            const NNRUN_FN(halves) half =
                __builtin_convertvector((NNRUN_FN(words))both >> (k % 2 * 16), NNRUN_FN(halves));
            memcpy(to + v * NNRUN_WIDTH, &half, sizeof half);
        }
    }
}
#include <nnrun/math_end.h>
#endif
