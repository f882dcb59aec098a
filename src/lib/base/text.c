/* text.c: see text.h. */
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void text_add(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

const char *text_names(char text[TEXT_NAMES], const char *const *names, size_t count)
{
    enum { NAMED = 5 };

    text[0] = '\0';
    for (size_t i = 0; i < count && i < NAMED; i++)
        text_add(text, TEXT_NAMES, "%s\"%.40s\"", i ? ", " : "", names[i]);
    if (count > NAMED)
        text_add(text, TEXT_NAMES, " and %zu more", count - NAMED);
    return text;
}

char *text_end_line(char *line)
{
    char *end = line + strcspn(line, "\n"), *next = end + (*end == '\n');

    while (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    *end = '\0';
    return next;
}

size_t text_character(const char *text, size_t room, uint32_t *code)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *const p = (const unsigned char *)text;
    const size_t length = p[0] < 0x80       ? 1
                          : p[0] >> 5 == 6  ? 2
                          : p[0] >> 4 == 14 ? 3
                          : p[0] >> 3 == 30 ? 4
                                            : 0;

    *code = p[0];
    if (length <= 1 || length > room)
        return length <= 1 ? length : 0;
    *code = p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (p[i] >> 6 != 2) /* the NUL at the end, too */
            return 0;
        *code = *code << 6 | (p[i] & 0x3fu);
    }
    return *code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0 : length;
}

bool text_is_shown(uint32_t code)
{
    return code >= ' ' && (code < 0x7f || code >= 0xa0) && (code < 0x2028 || code > 0x202e) &&
           (code < 0x2066 || code > 0x2069);
}

bool text_is_all_shown(const char *text)
{
    for (size_t left = strlen(text), size; left > 0; text += size, left -= size) {
        uint32_t code;

        size = text_character(text, left, &code);
        if (size == 0 || !text_is_shown(code))
            return false;
    }
    return true;
}

void text_make_printable(char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t code;
        const size_t size = text_character(text, left, &code), taken = size ? size : 1;

        if (size == 0 || !text_is_shown(code))
            memset(text, '?', taken);
        text += taken;
        left -= taken;
    }
}
