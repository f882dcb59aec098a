/* chart_axis.c: see chart_axis.h. */
#include "report/chart_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DECIMALS = 8 };

/* The power of ten not above x > 0, within what a double has; multiplying up to it may round. */
static double decade(double x)
{
    const double limit = x * (1 + 1e-12);
    double power = 1;

    while (power * 10 <= limit && power < 1e300)
        power *= 10;
    while (power > limit && power > 1e-300)
        power /= 10;
    return power;
}

/* The nearest of 1, 2, 5 times a power of ten that is not below x > 0, or not above it. */
static double round_up(double x)
{
    const double power = decade(x), part = x / power - 1e-9;

    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}
static double round_down(double x)
{
    const double power = decade(x), part = x / power + 1e-9;

    return power * (part >= 5 ? 5 : part >= 2 ? 2 : 1);
}

static int decimals_of(double step)
{
    int decimals = 0;

    for (double whole = step; decimals < MOST_DECIMALS && whole < 0.999999; whole *= 10)
        decimals++;
    return decimals;
}

static double shown(enum chart_numbers numbers, double value)
{
    return numbers == CHART_PERCENT ? 100 * value : value;
}

struct chart_axis chart_axis_linear(double low, double high, size_t wanted, enum chart_numbers numbers)
{
    struct chart_axis axis = {.numbers = numbers};
    double step, first, last;

    low = shown(numbers, low);
    high = shown(numbers, high);
    if (high - low <= 1e-9 * fabs(high)) { /* one value: it stands in the middle */
        low -= 0.1 * fabs(low);
        high += high != 0 ? 0.1 * fabs(high) : 1;
    }
    step = round_up((high - low) / (double)wanted);
    first = floor(low / step + 1e-9);
    last = ceil(high / step - 1e-9);
    axis.decimals = decimals_of(step);
    for (double i = first; i <= last && axis.count < CHART_MOST_TICKS; i++)
        axis.tick[axis.count++] = i * step;
    axis.low = axis.tick[0];
    axis.high = axis.tick[axis.count - 1];
    return axis;
}

/* To about ten digits, with no function of libm that varies by machine: x = m 10^k, ln m = 4 ln
 * sqrt(sqrt(m)).
 */
static double log10_of(double x)
{
    double whole = 0, y, square, term, sum = 0;

    while (x >= 10) {
        x /= 10;
        whole++;
    }
    while (x < 1) {
        x *= 10;
        whole--;
    }
    x = sqrt(sqrt(x));
    y = (x - 1) / (x + 1);
    square = y * y;
    term = y;
    for (int n = 1; n < 20; n += 2, term *= square)
        sum += term / n;
    return whole + 8 * sum / 2.302585092994046;
}

struct chart_axis chart_axis_log(double low, double high, enum chart_numbers numbers)
{
    struct chart_axis axis = {.logarithmic = true, .numbers = numbers};
    bool fine;
    double tick;

    low = shown(numbers, low);
    high = shown(numbers, high);
    if (low < high / 1e20) /* more than can be read from a chart */
        low = high / 1e20;
    fine = high / low <= 1e3;
    tick = fine ? round_down(low) : decade(low);
    axis.tick[axis.count++] = tick;
    do {
        tick = fine ? round_up(1.5 * tick) : 10 * tick;
        axis.tick[axis.count++] = tick;
    } while (tick < high * (1 - 1e-9) && axis.count < CHART_MOST_TICKS);
    axis.low = axis.tick[0];
    axis.high = axis.tick[axis.count - 1];
    return axis;
}

static double axis_fraction(const struct chart_axis *axis, double value)
{
    if (!axis->logarithmic)
        return (value - axis->low) / (axis->high - axis->low);
    return value > axis->low ? log10_of(value / axis->low) / log10_of(axis->high / axis->low) : 0;
}

double chart_axis_at(const struct chart_axis *axis, double value)
{
    return axis_fraction(axis, shown(axis->numbers, value));
}

double chart_axis_tick_at(const struct chart_axis *axis, size_t i)
{
    return axis_fraction(axis, axis->tick[i]);
}

/* "40k", "1.5M", "800" */
static void with_prefix(double value, char text[CHART_TEXT])
{
    static const char prefixes[] = " kMGTPE";
    size_t i = 0;

    for (; value >= 1000 && prefixes[i + 1]; i++)
        value /= 1000;
    snprintf(text, CHART_TEXT, i ? "%.3g%c" : "%.3g", value, prefixes[i]);
}

const char *chart_axis_tick(const struct chart_axis *axis, size_t i, char text[CHART_TEXT])
{
    const double value = axis->tick[i];
    /* where equal distances are ratios, the small ones need more digits */
    const int decimals = axis->logarithmic ? decimals_of(value) : axis->decimals;

    if (axis->numbers == CHART_COUNT)
        with_prefix(value, text);
    else if (axis->numbers == CHART_PERCENT)
        snprintf(text, CHART_TEXT, "%.*f %%", decimals, value);
    else if (value != 0 && (fabs(value) < 1e-4 || fabs(value) >= 1e7))
        snprintf(text, CHART_TEXT, "%.0e", value);
    else
        snprintf(text, CHART_TEXT, "%.*f", decimals, value);
    return text;
}

const char *chart_value(enum chart_numbers numbers, double value, char text[CHART_TEXT])
{
    if (numbers == CHART_PERCENT)
        snprintf(text, CHART_TEXT, "%.2f %%", 100 * value);
    else if (numbers == CHART_REAL || value >= 1e15)
        snprintf(text, CHART_TEXT, "%.4g", value);
    else {
        char digits[CHART_TEXT];
        const int length = snprintf(digits, sizeof digits, "%.0f", value);
        size_t used = 0;
        for (int i = 0; i < length; i++) {
            if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
                text[used++] = ',';
            text[used++] = digits[i];
        }
        text[used] = '\0';
    }
    return text;
}
