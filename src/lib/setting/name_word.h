/* name_word.h: the words that name layer types, keys and tensors. [any thread] */
#ifndef SETTING_NAME_WORD_H
#define SETTING_NAME_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* [a-z][a-z0-9_]*, at most 63 characters. */
bool name_word_ok(const char *name); /* NULL is not */
bool name_word_part_ok(const char *word, size_t length);
#endif
