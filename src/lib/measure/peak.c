/* peak.c: see peak.h. */
#ifndef NNRUN_LEVEL
#include "measure/peak.h"

#include "base/clock.h"
#include "nnrun/layer.h"

enum { ROUNDS = 1 << 12 };

struct burn {
    unsigned (*code)(unsigned rounds, float *out);
    unsigned rounds;
    unsigned operations; /* of a round */
};

#define NNRUN_LEVEL 0
#include "peak.c"
#define NNRUN_LEVEL 1
#include "peak.c"
#define NNRUN_LEVEL 2
#include "peak.c"

static void burn_part(void *arg, unsigned part, unsigned thread)
{
    const struct burn *burn = arg;
    float out[16];
    volatile float used; /* or else the compiler might leave the work out */

    (void)part, (void)thread;
    burn->code(burn->rounds, out);
    used = out[0];
    (void)used;
}

double peak_flops(struct thread_pool *pool, unsigned level, double seconds)
{
    static unsigned (*const codes[NNRUN_LEVELS])(unsigned, float *) = {burn_portable, burn_avx2, burn_avx512};
    struct burn burn = {.code = codes[level], .rounds = ROUNDS};
    const double end = clock_seconds() + seconds;
    const unsigned threads = thread_pool_threads(pool);
    double best = 0, began, taken;
    float out[16];

    burn.operations = burn.code(1, out);
    do {
        began = clock_seconds();
        thread_pool_run(pool, threads, burn_part, &burn);
        taken = clock_seconds() - began;
        if (taken < 2e-3)
            burn.rounds *= 2;
        else if ((double)burn.rounds * burn.operations * threads / taken > best)
            best = (double)burn.rounds * burn.operations * threads / taken;
    } while (clock_seconds() < end || best == 0);
    return best;
}

#else
#include <nnrun/math.h>

/* As many chains as hide the latency and fit the registers; x -> x / 2 + 1/4 stays near 1/2. */
#if NNRUN_LEVEL == 2
enum { NNRUN_FN(CHAINS) = 24 };
#else
enum { NNRUN_FN(CHAINS) = 12 };
#endif

/* Returns the operations of a round. */
static unsigned NNRUN_FN(burn)(unsigned rounds, float *out)
{
    nnrun_vec a[NNRUN_FN(CHAINS)], half = nnrun_hold(nnrun_set(0.5f)), quarter = nnrun_hold(nnrun_set(0.25f));

    NNRUN_UNROLL
    for (int i = 0; i < NNRUN_FN(CHAINS); i++)
        a[i] = nnrun_set((float)i);
    for (unsigned round = 0; round < rounds; round++) {
        NNRUN_UNROLL
        for (int i = 0; i < NNRUN_FN(CHAINS); i++)
            a[i] = nnrun_fma(a[i], half, quarter);
    }
    for (int i = 1; i < NNRUN_FN(CHAINS); i++)
        a[0] += a[i];
    for (int i = 0; i < 16; i += NNRUN_WIDTH)
        nnrun_storeu(out + i, a[0]);
    return NNRUN_FN(CHAINS) * NNRUN_WIDTH * 2;
}
#include <nnrun/math_end.h>
#endif
