/* config_override.c: KEY=VALUE of the command line set in the tree. */
#include "config/config_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { MOST_NAMES = 8 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_path_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Splits KEY=VALUE: the names of the path into names[], *value the rest without blanks around it. The number
 * of names, 0 if the text has another form. */
static size_t split(struct config_override *override, char names[MOST_NAMES][CONFIG_OVERRIDE_NAME],
                    const char **value, size_t *value_length)
{
    const char *p = override->text, *end;
    size_t count = 0;

    while (is_blank(*p))
        p++;
    for (;; p++) {
        const char *name = p;
        size_t length;

        while (is_path_byte(*p))
            p++;
        length = (size_t)(p - name);
        if (length == 0 || length >= CONFIG_OVERRIDE_NAME || count == MOST_NAMES || *name == '-' ||
            *name == '_')
            return 0;
        memcpy(names[count], name, length);
        names[count++][length] = '\0';
        override->key = name;
        override->key_length = length;
        if (*name >= '0' && *name <= '9' && !config_is_number(names[count - 1]))
            return 0;
        if (*p != '.')
            break;
    }
    if (config_is_number(names[count - 1]))
        return 0; /* nothing that has only a number can be set */
    while (is_blank(*p))
        p++;
    if (*p != '=')
        return 0;
    for (p++; is_blank(*p); p++)
        ;
    end = p + strlen(p);
    while (end > p && is_blank(end[-1]))
        end--;
    *value = p;
    *value_length = (size_t)(end - p);
    return count;
}

/* True if the value is in the language of configs, not a bare word. */
static bool is_config_value(const char *value, size_t length)
{
    if (length == 0)
        return false;
    if (strchr("\"[({", *value) || config_number_form(value, length) != CONFIG_NO_NUMBER)
        return true;
    return (length == 4 && strncasecmp(value, "true", 4) == 0) ||
           (length == 5 && strncasecmp(value, "false", 5) == 0);
}

/* Copies the value, and all it holds, into a fresh setting of `parent`; name NULL in lists. 0 or -1: out of
 * memory. */
static int copy(config_setting_t *parent, const char *name, config_group *from, void *hook)
{
    config_setting_t *to = config_setting_add(parent, name, config_setting_type(from));
    const int type = config_setting_type(from);
    int done = CONFIG_TRUE;

    if (!to)
        return -1;
    config_setting_set_hook(to, hook);
    if (type == CONFIG_TYPE_INT)
        done = config_setting_set_int(to, config_setting_get_int(from));
    else if (type == CONFIG_TYPE_INT64)
        done = config_setting_set_int64(to, config_setting_get_int64(from));
    else if (type == CONFIG_TYPE_FLOAT)
        done = config_setting_set_float(to, config_setting_get_float(from));
    else if (type == CONFIG_TYPE_BOOL)
        done = config_setting_set_bool(to, config_setting_get_bool(from));
    else if (type == CONFIG_TYPE_STRING)
        done = config_setting_set_string(to, config_setting_get_string(from));
    for (int i = 0; done && i < config_setting_length(from); i++) {
        config_group *member = config_setting_get_elem(from, (unsigned)i);
        if (copy(to, config_setting_name(member), member, hook) != 0)
            return -1;
    }
    return done ? 0 : -1;
}

/* Before a group's type is replaced: keeps the one that the config has. 0, or -1: out of memory. */
static int keep_former(struct config_override *override, config_group *type)
{
    struct config_override *before = config_setting_get_hook(type);

    if (before) {
        override->former = before->former;
        before->former = NULL;
    } else if (config_setting_type(type) == CONFIG_TYPE_STRING) {
        override->former = memory_string(config_setting_get_string(type));
        return override->former ? 0 : -1;
    }
    return 0;
}

bool config_retyped(config_group *group, const char **former)
{
    config_group *type = group ? config_setting_get_member(group, "type") : NULL;
    const struct config_override *override = type ? config_setting_get_hook(type) : NULL;

    *former = override ? override->former : NULL;
    return override != NULL;
}

bool config_table_has(const struct nnrun_setting *table, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, key) == 0)
            return true;
    return false;
}

