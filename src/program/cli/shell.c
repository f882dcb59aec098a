/* shell.c: see shell.h. */
#include "cli/shell.h"

#include <stdbool.h>
#include <string.h>

/* Quoted in text[SHELL_WORD] from `used` on; NULL: that has no room. */
static const char *quote_word(const char *word, size_t used, char *text)
{
    static const char quote[] = "'\\''";
    const size_t longest = sizeof quote - 1, room = SHELL_WORD - 2 - longest;

    text[used++] = '\'';
    for (const char *p = word; *p; p++) {
        if (used > room)
            return NULL;
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

const char *shell_word(const char *word, char text[SHELL_WORD])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%";
    const bool is_plain = *word && word[strspn(word, plain)] == '\0';
    const size_t length = strlen(word), before = word[0] == '-' && word[1] ? 2 : 0;
    const char *quoted;

    memcpy(text, "./", 2);
    if (is_plain && before == 0)
        return word;
    if (is_plain && length < SHELL_WORD - before) {
        memcpy(text + before, word, length + 1);
        return text;
    }
    quoted = quote_word(word, before, text);
    return quoted ? quoted : word;
}
