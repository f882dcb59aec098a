/* unit_math.c: <nnrun/math.h> at every code level the processor has: exp, expm1, log and tanh to 2 ulp, the
 * helpers, the same bits at all levels with FMA; and plugins/tails.h, which has exp's bits. Compiled with NNRUN_WIDE_ON_AVX2 it tests level 2 on
 * processors without AVX-512. */
#ifndef NNRUN_LEVEL
#include "layer_harness.h"
#include "net/plugin.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXP, LOG, TANH, EXPM1, FUNCTIONS };

/* What a level offers, on 16 lanes. */
struct level {
    void (*map)(int function, const float *in, float *out);
    float (*sum)(const float *in);
    void (*sums)(const float *in, float *out);
    void (*bits)(const float *in, uint32_t *bits, float *out);
    void (*turn)(const float *in, float *out); /* in[16][lane] -> out[lane][16] */
    void (*tails)(const float *in, float *tail, float *sigmoid);
    void (*order)(const float *a, const float *b, float *max, float *min, float *less);
};

#define NNRUN_LEVEL 0
#include "unit_math.c"
#define NNRUN_LEVEL 1
#include "unit_math.c"
#define NNRUN_LEVEL 2
#include "unit_math.c"

static const struct level levels[NNRUN_LEVELS] = {
    {map_portable, sum_portable, sums_portable, bits_portable, turn_portable, tails_portable, order_portable},
    {map_avx2, sum_avx2, sums_avx2, bits_avx2, turn_avx2, tails_avx2, order_avx2},
    {map_avx512, sum_avx512, sums_avx512, bits_avx512, turn_avx512, tails_avx512, order_avx512},
};

/* The number of levels that run here. */
static int runnable(void)
{
#ifdef NNRUN_WIDE_ON_AVX2
    return harness_level() >= 1 ? 3 : 1;
#else
    return harness_level() + 1;
#endif
}

static double exact(int function, double x)
{
    return function == EXP ? exp(x) : function == LOG ? log(x) : function == TANH ? tanh(x) : expm1(x);
}

/* |got - want| in units of the last place of a float of want's size. */
static double ulps(float got, double want)
{
    int exponent;

    if (isnan(want) || isnan(got))
        return isnan(want) && isnan(got) ? 0 : HUGE_VAL;
    if (isinf((float)want) || isinf(got))
        return got == (float)want ? 0 : HUGE_VAL;
    frexp(want, &exponent);
    return fabs(got - want) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

/* 16 floats, `step` apart among all. */
static void floats_from(uint32_t bits, uint32_t step, float *to)
{
    for (int i = 0; i < 16; i++, bits += step)
        memcpy(&to[i], &bits, sizeof bits);
}

/* Every 2039th float, all signs and sizes, 16 at a time. */
static void within_2_ulp(void)
{
    static const char *const names[] = {"exp", "log", "tanh", "expm1"};

    for (int level = 0; level < runnable(); level++)
        for (int function = 0; function < FUNCTIONS; function++) {
            double worst = 0;
            float at = 0;
            for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 16 * 2039) {
                float in[16] __attribute__((aligned(64))), out[16] __attribute__((aligned(64)));
                floats_from((uint32_t)bits, 2039, in);
                levels[level].map(function, in, out);
                for (int i = 0; i < 16; i++) {
                    const bool counted = function != LOG || fabsf(in[i]) >= FLT_MIN;
                    const double error = counted ? ulps(out[i], exact(function, in[i])) : 0;
                    if (error > worst) {
                        worst = error;
                        at = in[i];
                    }
                }
            }
            printf("\n    %s, level %d: %.3f ulp at %a", names[function], level, worst, (double)at);
            CU_ASSERT(worst <= 2);
        }
    printf(" ");
}

