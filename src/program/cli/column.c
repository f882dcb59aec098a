/* column.c: see column.h. */
#include "cli/column.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/say.h"

struct range {
    uint32_t from, to;
};

/* East_Asian_Width W and F of Unicode 14, without the gaps. */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x2753, 0x2755},
    {0x2795, 0x2797},   {0x2b1b, 0x2b1c},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97c},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
    {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
    {0x1f200, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7f0}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};

/* Marks of the scripts that have most of them. */
static const struct range over[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc}, {0x093a, 0x093a},
    {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d}, {0x09bc, 0x09bc}, {0x09c1, 0x09c4},
    {0x09cd, 0x09cd}, {0x0bc0, 0x0bc0}, {0x0bcd, 0x0bcd}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e}, {0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20f0},
    {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].from <= code; i++)
        if (code <= ranges[i].to)
            return true;
    return false;
}

/* Columns of the character at the text, and its bytes. */
static int character_width(const char *text, size_t *bytes)
{
    uint32_t code;

    *bytes = text_character(text, strlen(text), &code);
    if (*bytes == 0) {
        *bytes = 1; /* a question mark stands for it */
        return 1;
    }
    if (!text_is_shown(code))
        return (int)*bytes; /* so many of them */
    if (is_in(over, sizeof over / sizeof over[0], code))
        return 0;
    return is_in(wide, sizeof wide / sizeof wide[0], code) ? 2 : 1;
}

int column_width(const char *text)
{
    int width = 0;

    for (size_t bytes; *text; text += bytes)
        width += character_width(text, &bytes);
    return width;
}

int column_wider(int width, const char *text)
{
    const int own = column_width(text);

    return own > width ? own : width;
}

void column_left(const char *text, int width)
{
    const int own = column_width(text);

    say(stdout, "%s", text);
    printf("%*s", own < width ? width - own : 0, "");
}

void column_right(const char *text, int width)
{
    size_t end = 0;
    int left = width;

    for (size_t bytes; text[end]; end += bytes) {
        const int own = character_width(text + end, &bytes);
        if (own > left)
            break;
        left -= own;
    }
    printf("%*s", left, "");
    say(stdout, "%.*s", (int)end, text);
}
