/* choices.c: see choices.h. */
#include "setting/choices.h"

#include <string.h>

#include "setting/nearest.h"

const char *choices_word(const char *choices, size_t i, size_t *length)
{
    const char *word = choices;

    for (; word && i > 0; i--) {
        word = strchr(word, '|');
        if (word)
            word++;
    }
    *length = word ? strcspn(word, "|") : 0;
    return word;
}

size_t choices_count(const char *choices)
{
    size_t count = choices != NULL;

    for (const char *p = choices; p && (p = strchr(p, '|')) != NULL; p++)
        count++;
    return count;
}

bool choices_find(const char *choices, const char *word, size_t *i)
{
    const char *choice;
    size_t length;

    for (*i = 0; (choice = choices_word(choices, *i, &length)) != NULL; ++*i)
        if (strlen(word) == length && memcmp(word, choice, length) == 0)
            return true;
    return false;
}

const char *choices_nearest(const char *choices, const char *word, size_t *length)
{
    struct nearest nearest;
    const char *choice;

    nearest_begin(&nearest, word);
    for (size_t i = 0; (choice = choices_word(choices, i, length)) != NULL; i++)
        nearest_try(&nearest, choice, *length);
    *length = nearest.length;
    return nearest.found;
}