static void special_values(void)
{
    static const float in[16]
        __attribute__((aligned(64))) = {0.0f,    -0.0f,   INFINITY, -INFINITY, NAN,    88.7f,   88.8f,
                                        -103.9f, -104.0f, 1.0f,     -1.0f,     1e-40f, FLT_MAX, -FLT_MAX};

    for (int level = 0; level < runnable(); level++) {
        float out[16] __attribute__((aligned(64)));
        levels[level].map(EXP, in, out);
        CU_ASSERT(out[0] == 1 && out[1] == 1 && isinf(out[2]) && out[3] == 0 && isnan(out[4]));
        CU_ASSERT(isfinite(out[5]) && isinf(out[6]) && out[8] == 0 && isinf(out[12]) && out[13] == 0);
        levels[level].map(EXPM1, in, out);
        CU_ASSERT(out[0] == 0 && out[1] == 0 && isinf(out[2]) && out[3] == -1);
        CU_ASSERT(isnan(out[4]) && isfinite(out[5]) && isinf(out[6]) && out[8] == -1 && out[11] == in[11]);
        levels[level].map(LOG, in, out);
        CU_ASSERT(out[0] == -INFINITY && out[1] == -INFINITY && out[2] == INFINITY && isnan(out[3]));
        CU_ASSERT(isnan(out[4]) && out[9] == 0 && isnan(out[10]) && out[11] == -INFINITY);
        levels[level].map(TANH, in, out);
        CU_ASSERT(out[0] == 0 && !signbit(out[0]) && signbit(out[1]) && out[2] == 1 && out[3] == -1);
        CU_ASSERT(isnan(out[4]) && out[12] == 1 && out[13] == -1 && out[11] == in[11]);
    }
}

static void same_bits_at_all_levels(void)
{
    for (int function = 0; function < FUNCTIONS; function++)
        for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 16 * 4093) {
            float in[16] __attribute__((aligned(64))), out[2][16] __attribute__((aligned(64)));
            floats_from((uint32_t)bits, 4093, in);
            for (int level = 1; level < runnable(); level++)
                levels[level].map(function, in, out[level - 1]);
            if (runnable() == 3 && !isnan(out[0][0]) && memcmp(out[0], out[1], sizeof out[0]) != 0)
                CU_FAIL_FATAL("level 2 gives other bits than level 1");
        }
}

/* FNV-1a of the bits of a function at every 4093rd float, all NaNs counted as one. */
static uint64_t hash_of(int level, int function)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 16 * 4093) {
        float in[16] __attribute__((aligned(64))), out[16] __attribute__((aligned(64)));
        floats_from((uint32_t)bits, 4093, in);
        levels[level].map(function, in, out);
        for (int i = 0; i < 16; i++) {
            uint32_t word = 0x7fc00000;
            if (!isnan(out[i]))
                memcpy(&word, &out[i], sizeof word);
            for (int shift = 0; shift < 32; shift += 8)
                hash = (hash ^ (word >> shift & 0xff)) * UINT64_C(0x100000001b3);
        }
    }
    return hash;
}

/* Of ABI 1.0. A better exp gets another name: a layer compiled today computes what one compiled then does. */
static void bits_of_major_1(void)
{
    static const uint64_t two_roundings[FUNCTIONS] = {
        UINT64_C(0x612a05fd94d48058), UINT64_C(0xd0ff0f62e3aef487), UINT64_C(0xfcf42910b7f0ca79),
        UINT64_C(0x8e4b9cb1d3372c9f)};
    static const uint64_t fma[FUNCTIONS] = {UINT64_C(0x157ba356dc803967), UINT64_C(0xa7ec7a7b1aa02746),
                                            UINT64_C(0xa4b53dce6d362fe5), UINT64_C(0x29bf10c60c253d22)};

    for (int level = 0; level < runnable(); level++) {
        const bool has_fma = plugin_level_has_fma((unsigned)level);
        for (int function = 0; function < FUNCTIONS && (has_fma || FLT_EVAL_METHOD == 0); function++) {
            const uint64_t hash = hash_of(level, function);
            const uint64_t kept = has_fma ? fma[function] : two_roundings[function];
            if (hash != kept)
                printf("\n    level %d, function %d: %016llx ", level, function, (unsigned long long)hash);
            CU_ASSERT_EQUAL(hash, kept);
        }
    }
}

