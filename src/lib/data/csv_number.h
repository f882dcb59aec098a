/* csv_number.h: the numbers in cells of a table: whole ones of pixels, and doubles, exactly as decimals are rounded. The
 * locale does not matter. */
#ifndef DATA_CSV_NUMBER_H
#define DATA_CSV_NUMBER_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum csv_number {
    CSV_NUMBER,
    CSV_EMPTY,
    CSV_WORD,          /* not a number */
    CSV_DECIMAL_COMMA, /* a number if its comma were a point */
    CSV_NOT_FINITE     /* NaN, infinite, or too large for a double */
};

/* The double that is next to a decimal number; text[length] is '\0'. `c` is the locale "C". [any thread] */
enum csv_number csv_number(const char *text, size_t length, locale_t c, double *value);

/* Up to three digits, at most 255, and nothing else. [any thread] */
static inline bool csv_byte(const char *text, size_t length, uint8_t *value)
{
    unsigned number = 0;

    if (length - 1 > 2)
        return false;
    for (size_t i = 0; i < length; i++) {
        const unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9)
            return false;
        number = 10 * number + digit;
    }
    *value = (uint8_t)number;
    return number <= 255;
}
#endif
