/* config_override.c: KEY=VALUE parsed, and set in the tree. */
#include "config/config_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "setting/setting.h"

enum { MOST_NAMES = 8 };

/* KEY=VALUE taken apart: the names of the key, and the value without blanks around it, in the text. */
struct parts {
    char names[MOST_NAMES][CONFIG_OVERRIDE_NAME];
    size_t count;
    const char *value;
    size_t length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_path_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Takes the key apart. Returns what follows it, NULL if it has another form. */
static const char *split_key(const char *p, struct parts *parts)
{
    for (parts->count = 0;; p++) {
        const char *name = p;
        char *copy = parts->names[parts->count];
        size_t length;

        while (is_path_byte(*p))
            p++;
        length = (size_t)(p - name);
        if (length == 0 || length >= CONFIG_OVERRIDE_NAME || parts->count == MOST_NAMES || *name == '-' ||
            *name == '_')
            return NULL;
        memcpy(copy, name, length);
        copy[length] = '\0';
        parts->count++;
        if (*name >= '0' && *name <= '9' && !config_is_number(copy))
            return NULL;
        if (*p != '.')
            break;
    }
    return config_is_number(parts->names[parts->count - 1]) ? NULL
                                                            : p; /* what has a number only is not set */
}

/* False if the text is no KEY=VALUE. */
static bool split(const char *text, struct parts *parts)
{
    const char *p = text + strspn(text, " \t"), *end;

    p = split_key(p, parts);
    if (!p)
        return false;
    p += strspn(p, " \t");
    if (*p != '=')
        return false;
    p++;
    p += strspn(p, " \t");
    end = p + strlen(p);
    while (end > p && is_blank(end[-1]))
        end--;
    parts->value = p;
    parts->length = (size_t)(end - p);
    return true;
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

    if (!to || (name && !config_setting_name(to)))
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
    return done && config_tree_is_whole(to) ? 0 : -1;
}

/* Before a text is replaced: keeps the one that the config has. 0, or -1: out of memory. */
static int keep_former(struct config_override *override, config_group *text)
{
    struct config_override *before = config_setting_get_hook(text);

    if (before) {
        override->former = before->former;
        before->former = NULL;
    } else if (config_setting_type(text) == CONFIG_TYPE_STRING) {
        override->former = memory_string(config_setting_get_string(text));
        return override->former ? 0 : -1;
    }
    return 0;
}

static const struct config_override *giver_of(config_group *group, const char *key)
{
    config_group *value = group ? config_setting_get_member(group, key) : NULL;

    return value ? config_setting_get_hook(value) : NULL;
}

bool config_replaced(config_group *group, const char *key, const char **former)
{
    const struct config_override *override = giver_of(group, key);

    *former = override ? override->former : NULL;
    return override != NULL;
}

bool config_is_later(config_group *group, const char *key, config_group *other_group, const char *other_key)
{
    const struct config_override *override = giver_of(group, key), *other = giver_of(other_group, other_key);

    return override && (!other || override > other); /* they are in one array */
}

void config_leave_out(config_group *group, const struct nnrun_setting *former, size_t former_count,
                      const struct nnrun_setting *table, size_t count)
{
    config_setting_t *from = (config_setting_t *)(uintptr_t)group;

    for (int i = config_setting_length(group) - 1; i >= 0; i--) {
        config_group *member = config_setting_get_elem(group, (unsigned)i);
        const char *key = config_setting_name(member);
        if (!config_setting_get_hook(member) && setting_find(former, former_count, key) &&
            !setting_find(table, count, key))
            config_setting_remove_elem(from, (unsigned)i);
    }
}

/* Reads the value into override->value. Returns 0, or -1 after reporting. */
static int parse_value(struct config *config, struct config_override *override, const struct parts *parts)
{
    const bool word = !is_config_value(parts->value, parts->length);
    char *text = word ? memory_string_part(parts->value, parts->length)
                      : memory_format("value = %.*s", (int)parts->length, parts->value);
    config_setting_t *root;
    int result = -1;

    if (!text)
        return config_report_memory(config);
    config_init(&override->value);
    override->has_value = true;
    root = config_root_setting(&override->value);
    if (!root) {
        result = config_report_memory(config);
    } else if (word) {
        config_setting_t *value = config_setting_add(root, "value", CONFIG_TYPE_STRING);
        result = value && config_setting_set_string(value, text) && config_tree_is_whole(root)
                     ? 0
                     : config_report_memory(config);
    } else if (config_tree_parse(config, override, text, strlen(text), &override->value) == 0) {
        result = 0;
        if (config_setting_length(config_root_setting(&override->value)) != 1)
            result = config_report(config, override, 0, NULL, NULL, "expected one value");
    }
    free(text);
    return result;
}

config_group *config_override_value(const struct config_override *override)
{
    const config_setting_t *root = override->has_value ? config_root_setting(&override->value) : NULL;

    return root && config_setting_length(root) == 1 ? config_setting_get_elem(root, 0) : NULL;
}

void config_override_finish(struct config_override *override)
{
    if (override->has_value)
        config_destroy(&override->value);
    free(override->text);
    free(override->path);
    free(override->former);
    free(override->lost);
}

/* Takes the text apart, or reports that it cannot be. Likewise. */
static int parse_parts(struct config *config, struct config_override *override, struct parts *parts,
                       bool *usage)
{
    /* what config_kept wrote anew, or config_give was given, may be longer than what is typed, but never that long */
    const size_t most = override->saved ? 16 * CONFIG_MOST_OVERRIDE : CONFIG_MOST_OVERRIDE;
    const char *end = override->text + strlen(override->text);

    *usage = true;
    if ((size_t)(end - override->text) > most) {
        override->text[64] = '\0';
        return config_report(config, override, 0, NULL, NULL, "longer than %zu bytes", most);
    }
    if (!split(override->text, parts))
        return config_report(config, override, 0, NULL, NULL, "expected KEY=VALUE, as in train.epochs=3");
    *usage = false;
    if (config_not_text(override->text, end) != end)
        return config_report(config, override, 0, NULL, NULL, "this is not UTF-8 text");
    return 0;
}

/* Sets override->path, below the path of a group. */
static int name_path(struct config *config, struct config_override *override, const char *group,
                     const char *name)
{
    override->path = memory_format("%s%s%s", group, *group ? "." : "", name);
    if (!override->path)
        return config_report_memory(config);
    override->key = override->path + strlen(override->path) - strlen(name);
    return 0;
}

int config_override_parse(struct config *config, struct config_override *override, bool *usage)
{
    char path[MOST_NAMES * CONFIG_OVERRIDE_NAME] = "";
    struct parts parts = {0};

    if (parse_parts(config, override, &parts, usage) != 0)
        return -1;
    for (size_t i = 0; i + 1 < parts.count; i++)
        text_add(path, sizeof path, "%s%s", i ? "." : "", parts.names[i]);
    if (name_path(config, override, path, parts.names[parts.count - 1]) != 0)
        return -1;
    return parse_value(config, override, &parts);
}

static bool is_number(config_group *value)
{
    const int type = config_setting_type(value);

    return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
}

const struct config_override *config_replaced_number(config_group *group)
{
    const struct config_override *override = group ? config_setting_get_hook(group) : NULL;

    return override && override->instead && config_setting_is_group(group) ? override : NULL;
}

/* Makes group i of the key, in place of a number if there is one: whether the group may be one, config_apply and
 * config_find say. NULL after reporting. */
static config_setting_t *make_group(struct config *config, struct config_override *override,
                                    config_setting_t *parent, const struct parts *parts, size_t i)
{
    const char *name = parts->names[i];
    config_setting_t *member;

    override->instead = config_setting_remove(parent, name) == CONFIG_TRUE;
    for (size_t k = 0; k <= i && strcmp(parts->names[0], "network") != 0; k++)
        override->made += strlen(parts->names[k]) + (k > 0);
    member = config_setting_add(parent, name, CONFIG_TYPE_GROUP);
    if (!member || !config_setting_name(member)) {
        config_report_memory(config);
        return NULL;
    }
    config_setting_set_hook(member, override);
    return member;
}

/* The group that the key is set in, made where it is missing. NULL after reporting. */
static config_setting_t *find_group(struct config *config, struct config_override *override,
                                    const struct parts *parts)
{
    config_setting_t *group = config_root_setting(&config->tree), *member;
    char path[MOST_NAMES * CONFIG_OVERRIDE_NAME], meant[CONFIG_TEXT];
    size_t i = 0;
    bool better;

    if (parts->count > 1 && strcmp(parts->names[0], "network") == 0) {
        if (parts->count == 2) {
            better = config_meant_layer(config, parts->names[1], parts->value, meant);
            config_report(config, override, 0, NULL, NULL, "expected network.LAYER.KEY=VALUE%s%s%s",
                          better ? "; did you mean " : "", better ? meant : "", better ? "?" : "");
            return NULL;
        }
        member = config_setting_get_member(group, "network");
        group = config_layer_find(config, override, member, parts->names[1]);
        i = 2;
    } else if (strcmp(parts->names[0], "network") == 0) {
        config_forget_names(config); /* another list, with names of its own */
    }
    for (; group && i + 1 < parts->count; i++) {
        if (config_is_number(parts->names[i])) {
            config_report(config, override, 0, NULL, NULL, "%s is not the name of a group", parts->names[i]);
            return NULL;
        }
        member = config_setting_get_member(group, parts->names[i]);
        if (!member || (i > 0 && is_number(member))) {
            member = make_group(config, override, group, parts, i);
            if (!member)
                return NULL;
        } else if (!config_setting_is_group(member)) {
            config_tree_path(member, path, sizeof path);
            config_report(config, override, 0, NULL, NULL, "%s is not a group { ... }", path);
            return NULL;
        }
        group = member;
    }
    return group;
}

int config_tree_override(struct config *config, struct config_override *override, bool *usage)
{
    char path[MOST_NAMES * CONFIG_OVERRIDE_NAME];
    config_setting_t *group, *former;
    struct parts parts = {0};

    if (parse_parts(config, override, &parts, usage) != 0)
        return -1;
    group = find_group(config, override, &parts);
    if (!group)
        return -1;
    config_tree_path(group, path, sizeof path);
    if (name_path(config, override, path, parts.names[parts.count - 1]) != 0 ||
        parse_value(config, override, &parts) != 0)
        return -1;
    former = config_setting_get_member(group, override->key);
    if (former && (keep_former(override, former) != 0 ||
                   config_lost_note(override, former, config_override_value(override)) != 0))
        return config_report_memory(config);
    if (former)
        config_setting_remove(group, override->key);
    if (copy(group, override->key, config_override_value(override), override) != 0)
        return config_report_memory(config);
    return 0;
}
