/* config_held.c: what a value holds, in words: got "abc", got a list. */
#include "config/config_internal.h"

#include <string.h>

#include "base/text.h"
#include "setting/setting_text.h"

const char *config_held(char text[CONFIG_TEXT], config_group *value)
{
    char number[NUMBER_TEXT], quoted[80];

    text[0] = '\0';
    switch (config_setting_type(value)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        text_add(text, CONFIG_TEXT, "%lld", config_setting_get_int64(value));
        break;
    case CONFIG_TYPE_FLOAT:
        number_text(number, config_setting_get_float(value));
        text_add(text, CONFIG_TEXT, "%s%s", number, strpbrk(number, ".e") ? "" : ".0");
        break;
    case CONFIG_TYPE_BOOL:
        text_add(text, CONFIG_TEXT, config_setting_get_bool(value) ? "true" : "false");
        break;
    case CONFIG_TYPE_STRING:
        text_add(text, CONFIG_TEXT, "%s",
                 config_quote(quoted, sizeof quoted, config_setting_get_string(value),
                              strlen(config_setting_get_string(value))));
        break;
    case CONFIG_TYPE_GROUP:
        text_add(text, CONFIG_TEXT, "a group");
        break;
    default:
        text_add(text, CONFIG_TEXT, config_setting_length(value) == 0 ? "an empty list" : "a list");
    }
    return text;
}
