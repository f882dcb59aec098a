/* config_group.c: what a config's groups hold. */
#include "config/config_internal.h"

#include <string.h>

#include "base/memory.h"

enum { PATH_TEXT = 512 };

config_group *config_root(const struct config *config)
{
    return config_root_setting(&config->tree);
}

config_group *config_find(struct config *config, config_group *parent, const char *key)
{
    config_group *group = parent ? config_setting_get_member(parent, key) : NULL;
    char path[PATH_TEXT], meant[CONFIG_TEXT];
    bool better;

    if (!group || config_setting_is_group(group))
        return group;
    config_tree_path(parent, path, sizeof path);
    better = config_meant_type(config, group, meant);
    config_complain(config, parent, path, key, "expected a group { ... }%s%s%s",
                    better ? ", did you mean " : "", better ? meant : "", better ? "?" : "");
    return NULL;
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
