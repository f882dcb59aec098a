/* config_find.c: a group within a group, or what was probably meant by what is there instead. */
#include "config/config_internal.h"

enum { PATH_TEXT = 512 };

config_group *config_complain_number(struct config *config, config_group *group)
{
    char path[PATH_TEXT];

    if (!group)
        return NULL;
    config_tree_path(group, path, sizeof path);
    config_report(config, config_setting_get_hook(group), 0, NULL, NULL, "%s is not a group { ... }", path);
    return NULL;
}

config_group *config_find_either(config_group *parent, const char *key)
{
    config_group *group = parent ? config_setting_get_member(parent, key) : NULL;

    return group && config_setting_is_group(group) ? group : NULL;
}

config_group *config_find(struct config *config, config_group *parent, const char *key)
{
    config_group *group = parent ? config_setting_get_member(parent, key) : NULL;
    char path[PATH_TEXT], meant[CONFIG_TEXT];
    bool better;

    if (config_replaced_number(group))
        return config_complain_number(config, group);
    if (!group || config_setting_is_group(group))
        return group;
    config_tree_path(parent, path, sizeof path);
    better = config_meant_type(config, group, meant);
    config_complain(config, parent, path, key, "expected a group { ... }%s%s%s",
                    better ? "; did you mean " : "", better ? meant : "", better ? "?" : "");
    return NULL;
}
