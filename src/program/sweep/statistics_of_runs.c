/* statistics_of_runs.c: see statistics_of_runs.h. */
#include "sweep/statistics_of_runs.h"

#include <math.h>
#include <stdbool.h>

#include "sweep/t_distribution.h"

struct run_statistics run_statistics(const double *values, size_t count)
{
    struct run_statistics all = {0, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
    double sum = 0, squares = 0, reach;

    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i])) {
            sum += values[i];
            all.count++;
        }
    if (all.count == 0)
        return all;
    all.mean = sum / (double)all.count;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            squares += (values[i] - all.mean) * (values[i] - all.mean);
    if (all.count < 2)
        return all;
    all.deviation = sqrt(squares / (double)(all.count - 1));
    reach = t_of(0.05, (unsigned)all.count - 1) * all.deviation / sqrt((double)all.count);
    all.low = all.mean - reach;
    all.high = all.mean + reach;
    return all;
}

/* Up to what rounding makes of accuracies that are equally far apart. */
static bool are_same(const double *differences, size_t count, double mean)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(differences[i]) && fabs(differences[i] - mean) > 1e-12)
            return false;
    return true;
}

double run_paired_p(const double *differences, size_t count)
{
    const struct run_statistics all = run_statistics(differences, count);

    if (all.count < 2)
        return 1;
    if (are_same(differences, count, all.mean))
        return fabs(all.mean) > 1e-12 ? ldexp(1, 1 - (int)(all.count < 1000 ? all.count : 1000)) : 1;
    return t_two_sided(all.mean / (all.deviation / sqrt((double)all.count)), (unsigned)all.count - 1);
}

/* The least p of those up to 1; count: none is left. */
static size_t least_p(const double *p, size_t count)
{
    size_t least = count;

    for (size_t i = 0; i < count; i++)
        if (p[i] <= 1 && (least == count || p[i] < p[least]))
            least = i;
    return least;
}

void run_holm(double *p, size_t count)
{
    double reached = 0;
    size_t left = 0, i;

    for (i = 0; i < count; i++)
        left += isnan(p[i]) ? 0 : 1;
    for (; left > 0 && (i = least_p(p, count)) < count; left--) {
        const double corrected = p[i] * (double)left < 1 ? p[i] * (double)left : 1;
        reached = corrected > reached ? corrected : reached;
        p[i] = 2 + reached; /* done: taken back below */
    }
    for (i = 0; i < count; i++)
        p[i] -= p[i] >= 2 ? 2 : 0;
}
