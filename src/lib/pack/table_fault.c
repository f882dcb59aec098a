/* table_fault.c: see table_fault.h. */
#include "pack/table_fault.h"

#include <stdbool.h>
#include <string.h>

enum { PAIRS = 4 };

/* Latin letters in pairs of bytes, without the mark that tells their order. */
static bool is_utf_16(const char *text, size_t size)
{
    size_t first = 0, second = 0;

    for (size_t i = 0; i + 1 < size && i < 2 * PAIRS; i += 2) {
        first += text[i] == '\0' && text[i + 1] != '\0';
        second += text[i] != '\0' && text[i + 1] == '\0';
    }
    return size >= 2 * PAIRS && (first == PAIRS || second == PAIRS);
}

static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' && !memchr("\t\r\n\f", text[i], 4))
            return false;
    return true;
}

const char *table_fault(const char *text, size_t size)
{
    const char *zero = memchr(text, '\0', size);
    const size_t line = strcspn(text, "\r\n");

    if (size == 0)
        return "is empty";
    if (is_utf_16(text, size))
        return "is text in UTF-16; save it as UTF-8";
    if (zero && memchr(text, '\n', (size_t)(zero - text)) && is_text(text, (size_t)(zero - text)))
        return "has a zero byte, which no text has";
    if (!is_text(text, size))
        return NULL;
    if (*text == '#')
        return "has a comment in its first line; remove the lines that begin with #";
    if (memchr(text, '|', line))
        return "has columns that are separated by |; expected commas, tabs or semicolons";
    return "is text of one column; a table has several, separated by commas, tabs or semicolons";
}