static bool flushed_like(float got, float want)
{
    want = fabsf(want) < 0x1p-100f ? 0 : want;
    return isnan(want) ? isnan(got) : memcmp(&got, &want, sizeof got) == 0;
}

/* Of every 2039th float, and every one near -100 ln 2; those above 0 have no tail. */
static void tails_have_exps_bits(void)
{
    for (int level = 0; level < runnable(); level++) {
        size_t wrong = 0, zeros = 0;
        for (uint64_t bits = 0; bits < UINT64_C(1) << 32;) {
            float in[16] __attribute__((aligned(64))), out[2][16] __attribute__((aligned(64)));
            float exps[2][16] __attribute__((aligned(64))), opposite[16] __attribute__((aligned(64)));
            const uint32_t step = (bits & 0x7fffffff) >> 12 == 0x428aa ? 1 : 2039;
            floats_from((uint32_t)bits, step, in);
            floats_from((uint32_t)bits ^ 0x80000000, step, opposite);
            levels[level].map(EXP, in, exps[0]);
            levels[level].map(EXP, opposite, exps[1]);
            levels[level].tails(in, out[0], out[1]);
            for (int i = 0; i < 16; i++) {
                wrong += !(in[i] <= 0 || isnan(in[i])) ? 0 : !flushed_like(out[0][i], exps[0][i]);
                wrong += !flushed_like(out[1][i], 1.0f / (1.0f + exps[1][i]));
                zeros += out[1][i] == 0;
            }
            bits += 16 * step;
        }
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT(zeros > 0);
    }
}

static void lanes_are_summed_in_one_tree(void)
{
    for (uint32_t seed = 0; seed < 1000; seed++) {
        float in[16] __attribute__((aligned(64))), tree[16];
        harness_fill(in, 16, seed);
        memcpy(tree, in, sizeof in);
        for (int half = 8; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                tree[i] += tree[i + half];
        for (int level = 0; level < runnable(); level++)
            CU_ASSERT(levels[level].sum(in) == tree[0]);
    }
    for (int level = 0; level < runnable(); level++) {
        float in[256] __attribute__((aligned(64))), out[16] __attribute__((aligned(64)));
        harness_fill(in, 256, 1);
        levels[level].sums(in, out);
        for (int i = 0; i < 16; i++)
            CU_ASSERT(out[i] == levels[level].sum(in + 16 * i));
    }
}

static void turning_swaps_values_and_lanes(void)
{
    float in[256] __attribute__((aligned(64))), out[256] __attribute__((aligned(64)));
    bool good = true;

    harness_fill(in, 256, 1);
    for (int level = 0; level < runnable(); level++) {
        levels[level].turn(in, out);
        for (int i = 0; i < 256; i++)
            good = good && out[i] == in[i % 16 * 16 + i / 16];
    }
    CU_ASSERT(good);
}

static void a_mask_has_a_bit_for_each_lane(void)
{
    for (uint32_t seed = 0; seed < 100; seed++) {
        float in[16] __attribute__((aligned(64))), out[16] __attribute__((aligned(64)));

        harness_fill(in, 16, seed);
        for (int level = 0; level < runnable(); level++) {
            uint32_t bits = 0;

            levels[level].bits(in, &bits, out);
            for (int i = 0; i < 16; i++)
                CU_ASSERT((bits >> i & 1) == (in[i] < 0.25f) && (out[i] == in[i]) == (in[i] < 0.25f));
            CU_ASSERT(bits >> 16 == 0);
        }
    }
}

static void max_min_and_select_order(void)
{
    static const float a[16] __attribute__((aligned(64))) = {1, 2, NAN, 3, -0.0f, INFINITY};
    static const float b[16] __attribute__((aligned(64))) = {2, 1, 3, NAN, 0.0f, -INFINITY};

    for (int level = 0; level < runnable(); level++) {
        float max[16] __attribute__((aligned(64))), min[16] __attribute__((aligned(64)));
        float less[16] __attribute__((aligned(64)));
        levels[level].order(a, b, max, min, less);
        CU_ASSERT(max[0] == 2 && max[1] == 2 && max[2] == 3 && isnan(max[3]) && !signbit(max[4]) &&
                  isinf(max[5]));
        CU_ASSERT(min[0] == 1 && min[1] == 1 && min[2] == 3 && isnan(min[3]) && !signbit(min[4]) &&
                  min[5] < 0);
        CU_ASSERT(less[0] == 1 && less[1] == 1 && less[2] == 3 && isnan(less[3]) && less[5] < 0);
    }
}

static const struct unit_test tests[] = {
    {"exp, expm1, log and tanh are within 2 ulp", within_2_ulp},
    {"exp, expm1, log and tanh know special values", special_values},
    {"exp, expm1, log and tanh give the same bits at all levels with FMA", same_bits_at_all_levels},
    {"exp, expm1, log and tanh keep their bits within major 1 of the ABI", bits_of_major_1},
    {"the tails of layers have the bits of exp, and are 0 below 2^-100", tails_have_exps_bits},
    {"lanes are summed in one tree, of one value and of a vector of them", lanes_are_summed_in_one_tree},
    {"turning swaps values and lanes", turning_swaps_values_and_lanes},
    {"a mask has a bit for each lane, and comes back from them", a_mask_has_a_bit_for_each_lane},
    {"max, min and select take the second of an unordered pair", max_min_and_select_order},
};

UNIT_MAIN("math", tests)

#else
#include "../plugins/tails.h"

static void NNRUN_FN(map)(int function, const float *in, float *out)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(in + i);
        nnrun_store(out + i, function == EXP    ? nnrun_exp(x)
                             : function == LOG  ? nnrun_log(x)
                             : function == TANH ? nnrun_tanh(x)
                                                : nnrun_expm1(x));
    }
}

