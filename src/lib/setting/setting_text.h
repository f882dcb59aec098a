/* setting_text.h: settings and their values as text, as the manual and show --keys have it. */
#ifndef SETTING_SETTING_TEXT_H
#define SETTING_SETTING_TEXT_H

#include "nnrun/layer.h"

enum { SETTING_TEXT = 256, SETTING_VALUE = 4608, NUMBER_TEXT = 40 };

/* Writes a number as a person would: with the fewest digits that give it back, in the caller's locale.
 * Returns text. */
const char *number_text(char text[NUMBER_TEXT], double number);

/* These return the words, which may be in the buffer. */
const char *setting_kind(const struct nnrun_setting *setting,
                         char text[SETTING_TEXT]); /* "int", "max|average" */
const char *setting_range(const struct nnrun_setting *setting,
                          char text[SETTING_TEXT]); /* "0 <= x < 1", "" */
const char *setting_default(const struct nnrun_setting *setting, char text[SETTING_TEXT]);

/* What the instance holds, as it may stand behind KEY= */
const char *setting_value(const struct nnrun_setting *setting, const void *instance,
                          char text[SETTING_VALUE]);
#endif
