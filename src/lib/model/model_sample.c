/* model_sample.c: see model_sample.h. */
#include "model/model_sample.h"

#include <stdio.h>
#include <string.h>

#include "model/settings_tables.h"
#include "setting/setting_text.h"

/* Of the group data. */
static const char *const keys[] = {"values",  "normalize",  "mean",    "std",
                                   "prepare", "transposed", "classes", "columns"};

/* Whether the key has another value, though no override gives it. */
static bool is_left_out(const struct model *model, const struct settings *own, const char *key)
{
    const struct setting_section *section = &settings_sections[SECTION_DATA];
    const struct nnrun_setting *setting = setting_find(section->table, section->count, key);
    char before[SETTING_VALUE], now[SETTING_VALUE], path[CONFIG_KEY_TEXT];

    snprintf(path, sizeof path, "%s.%s", section->path, key);
    return setting && !config_gives(model->config, path) &&
           strcmp(setting_value(setting, &own->data, before),
                  setting_value(setting, &model->settings.data, now)) != 0;
}

int model_samples_check_same(const struct model *model, struct error *error)
{
    struct settings own;
    char place[CONFIG_PLACE_TEXT], key[CONFIG_KEY_TEXT];

    settings_read(model->own_config, &own);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!is_left_out(model, &own, keys[i]))
            continue;
        snprintf(key, sizeof key, "data.%s", keys[i]);
        config_place_key(model->config, "data", place);
        return error_set_at(
            error, ERROR_ARGUMENT, &(struct error_facts){.key = key},
            "%s: a group replaces all of its keys, and this one leaves out %s, which says what "
            "the network's samples are; give single keys, as in data.directory=FOLDER",
            place, key);
    }
    return 0;
}
