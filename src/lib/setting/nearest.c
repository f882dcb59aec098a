/* nearest.c: see nearest.h. */
#include "setting/nearest.h"

#include <stdbool.h>
#include <string.h>

enum { MOST = 32 }; /* bytes of a word that is compared at all */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, delete, replace, or swap with their neighbour (Damerau-Levenshtein, each place edited
 * once), case aside. Both words have at most MOST bytes. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t row[3][MOST + 1]; /* of i - 2, i - 1, i, in turn */

    for (size_t j = 0; j <= n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            const char x = lower(a[i - 1]), y = lower(b[j - 1]);
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

/* Whether words of these lengths, that far apart, have enough in common: "crop" is not what "frob" was meant to be. */
static bool is_like(size_t edits, size_t a, size_t b)
{
    const size_t longer = a > b ? a : b;

    return edits < least(a, b) && (edits <= 1 || 2 * edits < longer);
}

void nearest_begin(struct nearest *nearest, const char *word)
{
    const size_t edits = least((strlen(word) + 2) / 3, 3); /* near enough: one for each three letters */

    *nearest = (struct nearest){.word = word, .distance = edits + 1};
}

void nearest_try(struct nearest *nearest, const char *word, size_t length)
{
    const size_t own = strlen(nearest->word);
    size_t d;

    if (own > MOST || length > MOST)
        return;
    d = distance(nearest->word, own, word, length);
    if (d < nearest->distance && is_like(d, own, length)) {
        nearest->distance = d;
        nearest->found = word;
        nearest->length = length;
    }
}

const char *nearest_word(const char *word, const char *const *words, size_t count)
{
    struct nearest nearest;

    nearest_begin(&nearest, word);
    for (size_t i = 0; i < count; i++)
        nearest_try(&nearest, words[i], strlen(words[i]));
    return nearest.found;
}
