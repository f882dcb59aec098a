/* gradient_sum.c: see gradient_sum.h. */
#ifndef NNRUN_LEVEL
#include "net/gradient_sum.h"

#include "nnrun/layer.h"

#define NNRUN_LEVEL 0
#include "gradient_sum.c"
#define NNRUN_LEVEL 1
#include "gradient_sum.c"
#define NNRUN_LEVEL 2
#include "gradient_sum.c"

gradient_sum_code *gradient_sum(unsigned level)
{
    static gradient_sum_code *const codes[NNRUN_LEVELS] = {add_portable, add_avx2, add_avx512};

    return codes[level];
}

#else
#include <nnrun/math.h>

static void NNRUN_FN(add)(float *sum, const float *part, size_t count)
{
    for (size_t i = 0; i < count; i += NNRUN_WIDTH)
        nnrun_store(sum + i, nnrun_load(sum + i) + nnrun_load(part + i));
}
#include <nnrun/math_end.h>
#endif
