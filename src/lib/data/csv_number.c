/* csv_number.c: see csv_number.h. */
#include "data/csv_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Up to 15 digits are a double exactly, and so is 10 to the 22nd at most: one multiplication or division of the two is
 * rounded as it should be. */
enum { EXACT_DIGITS = 15, EXACT_POWER = 22, MOST_EXPONENT = 9999 };

struct decimal {
    bool negative;
    uint64_t digits; /* the first ones, without leading zeros */
    int count;       /* of all of them */
    int exponent;    /* of ten, behind the last digit taken */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *read_digits(const char *at, struct decimal *decimal, int step)
{
    for (; is_digit(*at); at++) {
        if (decimal->count > 0 || *at != '0')
            decimal->count += decimal->count < MOST_EXPONENT;
        if (decimal->count <= EXACT_DIGITS) {
            decimal->digits = 10 * decimal->digits + (uint64_t)(*at - '0');
            decimal->exponent -= step;
        }
    }
    return at;
}

/* [+-] digits [point digits] [e [+-] digits], with a digit before or behind the point. Returns its end, NULL if there is
 * none. */
static const char *read_decimal(const char *text, char point, struct decimal *decimal)
{
    const char *at = text + (*text == '-' || *text == '+'), *first = at;
    size_t digits;

    *decimal = (struct decimal){.negative = *text == '-'};
    at = read_digits(at, decimal, 0);
    digits = (size_t)(at - first);
    if (*at == point) {
        first = at + 1;
        at = read_digits(first, decimal, 1);
        digits += (size_t)(at - first);
    }
    if (digits == 0)
        return NULL;
    if (*at == 'e' || *at == 'E') {
        const bool down = at[1] == '-';
        int exponent = 0;
        at += 1 + (at[1] == '-' || at[1] == '+');
        if (!is_digit(*at))
            return NULL;
        for (; is_digit(*at); at++)
            exponent = exponent < MOST_EXPONENT ? 10 * exponent + (*at - '0') : exponent;
        decimal->exponent += down ? -exponent : exponent;
    }
    return at;
}

/* "nan", "-inf", "Infinity", "NA" and "null": a value that is infinite, NaN or missing. */
static bool is_no_value(const char *text, locale_t c)
{
    static const char *const words[] = {"nan", "inf", "infinity", "na", "n/a", "null", "none"};

    text += *text == '-' || *text == '+';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp_l(text, words[i], c) == 0)
            return true;
    return false;
}

static enum csv_number tell_word(const char *text, size_t length, locale_t c)
{
    struct decimal decimal;

    if (length == 0)
        return CSV_EMPTY;
    if (is_no_value(text, c))
        return CSV_NOT_FINITE;
    return read_decimal(text, ',', &decimal) == text + length ? CSV_DECIMAL_COMMA : CSV_WORD;
}

enum csv_number csv_number(const char *text, size_t length, locale_t c, double *value)
{
    static const double power[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal decimal;

    if (read_decimal(text, '.', &decimal) != text + length)
        return tell_word(text, length, c);
    if (decimal.count <= EXACT_DIGITS && abs(decimal.exponent) <= EXACT_POWER) {
        const double digits = (double)decimal.digits;
        *value = decimal.exponent < 0 ? digits / power[-decimal.exponent] : digits * power[decimal.exponent];
        *value = decimal.negative ? -*value : *value;
        return CSV_NUMBER;
    }
    *value = strtod_l(text, NULL, c);
    return isfinite(*value) ? CSV_NUMBER : CSV_NOT_FINITE;
}
