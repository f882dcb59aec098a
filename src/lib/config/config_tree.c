/* config_tree.c: the tree that libconfig builds. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The tree of a text takes less than 200 times its length: "a={}" is a setting, its name and a list with 16 places.
 * libconfig's scanner takes 16 kB besides. */
enum { ROOM_PER_BYTE = 256, LEAST_ROOM = 1 << 20 };

/* libconfig does not check what malloc gives it: whether there is memory for the tree of a text is asked before, while
 * that can be said. */
static bool has_room(size_t length)
{
    size_t size;

    return size_multiply(length, ROOM_PER_BYTE, &size) && size_add(size, LEAST_ROOM, &size) &&
           memory_has_room(size);
}

bool config_tree_is_whole(config_group *setting)
{
    const bool group = config_setting_is_group(setting);

    if (config_setting_type(setting) == CONFIG_TYPE_STRING)
        return config_setting_get_string(setting) != NULL;
    for (int i = 0; config_setting_is_aggregate(setting) && i < config_setting_length(setting); i++) {
        config_group *member = config_setting_get_elem(setting, (unsigned)i);
        if ((group && !config_setting_name(member)) || !config_tree_is_whole(member))
            return false;
    }
    return true;
}

int config_tree_parse(struct config *config, const struct config_override *override, const char *text,
                      size_t length, config_t *tree)
{
    char *plain = config_scan(config, override, text, length);
    int parsed;

    if (!plain)
        return -1;
    if (!has_room(strlen(plain))) {
        free(plain);
        return config_report_memory(config);
    }
    parsed = config_read_string(tree, plain);
    uselocale(config->numbers); /* libconfig leaves the thread with the global locale */
    free(plain);
    if (parsed)
        return config_tree_is_whole(config_root_setting(tree)) ? 0 : config_report_memory(config);
    config_report(config, override, (unsigned)config_error_line(tree), NULL, NULL, "%s",
                  config_error_text(tree) ? config_error_text(tree) : "syntax error");
    return -1;
}

void config_tree_path(config_group *setting, char *path, size_t size)
{
    config_group *parent = config_setting_parent(setting);
    size_t used;

    path[0] = '\0';
    if (!parent)
        return;
    config_tree_path(parent, path, size);
    used = strlen(path);
    if (config_setting_name(setting))
        snprintf(path + used, size - used, "%s%s", used ? "." : "", config_setting_name(setting));
    else
        snprintf(path + used, size - used, "%s%d", used ? "." : "", config_setting_index(setting));
}

config_group *config_value_at(const struct config *config, const char *path)
{
    config_group *value = config_root(config);
    char name[CONFIG_KEY_TEXT];

    while (value && *path) {
        const size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        value = config_setting_is_group(value) ? config_setting_get_member(value, name) : NULL;
        path += length + (path[length] == '.');
    }
    return value;
}
