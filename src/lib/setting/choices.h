/* choices.h: the words of "max|average", as a setting of kind NNRUN_CHOICE lists them. NULL has none. */
#ifndef SETTING_CHOICES_H
#define SETTING_CHOICES_H

#include <stdbool.h>
#include <stddef.h>

size_t choices_count(const char *choices);

/* Word i, which nothing ends but its length; NULL past the last. */
const char *choices_word(const char *choices, size_t i, size_t *length);

/* True if the word is among them; then *i is its number. */
bool choices_find(const char *choices, const char *word, size_t *i);

/* The one that a misspelt word was probably meant to be (nearest.h), with its length; NULL: none is near. */
const char *choices_nearest(const char *choices, const char *word, size_t *length);
#endif
