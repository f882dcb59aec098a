/* setting_text.h: a setting of a table in words. */
#ifndef CLI_SETTING_TEXT_H
#define CLI_SETTING_TEXT_H

#include <jansson.h>

#include "nnrun/layer.h"

enum { SETTING_TEXT = 256, SETTING_VALUE = 4608 };

/* These return the words, which may be in the buffer. */
const char *setting_kind(const struct nnrun_setting *setting,
                         char text[SETTING_TEXT]); /* "int", "max|average" */
const char *setting_range(const struct nnrun_setting *setting,
                          char text[SETTING_TEXT]); /* "0 <= x < 1", "" */
const char *setting_default(const struct nnrun_setting *setting, char text[SETTING_TEXT]);

/* What the instance holds, as it may stand behind KEY= */
const char *setting_value(const struct nnrun_setting *setting, const void *instance,
                          char text[SETTING_VALUE]);

/* name, kind, default, required, doc and, of numbers, low and high. NULL when out of memory. */
json_t *setting_json(const struct nnrun_setting *setting);
#endif
