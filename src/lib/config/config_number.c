/* config_number.c: what is a number in a config, by its form. */
#include "config/config_internal.h"

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
