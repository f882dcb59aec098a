/* t_distribution.c: see t_distribution.h. Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and
 * 26.7.4: finite sums in the angle whose tangent is t / sqrt(freedom). */
#include "sweep/t_distribution.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

double t_two_sided(double t, unsigned freedom)
{
    const double root = sqrt((double)freedom), size = fabs(t);
    const double cosine2 = (double)freedom / ((double)freedom + t * t),
                 sine = size / sqrt((double)freedom + t * t);
    double term = freedom % 2 ? sqrt(cosine2) : 1, sum = freedom > 1 ? term : 0, inside;

    if (isinf(t))
        return 0;
    for (unsigned k = freedom % 2 ? 3 : 2; k < freedom; k += 2) {
        term *= cosine2 * (double)(k - 1) / (double)k;
        sum += term;
    }
    inside = freedom % 2 ? 2 / pi * (atan(size / root) + sine * sum) : sine * sum;
    return inside < 1 ? 1 - inside : 0;
}

double t_of(double p, unsigned freedom)
{
    double low = 0, high = 1;

    while (t_two_sided(high, freedom) > p && high < 1e12)
        high *= 2;
    for (int i = 0; i < 200; i++) {
        const double middle = (low + high) / 2;
        if (t_two_sided(middle, freedom) > p)
            low = middle;
        else
            high = middle;
    }
    return high;
}
