/* config_tree.c: the tree that libconfig builds. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int config_tree_parse(struct config *config, const struct config_override *override, const char *text,
                      size_t length, config_t *tree)
{
    char *plain = config_scan(config, override, text, length);
    int parsed;

    if (!plain)
        return -1;
    parsed = config_read_string(tree, plain);
    uselocale(config->numbers); /* libconfig leaves the thread with the global locale */
    free(plain);
    if (parsed)
        return 0;
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
