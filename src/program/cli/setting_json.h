/* setting_json.h: a setting of a table as JSON. */
#ifndef CLI_SETTING_JSON_H
#define CLI_SETTING_JSON_H

#include <jansson.h>

#include "nnrun/layer.h"

/* name, kind, default, required, doc and, of numbers, low and high. NULL when out of memory. */
json_t *setting_json(const struct nnrun_setting *setting);
#endif
