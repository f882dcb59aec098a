/* config_meant.c: what an override with a key in the wrong place was probably meant to be. */
#include "config/config_internal.h"

#include <stdio.h>
#include <string.h>

#include "setting/setting.h"

enum { PATH = 512 };

void config_know(struct config *config, const struct setting_schema *schema)
{
    config->schema = schema;
}

/* True if the section lies in a group other than the root, and is called `name` there; *above is the length
 * of that group's path. */
static bool is_called(const struct setting_section *section, const char *name, size_t *above)
{
    const char *dot = strrchr(section->path, '.');

    *above = dot ? (size_t)(dot - section->path) : 0;
    return dot && strcmp(dot + 1, name) == 0;
}

/* Writes the name of the first layer that is called by the word or, if `by_key`, that gives a key of that name. False: none. */
static bool find_layer(const struct config *config, const char *word, bool by_key,
                       char name[CONFIG_MOST_NAME + 1])
{
    config_group *list = config_setting_get_member(config_root(config), "network");
    const size_t count = list && config_setting_is_list(list) ? (size_t)config_setting_length(list) : 0;
    char **now = config->file_names || count == 0 ? NULL : config_layer_names(list);
    char *const *names = now ? now : config->file_names;
    bool found = false;

    for (size_t i = 0; names && i < count && !found; i++) {
        config_group *layer = config_setting_get_elem(list, (unsigned)i);
        found = names[i] && (by_key ? config_setting_is_group(layer) && config_setting_get_member(layer, word)
                                    : strcmp(names[i], word) == 0);
        if (found)
            snprintf(name, CONFIG_MOST_NAME + 1, "%s", names[i]);
    }
    if (now)
        config_layer_names_free(now, count);
    return found;
}

bool config_meant_layer(const struct config *config, const char *key, const char *value,
                        char text[CONFIG_TEXT])
{
    char name[CONFIG_MOST_NAME + 1];

    if (find_layer(config, key, false, name)) {
        const bool word = *value == '"' || config_is_name(value);
        snprintf(text, CONFIG_TEXT, "network.%s.%s%.128s", name, word ? "type=" : "KEY=VALUE",
                 word ? value : "");
    } else if (find_layer(config, key, true, name)) {
        snprintf(text, CONFIG_TEXT, "network.%s.%.128s=%.128s", name, key, value);
    } else {
        return false;
    }
    return true;
}

/* As it was typed. */
static const char *value_of(const struct config_override *override)
{
    const char *equals = strchr(override->text, '=');

    return equals ? equals + 1 + strspn(equals + 1, " \t") : "";
}

bool config_meant(const struct config *config, config_group *group, const char *key, char text[CONFIG_TEXT])
{
    config_group *member = config_setting_get_member(group, key);
    const struct config_override *override = member ? config_setting_get_hook(member) : NULL;
    char path[PATH], layer[CONFIG_MOST_NAME + 1];
    const char *rest;
    size_t used;

    if (!override || !config->schema)
        return false;
    config_tree_path(group, path, sizeof path);
    used = strlen(path);
    if (strlen(override->path) <= used || !setting_path_within(override->path, path) ||
        setting_path_within(override->path, "network"))
        return false; /* the override gave all of the group, or a layer's */
    rest = override->path + used + (used > 0);
    for (size_t i = 0; i < config->schema->count; i++) {
        const struct setting_section *section = &config->schema->sections[i];
        if (strcmp(section->path, path) == 0)
            continue;
        if (strcmp(rest, key) == 0 && setting_find(section->table, section->count, key))
            used = strlen(section->path);
        else if (!config_setting_is_group(member) || !is_called(section, key, &used))
            continue;
        snprintf(text, CONFIG_TEXT, "%.*s%s%s", (int)used, section->path, used > 0 ? "." : "", rest);
        return true;
    }
    if (*path)
        return false;
    if (!config_setting_is_group(member))
        return config_meant_layer(config, key, value_of(override), text);
    if (!find_layer(config, key, false, layer))
        return false;
    snprintf(text, CONFIG_TEXT, "network.%s", rest);
    return true;
}

bool config_meant_type(const struct config *config, config_group *member, char text[CONFIG_TEXT])
{
    const bool word = config_setting_get_hook(member) && config_setting_type(member) == CONFIG_TYPE_STRING;
    const char *given = word ? config_setting_get_string(member) : "";
    char path[PATH];

    config_tree_path(member, path, sizeof path);
    for (size_t i = 0; word && config->schema && i < config->schema->count; i++) {
        const struct setting_section *section = &config->schema->sections[i];
        const bool type = setting_find(section->table, section->count, "type") && config_is_name(given);
        if (strcmp(section->path, path) == 0 &&
            (type || setting_find(section->table, section->count, "directory"))) {
            snprintf(text, CONFIG_TEXT, "%.256s.%s=%.128s", path, type ? "type" : "directory", given);
            return true;
        }
    }
    return false;
}
