/* config_each.c: every value of a config, overrides among them, as key and text. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "setting/setting_text.h"

struct walk {
    config_use *use;
    void *arg;
};

/* The value as it could stand in a config, fresh memory; NULL when out of memory. */
static char *value_text(config_group *setting)
{
    char number[NUMBER_TEXT];

    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return memory_format("%lld", config_setting_get_int64(setting));
    case CONFIG_TYPE_FLOAT:
        return memory_string(number_text(number, config_setting_get_float(setting)));
    case CONFIG_TYPE_BOOL:
        return memory_string(config_setting_get_bool(setting) ? "true" : "false");
    case CONFIG_TYPE_STRING:
        return memory_string(config_setting_get_string(setting));
    default:
        return memory_string("");
    }
}

/* "[1, 28, 28]" */
static char *list_text(config_group *list)
{
    char *text = memory_string("[");

    for (int i = 0; text && i < config_setting_length(list); i++) {
        char *item = value_text(config_setting_get_elem(list, (unsigned)i));
        char *longer = item ? memory_format("%s%s%s", text, i ? ", " : "", item) : NULL;
        free(item);
        free(text);
        text = longer;
    }
    if (text) {
        char *whole = memory_format("%s]", text);
        free(text);
        text = whole;
    }
    return text;
}

static int each(const struct walk *walk, config_group *setting, const char *path)
{
    const bool list = config_setting_is_list(setting) || config_setting_is_array(setting);
    char *text;
    int result = 0;

    if (!config_setting_is_group(setting)) {
        text = list ? list_text(setting) : value_text(setting);
        result = text ? walk->use(walk->arg, path, text) : -1;
        free(text);
        return result;
    }
    for (int i = 0; result == 0 && i < config_setting_length(setting); i++) {
        config_group *member = config_setting_get_elem(setting, (unsigned)i);
        char *below = memory_format("%s%s%s", path, *path ? "." : "", config_setting_name(member));
        if (!below)
            return -1;
        if (strcmp(below, "network") != 0)
            result = each(walk, member, below);
        free(below);
    }
    return result;
}

int config_each(struct config *config, config_use *use, void *arg)
{
    const struct walk walk = {use, arg};
    size_t count;
    const struct config_layer *layers = config_layers(config, &count);
    int result = each(&walk, config_root(config), "");

    for (size_t i = 0; result == 0 && i < count; i++) {
        char *path = memory_format("network.%s", layers[i].name);
        result = path ? each(&walk, layers[i].group, path) : -1;
        free(path);
    }
    return result;
}