static float NNRUN_FN(sum)(const float *in)
{
    nnrun_vec a[NNRUN_VECS];

    for (int v = 0; v < NNRUN_VECS; v++)
        a[v] = nnrun_loadu(in + v * NNRUN_WIDTH);
    return nnrun_lane_sum(a);
}

static void NNRUN_FN(sums)(const float *in, float *out)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH)
        nnrun_lane_sums(out + i, in + i * 16);
}

/* out: 7 where in is not below 0.25. The bits beyond a vector's are not seen. */
static void NNRUN_FN(bits)(const float *in, uint32_t *bits, float *out)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH)
        *bits |= nnrun_mask_bits(nnrun_load(in + i) < nnrun_set(0.25f)) << i;
    for (int i = 0; i < 16; i += NNRUN_WIDTH)
        nnrun_store(out + i, nnrun_select(nnrun_bits_mask(*bits >> i), nnrun_load(in + i), nnrun_set(7.0f)));
}

static void NNRUN_FN(turn)(const float *in, float *out)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH)
        nnrun_turn(out + i, 16, in + i * 16);
}

static void NNRUN_FN(tails)(const float *in, float *tail, float *sigmoid)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(in + i);
        nnrun_store(tail + i, NNRUN_FN(tail)(x));
        nnrun_store(sigmoid + i, NNRUN_FN(sigmoid)(x));
    }
}

static void NNRUN_FN(order)(const float *a, const float *b, float *max, float *min, float *less)
{
    for (int i = 0; i < 16; i += NNRUN_WIDTH) {
        const nnrun_vec x = nnrun_load(a + i), y = nnrun_load(b + i);
        nnrun_storeu(max + i, nnrun_max(x, y));
        nnrun_storeu(min + i, nnrun_min(x, y));
        nnrun_storeu(less + i, nnrun_select(x < y, x, y));
    }
}
#include <nnrun/math_end.h>
#endif
