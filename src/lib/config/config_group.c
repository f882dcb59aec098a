/* config_group.c: what a config's groups hold. */
#include "config/config_internal.h"

#include <string.h>

#include "base/memory.h"

config_group *config_root(const struct config *config)
{
    return config_root_setting(&config->tree);
}

const char *config_word(config_group *group, const char *key)
{
    const char *word = NULL;

    return group && config_setting_lookup_string(group, key, &word) ? word : NULL;
}

bool config_has(config_group *group, const char *key)
{
    return group && config_setting_get_member(group, key);
}

char *config_path(const struct config *config, config_group *group, const char *key, const char *value)
{
    const struct config_setting_t *given = group ? config_setting_get_member(group, key) : NULL;
    const size_t length = config->directory ? strlen(config->directory) : 0;

    if (value[0] == '/' || length == 0 || (given && config_setting_get_hook(given)))
        return memory_string(value);
    return memory_format("%s%s%s", config->directory, config->directory[length - 1] == '/' ? "" : "/", value);
}