void config_leave_out(config_group *group, const struct nnrun_setting *former, size_t former_count,
                      const struct nnrun_setting *table, size_t count)
{
    config_setting_t *from = (config_setting_t *)(uintptr_t)group;

    for (int i = config_setting_length(group) - 1; i >= 0; i--) {
        config_group *member = config_setting_get_elem(group, (unsigned)i);
        const char *key = config_setting_name(member);
        if (!config_setting_get_hook(member) && config_table_has(former, former_count, key) &&
            !config_table_has(table, count, key))
            config_setting_remove_elem(from, (unsigned)i);
    }
}

/* Replaces or adds the value of `name` in the group. */
static int set(struct config *config, struct config_override *override, config_setting_t *group,
               const char *name, const char *value, size_t length)
{
    config_t parsed;
    config_setting_t *setting = config_setting_get_member(group, name);
    char *text;
    int result = -1;

    if (setting && strcmp(name, "type") == 0 && keep_former(override, setting) != 0)
        return config_report_memory(config);
    if (setting)
        config_setting_remove(group, name);
    if (!is_config_value(value, length)) {
        text = memory_string_part(value, length);
        setting = text ? config_setting_add(group, name, CONFIG_TYPE_STRING) : NULL;
        if (setting && config_setting_set_string(setting, text)) {
            config_setting_set_hook(setting, override);
            result = 0;
        } else
            config_report_memory(config);
        free(text);
        return result;
    }
    text = memory_format("value = %.*s", (int)length, value);
    if (!text)
        return config_report_memory(config);
    config_init(&parsed);
    if (config_tree_parse(config, override, text, strlen(text), &parsed) == 0) {
        config_group *root = config_root_setting(&parsed);
        if (config_setting_length(root) != 1)
            config_report(config, override, 0, NULL, NULL, "expected one value");
        else if (copy(group, name, config_setting_get_elem(root, 0), override) != 0)
            config_report_memory(config);
        else
            result = 0;
    }
    config_destroy(&parsed);
    free(text);
    return result;
}

int config_tree_override(struct config *config, struct config_override *override, bool *usage)
{
    char names[MOST_NAMES][CONFIG_OVERRIDE_NAME], path[MOST_NAMES * CONFIG_OVERRIDE_NAME];
    const char *value, *end = override->text + strlen(override->text);
    config_setting_t *group = config_root_setting(&config->tree), *member;
    size_t count, length, i = 0;

    *usage = true;
    if (end - override->text > CONFIG_MOST_OVERRIDE) {
        override->text[64] = '\0';
        return config_report(config, override, 0, NULL, NULL, "longer than %d bytes", CONFIG_MOST_OVERRIDE);
    }
    count = split(override, names, &value, &length);
    if (count == 0)
        return config_report(config, override, 0, NULL, NULL, "expected KEY=VALUE, as in train.epochs=3");
    *usage = false;
    if (config_not_text(override->text, end) != end)
        return config_report(config, override, 0, NULL, NULL, "this is not UTF-8 text");
    if (count > 1 && strcmp(names[0], "network") == 0) {
        if (count == 2)
            return config_report(config, override, 0, NULL, NULL, "expected network.LAYER.KEY=VALUE");
        group = config_layer_find(config, override, config_setting_get_member(group, "network"), names[1]);
        if (!group)
            return -1;
        i = 2;
    } else if (strcmp(names[0], "network") == 0) {
        config_forget_names(config); /* another list, with names of its own */
    }
    for (; i + 1 < count; i++) {
        if (config_is_number(names[i]))
            return config_report(config, override, 0, NULL, NULL, "%s is no name of a group", names[i]);
        member = config_setting_get_member(group, names[i]);
        if (!member) {
            member = config_setting_add(group, names[i], CONFIG_TYPE_GROUP);
            if (!member)
                return config_report_memory(config);
            config_setting_set_hook(member, override);
        } else if (!config_setting_is_group(member)) {
            config_tree_path(member, path, sizeof path);
            return config_report(config, override, 0, NULL, NULL, "%s is no group { ... }", path);
        }
        group = member;
    }
    return set(config, override, group, names[count - 1], value, length);
}
