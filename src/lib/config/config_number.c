/* config_number.c: numbers in a config: what is one by its form, and how messages show one. */
#include "config/config_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

enum config_number config_number_form(const char *text, size_t length)
{
    const char *const end = text + length, *p = text;
    enum config_number form = CONFIG_WHOLE;
    size_t digits = 0;

    p += p < end && (*p == '+' || *p == '-');
    if (end - text > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
        form = CONFIG_HEX;
        for (p = text + 2; p < end && is_hex(*p); p++)
            digits++;
    } else {
        for (; p < end && is_digit(*p); p++)
            digits++;
        if (p < end && *p == '.') {
            form = CONFIG_REAL;
            for (p++; p < end && is_digit(*p); p++)
                digits++;
        }
        if (digits > 0 && p < end && (*p | 0x20) == 'e') {
            form = CONFIG_REAL;
            p++;
            p += p < end && (*p == '+' || *p == '-');
            for (digits = 0; p < end && is_digit(*p); p++)
                digits++;
        }
    }
    if (form != CONFIG_REAL && p < end && *p == 'L') {
        p++;
        p += p < end && *p == 'L';
    }
    return digits > 0 && p == end ? form : CONFIG_NO_NUMBER;
}

const char *config_number_text(char text[CONFIG_NUMBER_TEXT], double number)
{
    if (fabs(number) < 1e15 && floor(number) == number) {
        snprintf(text, CONFIG_NUMBER_TEXT, "%.0f", number + 0.0);
        return text;
    }
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, CONFIG_NUMBER_TEXT, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return text;
}
