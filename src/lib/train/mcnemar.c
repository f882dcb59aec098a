/* mcnemar.c: see mcnemar.h. */
#include "train/mcnemar.h"

/* C(n, k) / 2^n: factors above 1 and halves in turn, so that nothing overflows; 0 where it is below all doubles. */
static double toss(uint64_t n, uint64_t k)
{
    uint64_t halves = 0;
    double term = 1;

    for (uint64_t i = 1; i <= k; i++) {
        term = term * (double)(n - k + i) / (double)i;
        for (; term > 1 && halves < n; halves++)
            term /= 2;
    }
    for (; halves < n && term > 0; halves++)
        term /= 2;
    return term;
}

double mcnemar_p(uint64_t first, uint64_t second)
{
    const uint64_t n = first + second, fewer = first < second ? first : second;
    double term = toss(n, fewer), sum = 0;

    for (uint64_t k = fewer; term > 0; k--) {
        sum += term;
        if (k == 0)
            break;
        term = term * (double)k / (double)(n - k + 1);
    }
    return sum < 0.5 ? 2 * sum : 1;
}

int mcnemar_compare(struct mcnemar *result, const struct evaluation *first, const struct evaluation *second,
                    struct error *error)
{
    *result = (struct mcnemar){0};
    if (first->count != second->count)
        return error_set(error, ERROR_DATA, "they were tested on different samples: %llu and %llu",
                         (unsigned long long)first->count, (unsigned long long)second->count);
    if (first->checksum != second->checksum)
        return error_set(error, ERROR_DATA,
                         "they were tested on different samples: as many, but with other pixels or labels");
    for (uint64_t i = 0; i < first->count; i++) {
        const bool a = first->verdicts[i], b = second->verdicts[i];
        result->both += a && b;
        result->only_first += a && !b;
        result->only_second += !a && b;
        result->neither += !a && !b;
    }
    result->p = mcnemar_p(result->only_first, result->only_second);
    return 0;
}
