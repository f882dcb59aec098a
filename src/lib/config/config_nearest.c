/* config_nearest.c: the known word that a misspelt one was probably meant to be. */
#include "config/config.h"

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

const char *config_nearest(const char *word, const char *const *words, size_t count)
{
    const size_t length = strlen(word);
    const char *nearest = NULL;
    size_t best = least((length + 2) / 3, 3) + 1; /* near enough: an edit for each three letters */

    if (length > MOST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t other = strlen(words[i]);
        size_t d;
        if (other > MOST)
            continue;
        d = distance(word, length, words[i], other);
        if (d < best && d < least(length, other)) {
            best = d;
            nearest = words[i];
        }
    }
    return nearest;
}
