/* config_meant.c: what an override with a key in the wrong place was probably meant to be. */
#include "config/config_internal.h"

#include <stdio.h>
#include <string.h>

enum { PATH = 512 };

void config_know(struct config *config, config_sections *sections)
{
    config->sections = sections;
}

/* True if the section is the group of that path, with the type that it is of left aside. */
static bool is_section(const char *section, const char *path)
{
    return strlen(path) == strcspn(section, ",") && strncmp(section, path, strlen(path)) == 0;
}

/* True if the section lies in a group other than the root, and is called `name` there; *above is the length
 * of that group's path. */
static bool is_called(const char *section, const char *name, size_t *above)
{
    const size_t length = strcspn(section, ","), tail = strlen(name);

    *above = length > tail ? length - tail - 1 : 0;
    return *above > 0 && section[*above] == '.' && strncmp(section + *above + 1, name, tail) == 0;
}

static bool names_layer(const struct config *config, const char *name)
{
    config_group *list = config_setting_get_member(config_root(config), "network");
    const size_t count = list && config_setting_is_list(list) ? (size_t)config_setting_length(list) : 0;
    char **now = config->file_names || count == 0 ? NULL : config_layer_names(list);
    char *const *names = now ? now : config->file_names;
    bool found = false;

    for (size_t i = 0; names && i < count && !found; i++)
        found = names[i] && strcmp(names[i], name) == 0;
    if (now)
        config_layer_names_free(now, count);
    return found;
}

bool config_meant(const struct config *config, config_group *group, const char *key, char text[CONFIG_TEXT])
{
    config_group *member = config_setting_get_member(group, key);
    const struct config_override *override = member ? config_setting_get_hook(member) : NULL;
    const struct nnrun_setting *table;
    char path[PATH];
    const char *rest, *section;
    size_t count, used, length;

    if (!override || !config->sections)
        return false;
    config_tree_path(group, path, sizeof path);
    used = strlen(path);
    rest = override->text + strspn(override->text, " \t");
    if (used > 0 && (strncmp(rest, path, used) != 0 || rest[used] != '.'))
        return false; /* the override gave all of the group, or a layer's */
    rest += used > 0 ? used + 1 : 0;
    length = strcspn(rest, "= \t");
    for (size_t i = 0; (section = config->sections(i, &table, &count)) != NULL; i++) {
        if (is_section(section, path))
            continue;
        if (length == strlen(key) && config_table_has(table, count, key))
            used = strcspn(section, ",");
        else if (!config_setting_is_group(member) || !is_called(section, key, &used))
            continue;
        snprintf(text, CONFIG_TEXT, "%.*s%s%.*s", (int)used, section, used > 0 ? "." : "", (int)length, rest);
        return true;
    }
    if (*path || !config_setting_is_group(member) || !names_layer(config, key))
        return false;
    snprintf(text, CONFIG_TEXT, "network.%.*s", (int)length, rest);
    return true;
}

bool config_meant_type(const struct config *config, config_group *member, char text[CONFIG_TEXT])
{
    const bool word = config_setting_get_hook(member) && config_setting_type(member) == CONFIG_TYPE_STRING &&
                      config_is_name(config_setting_get_string(member));
    const struct nnrun_setting *table;
    char path[PATH];
    const char *section;
    size_t count;

    config_tree_path(member, path, sizeof path);
    for (size_t i = 0; word && config->sections && (section = config->sections(i, &table, &count)) != NULL;
         i++)
        if (is_section(section, path) && config_table_has(table, count, "type")) {
            snprintf(text, CONFIG_TEXT, "%.256s.type=%s", path, config_setting_get_string(member));
            return true;
        }
    return false;
}
