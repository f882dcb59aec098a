/* setting_words.h: what a setting takes, in words, for messages: "a whole number from 1 to 99 or a list of up
 * to 2". */
#ifndef SETTING_SETTING_WORDS_H
#define SETTING_SETTING_WORDS_H

#include <stdbool.h>

#include "nnrun/layer.h"

enum { SETTING_WORDS = 512 };

/* Returns text; `item`: of an item of its list alone. The caller's locale writes numbers. */
const char *setting_expected(char text[SETTING_WORDS], const struct nnrun_setting *setting, bool item);
#endif
