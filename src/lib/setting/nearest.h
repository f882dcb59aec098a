/* nearest.h: the known word that a misspelt one was probably meant to be. */
#ifndef SETTING_NEAREST_H
#define SETTING_NEAREST_H

#include <stddef.h>

/* The word of `words` nearest to `word` if it is near enough to suggest, else NULL: at most 3 edits (Damerau-Levenshtein) apart,
 * one for each three letters of `word` that it begins, and fewer than half the letters of the longer word, or a single one. */
const char *nearest_word(const char *word, const char *const *words, size_t count);

/* The same, word by word, of words that nothing ends but their length. */
struct nearest {
    const char *word;
    size_t distance;   /* of the nearest, or the first that is too far */
    const char *found; /* the nearest so far, NULL: none */
    size_t length;     /* its bytes */
};
void nearest_begin(struct nearest *nearest, const char *word);
void nearest_try(struct nearest *nearest, const char *word, size_t length);
#endif
