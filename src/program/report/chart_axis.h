/* chart_axis.h: where the ticks of an axis stand, and what is written there. Pure, [any thread]. */
#ifndef REPORT_CHART_AXIS_H
#define REPORT_CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum chart_numbers {
    CHART_REAL,    /* 0.0272 */
    CHART_PERCENT, /* a fraction, shown as 99.24 % */
    CHART_COUNT    /* 46,923; 40k at a tick */
};

enum { CHART_MOST_TICKS = 24, CHART_TEXT = 32 };

struct chart_axis {
    double low, high; /* of the axis; both are ticks */
    bool logarithmic;
    enum chart_numbers numbers;
    size_t count;
    double tick[CHART_MOST_TICKS]; /* rising */
    int decimals;                  /* of what is written at them */
};

/* An axis for values from low to high, both finite: ticks at 1, 2 or 5 times a power of ten, at least two and
 * about `wanted`, 2 to 10, of them. */
struct chart_axis chart_axis_linear(double low, double high, size_t wanted, enum chart_numbers numbers);

/* Likewise with equal ratios at equal distances; low > 0. */
struct chart_axis chart_axis_log(double low, double high, enum chart_numbers numbers);

/* Where a value, or the i-th tick, is: 0 at the axis's low end, 1 at its high one. */
double chart_axis_at(const struct chart_axis *axis, double value);
double chart_axis_tick_at(const struct chart_axis *axis, size_t i);

/* What is written at a tick, and the value in full; into a buffer, which is returned. */
const char *chart_axis_tick(const struct chart_axis *axis, size_t i, char text[CHART_TEXT]);
const char *chart_value(enum chart_numbers numbers, double value, char text[CHART_TEXT]);
#endif
