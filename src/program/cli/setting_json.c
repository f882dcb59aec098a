/* setting_json.c: see setting_json.h. */
#include "cli/setting_json.h"

#include "setting/setting.h"
#include "setting/setting_text.h"

json_t *setting_json(const struct nnrun_setting *setting)
{
    char kind[SETTING_TEXT], text[SETTING_TEXT];
    json_t *object = json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", setting->name, "kind",
                               setting_kind(setting, kind), "default", setting_default(setting, text),
                               "required", (setting->flags & NNRUN_REQUIRED) != 0, "doc", setting->doc);

    if (object && setting_is_number(setting)) {
        json_object_set_new(object, "low", json_real(setting->low));
        json_object_set_new(object, "high", json_real(setting->high));
    }
    return object;
}
