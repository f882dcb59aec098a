/* foreign.c: see foreign.h. */
#include "setting/foreign.h"

#include <string.h>

#include "setting/choices.h"

/* The next character that makes a difference; '\0' at the end. */
static char next_of(const char **at, const char *end)
{
    while (*at < end && (**at == '_' || **at == '-'))
        ++*at;
    if (*at == end)
        return '\0';
    return **at >= 'A' && **at <= 'Z' ? (char)(*(*at)++ + ('a' - 'A')) : *(*at)++;
}

static bool is_same(const char *a, const char *b, size_t b_length)
{
    const char *const a_end = a + strlen(a), *const b_end = b + b_length;
    char next;

    do {
        next = next_of(&a, a_end);
        if (next != next_of(&b, b_end))
            return false;
    } while (next);
    return true;
}

bool foreign_has(const struct nnrun_words *words, const char *word)
{
    const char *one;
    size_t length;

    for (size_t i = 0; (one = choices_word(words->words, i, &length)) != NULL; i++)
        if (is_same(word, one, length))
            return true;
    return false;
}

const struct nnrun_words *foreign_find(const struct nnrun_words *list, uint32_t of, const char *word)
{
    for (; list && list->words; list++)
        if (list->of == of && foreign_has(list, word))
            return list;
    return NULL;
}
