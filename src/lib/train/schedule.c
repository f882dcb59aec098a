/* schedule.c: see schedule.h. */
#include "train/schedule.h"

/* cos(pi x) for x in [0, 1], by the Taylor series around 0 on [0, 1/2]: its error is below 1e-15. */
static double cos_pi(double x)
{
    const double pi = 3.14159265358979323846, sign = x > 0.5 ? -1 : 1;
    const double a = pi * (x > 0.5 ? 1 - x : x), square = a * a;
    double term = 1, sum = 1;

    for (int i = 2; i <= 24; i += 2) {
        term *= -square / (i * (i - 1));
        sum += term;
    }
    return sign * sum;
}

double schedule_power(double base, uint64_t exponent)
{
    double result = 1;

    for (; exponent; exponent >>= 1, base *= base)
        if (exponent & 1)
            result *= base;
    return result;
}

double schedule_factor(const struct schedule_settings *schedule, uint64_t step, uint64_t steps,
                       uint64_t epochs)
{
    const uint64_t warm = (uint64_t)(schedule->warmup * (double)steps + 0.5), total = steps * epochs;

    if (step < warm)
        return ((double)step + 1) / (double)warm;
    switch ((enum schedule_type)schedule->type) {
    case SCHEDULE_STEP:
        return schedule_power(schedule->factor, step / steps / (uint64_t)schedule->every);
    case SCHEDULE_COSINE:
        if (step >= total || warm >= total)
            return schedule->final;
        return schedule->final +
               (1 - schedule->final) * 0.5 * (1 + cos_pi((double)(step - warm) / (double)(total - warm)));
    case SCHEDULE_CONSTANT:
        break;
    }
    return 1;
}
