/* every_float.c: exp, expm1, log and tanh of <nnrun/math.h> against the C library's in double, over the whole
 * range of floats: within 2 ulp at every code level, equal bits at all with FMA. All 2^32 of them with
 * NNRUN_EVERY_FLOAT set (a minute or two), else a 256th, spread evenly. */
#ifndef NNRUN_LEVEL
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "net/plugin.h"

enum { EXP, EXPM1, LOG, TANH, FUNCTIONS };
enum { PARTS = 65536, RUN = 65536, PIECE = 256, LEVELS = 3 };

static const char *const names[FUNCTIONS] = {"exp", "expm1", "log", "tanh"};

typedef void map_code(int function, const float in[PIECE], float out[PIECE]);

#define NNRUN_LEVEL 0
#include "every_float.c"
#define NNRUN_LEVEL 1
#include "every_float.c"
#define NNRUN_LEVEL 2
#include "every_float.c"

static map_code *const codes[LEVELS] = {map_portable, map_avx2, map_avx512};

/* What a thread found. */
struct found {
    _Alignas(64) double worst[FUNCTIONS][2]; /* ulp, of levels 0 and 1 */
    float at[FUNCTIONS][2];
    uint64_t checked, unlike[FUNCTIONS]; /* where level 2 gives other bits than level 1 */
};

struct search {
    int levels, step; /* every so many pieces */
    struct found *found;
};

/* Where the answer is plain it costs no call: small numbers by the first terms of the series. */
static double exact(int function, float x)
{
    const double wide = (double)x, size = fabs(wide);

    switch (function) {
    case EXP:
        return size < 0x1p-26 ? 1 + wide : wide > 89 ? (double)INFINITY : wide < -104 ? 0 : exp(wide);
    case EXPM1:
        return size < 0x1p-14 ? wide + wide * wide / 2
               : wide > 89    ? (double)INFINITY
               : wide < -30   ? -1
                              : expm1(wide);
    case LOG:
        return size < (double)FLT_MIN ? (double)-INFINITY : log(wide); /* denormals count as 0 */
    default:
        return size < 0x1p-10 ? wide - wide * wide * wide / 3 : size > 20 ? copysign(1, wide) : tanh(wide);
    }
}

/* |got - want| in units of the last place of a float of want's size; 0 is right for a denormal, as workers
 * flush them. */
static double ulps(float got, double want)
{
    const double size = fabs(want);
    uint64_t bits;
    double units;

    if (!(size <= (double)FLT_MAX && fabsf(got) <= FLT_MAX)) {
        const bool both_nan = want != want && got != got;
        return both_nan || got == (float)want ? 0 : (double)INFINITY;
    }
    if (size < (double)FLT_MIN && got == 0)
        return 0;
    memcpy(&bits, &size, sizeof bits);
    bits >>= 52;
    bits = (uint64_t)(2 * 1023 + 23) - (bits < 1023 - 126 ? 1023 - 126 : bits);
    bits <<= 52;
    memcpy(&units, &bits, sizeof units);
    return fabs((double)got - want) * units;
}

/* What a level gave for x, `want` being right. */
static void compare(struct found *found, int function, int level, float x, float got, double want)
{
    const double error = ulps(got, want);

    if (error > found->worst[function][level]) {
        found->worst[function][level] = error;
        found->at[function][level] = x;
    }
}

static void search_piece(const struct search *search, struct found *found, uint32_t first)
{
    _Alignas(64) float in[PIECE], out[LEVELS][PIECE];

    for (uint32_t i = 0; i < PIECE; i++) {
        const uint32_t bits = first + i;
        memcpy(&in[i], &bits, sizeof bits);
    }
    found->checked += PIECE;
    for (int function = 0; function < FUNCTIONS; function++) {
        for (int level = 0; level < search->levels; level++)
            codes[level](function, in, out[level]);
        for (int i = 0; i < PIECE; i++) {
            const double want = exact(function, in[i]);
            for (int level = 0; level < search->levels && level < 2; level++)
                compare(found, function, level, in[i], out[level][i], want);
            if (search->levels == LEVELS && memcmp(&out[1][i], &out[2][i], sizeof out[1][i]) != 0)
                found->unlike[function] += out[1][i] == out[1][i]; /* a NaN is a NaN */
        }
    }
}

static void search_part(void *arg, unsigned part, unsigned thread)
{
    const struct search *search = arg;

    for (uint32_t i = part * 7919 % (uint32_t)search->step * PIECE; i < RUN;
         i += (uint32_t)search->step * PIECE)
        search_piece(search, &search->found[thread], part * RUN + i);
}

static bool judge(const struct search *search, unsigned threads)
{
    bool good = true;
    uint64_t checked = 0;

    for (unsigned t = 0; t < threads; t++)
        checked += search->found[t].checked;
    for (int function = 0; function < FUNCTIONS; function++) {
        uint64_t unlike = 0;
        for (int level = 0; level < search->levels && level < 2; level++) {
            const struct found *worst = &search->found[0];
            for (unsigned t = 1; t < threads; t++)
                if (search->found[t].worst[function][level] > worst->worst[function][level])
                    worst = &search->found[t];
            printf("%s, level %d: at most %.3f ulp, at %a\n", names[function], level,
                   worst->worst[function][level], (double)worst->at[function][level]);
            good = good && worst->worst[function][level] <= 2;
        }
        for (unsigned t = 0; t < threads; t++)
            unlike += search->found[t].unlike[function];
        if (unlike)
            printf("%s: levels 1 and 2 differ for %llu floats\n", names[function],
                   (unsigned long long)unlike);
        good = good && unlike == 0;
    }
    printf("%llu floats, %s\n", (unsigned long long)checked, good ? "all good" : "FAILED");
    return good;
}

int main(void)
{
    const char *all = getenv("NNRUN_EVERY_FLOAT");
    const unsigned threads = thread_pool_processors();
    struct search search = {.step = all && *all ? 1 : RUN / PIECE};
    struct error error = {0};
    struct thread_pool *pool = thread_pool_create(threads, &error);
    int level = plugin_level(getenv("NNRUN_ISA"), &error);
    bool good;

    search.found = memory_array(threads, sizeof *search.found);
    if (!pool || !search.found || level < 0)
        return 99;
#ifdef NNRUN_WIDE_ON_AVX2
    level = level >= 1 ? 2 : 0;
#endif
    search.levels = level + 1;
    thread_pool_run(pool, PARTS, search_part, &search);
    good = judge(&search, threads);
    free(search.found);
    thread_pool_destroy(pool);
    return good ? 0 : 1;
}

#else
#include <nnrun/math.h>

static void NNRUN_FN(map)(int function, const float in[PIECE], float out[PIECE])
{
    for (int i = 0; i < PIECE; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(in + i);
        nnrun_vec y;

        switch (function) {
        case EXP:
            y = nnrun_exp(x);
            break;
        case EXPM1:
            y = nnrun_expm1(x);
            break;
        case LOG:
            y = nnrun_log(x);
            break;
        default:
            y = nnrun_tanh(x);
            break;
        }
        nnrun_store(out + i, y);
    }
}
#include <nnrun/math_end.h>
#endif
