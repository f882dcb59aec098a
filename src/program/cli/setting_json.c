/* setting_json.c: see setting_json.h. */
#include "cli/setting_json.h"

#include "base/json_text.h"
#include "setting/setting.h"
#include "setting/setting_text.h"

json_t *setting_json(const struct nnrun_setting *setting)
{
    char kind[SETTING_TEXT], text[SETTING_TEXT];
    json_t *object = json_pack("{s:o, s:o, s:o, s:b, s:o}", "name", json_text(setting->name), "kind",
                               json_text(setting_kind(setting, kind)), "default",
                               json_text(setting_default(setting, text)), "required",
                               (setting->flags & NNRUN_REQUIRED) != 0, "doc", json_text(setting->doc));
    int failed = 0;

    if (object && setting_is_number(setting)) {
        failed |= json_object_set_new(object, "low", json_real(setting->low));
        failed |= json_object_set_new(object, "high", json_real(setting->high));
    }
    return json_whole(object, failed);
}
