/* shell.c: see shell.h. */
#include "cli/shell.h"

#include <string.h>

const char *shell_word(const char *word, char text[SHELL_WORD])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%";
    static const char quote[] = "'\\''";
    const size_t longest = sizeof quote - 1, room = SHELL_WORD - 2 - longest;
    size_t used = 1;

    if (*word && word[strspn(word, plain)] == '\0')
        return word;
    text[0] = '\'';
    for (const char *p = word; *p; p++) {
        if (used > room)
            return word;
        if (*p == '\'') {
            memcpy(text + used, quote, longest);
            used += longest;
        } else {
            text[used++] = *p;
        }
    }
    text[used++] = '\'';
    text[used] = '\0';
    return text;
}
