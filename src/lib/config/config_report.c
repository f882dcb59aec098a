/* config_report.c: the one voice of a config's messages. */
#include "config/config_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE = 2048, PATH_TEXT = 512 };

/* The file and line of a setting that the text gives, or no line and what names an override. */
static const char *origin(const struct config *config, const struct config_override *override, unsigned line,
                          unsigned *file_line)
{
    if (!override && line == 0) { /* the text as a whole */
        *file_line = 1;
        return config->source.label[0];
    }
    if (!override)
        return config_source_at(&config->source, line, file_line);
    *file_line = 0;
    return override->saved ? config->source.label[0] : "command line";
}

void config_format(const struct config *config, char *text, size_t size, const char *format, va_list args)
{
    const locale_t old = uselocale(config->numbers);

    vsnprintf(text, size, format, args);
    uselocale(old);
}

int config_report_args(struct config *config, const struct config_override *override, unsigned line,
                       const char *what, const char *key, struct error_facts facts, const char *format,
                       va_list args)
{
    char message[MESSAGE];

    if (!facts.key)
        facts.key = override && override->path ? override->path : key;
    facts.order = override ? UINT_MAX : line;
    facts.file = origin(config, override, line, &facts.line);
    config_format(config, message, sizeof message, format, args);
    error_add_at(&config->errors, ERROR_CONFIG, &facts, "%.*s%s%s%s%s%s%s", MESSAGE - 1,
                 override ? override->text : "", override ? ": " : "", what ? what : "",
                 what && *what ? ": " : "", key ? key : "", key && *key ? ": " : "", message);
    return -1;
}

int config_report(struct config *config, const struct config_override *override, unsigned line,
                  const char *what, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    config_report_args(config, override, line, what, key, (struct error_facts){0}, format, args);
    va_end(args);
    return -1;
}

int config_report_memory(struct config *config)
{
    return error_memory(&config->errors);
}

const char *config_quote(char *quoted, size_t size, const char *text, size_t length)
{
    const size_t room = size - sizeof "\"...\"";

    if (length <= room)
        snprintf(quoted, size, "\"%.*s\"", (int)length, text);
    else {
        length = room;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--; /* not within a character */
        snprintf(quoted, size, "\"%.*s...\"", (int)length, text);
    }
    return quoted;
}

/* The group that a dotted path names, or the innermost one around it that exists. */
static config_group *nearest_group(struct config *config, const char *path)
{
    config_group *group = config_root(config);

    while (*path) {
        const size_t length = strcspn(path, ".");
        char name[PATH_TEXT];
        config_group *member;

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        member = config_setting_get_member(group, name);
        if (!member || !config_setting_is_group(member))
            break;
        group = member;
        path += length;
        path += *path == '.';
    }
    return group;
}

/* The layer that a group is; NULL: none. */
static const char *layer_of(const struct config *config, const config_group *group)
{
    for (size_t i = 0; i < config->layer_count; i++)
        if (config->layers[i].group == group)
            return config->layers[i].name;
    return NULL;
}

/* Writes as much of "train.optimizer.rate" or "network.conv1.kernel" as there is room for. */
static void key_path(const struct config *config, config_group *group, const char *key, char *text,
                     size_t size)
{
    config_group *parent = config_setting_parent(group);
    const char *name = config_setting_name(group);
    size_t length = 0;

    text[0] = '\0';
    if (parent) {
        key_path(config, parent, NULL, text, size);
        length = strlen(text);
        if (!name)
            name = layer_of(config, group);
        if (name)
            snprintf(text + length, size - length, "%s%s", length ? "." : "", name);
        else
            snprintf(text + length, size - length, "[%d]", config_setting_index(group));
        length = strlen(text);
    }
    if (key && *key)
        snprintf(text + length, size - length, "%s%s", length ? "." : "", key);
}

__attribute__((format(printf, 6, 0))) static void complain(struct config *config, config_group *group,
                                                           const char *what, const char *key,
                                                           struct error_facts facts, const char *format,
                                                           va_list args)
{
    config_group *member = NULL, *at;
    const struct config_override *override;
    char path[PATH_TEXT];

    if (!group)
        group = nearest_group(config, what ? what : "");
    else if (key)
        member = config_setting_get_member(group, key);
    at = member ? member : group;
    key_path(config, group, key, path, sizeof path);
    facts.key = *path ? path : NULL;
    override = config_setting_get_hook(at);
    if (override && member && strcmp(key, override->key) == 0)
        what = key = NULL; /* the override names them itself */
    facts.layer = layer_of(config, group);
    /* What lacks something is the config, not a file that its first line may include. */
    config_report_args(config, override, at == config_root(config) ? 0 : config_setting_source_line(at), what,
                       key, facts, format, args);
}

void config_complain(struct config *config, config_group *group, const char *what, const char *key,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(config, group, what, key, (struct error_facts){0}, format, args);
    va_end(args);
}

void config_complain_at(struct config *config, config_group *group, const char *what, const char *key,
                        const struct error_facts *facts, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(config, group, what, key, *facts, format, args);
    va_end(args);
}

const char *config_place(const struct config *config, config_group *group, char text[CONFIG_PLACE_TEXT])
{
    const struct config_override *override = config_setting_get_hook(group);
    unsigned line;
    const char *file = origin(config, override, config_setting_source_line(group), &line);

    if (override)
        snprintf(text, CONFIG_PLACE_TEXT, "%s: %s", file, override->text);
    else
        snprintf(text, CONFIG_PLACE_TEXT, "%s:%u", file, line);
    return text;
}

const char *config_place_changed(const struct config *config, config_group *group,
                                 char text[CONFIG_PLACE_TEXT])
{
    for (int i = 0; i < config_setting_length(group); i++) {
        config_group *member = config_setting_get_elem(group, (unsigned)i);
        if (config_setting_get_hook(member))
            return config_place(config, member, text);
    }
    return config_place(config, group, text);
}

const char *config_place_key(struct config *config, const char *path, char text[CONFIG_PLACE_TEXT])
{
    config_group *group = nearest_group(config, path), *member;
    const char *key = strrchr(path, '.');

    member = key ? config_setting_get_member(group, key + 1) : NULL;
    return config_place(config, member ? member : group, text);
}

const char *config_place_from(const struct config *config, config_group *here, config_group *group,
                              char text[CONFIG_PLACE_TEXT])
{
    unsigned line, own;
    const char *file =
        origin(config, config_setting_get_hook(group), config_setting_source_line(group), &line);

    if (config_setting_get_hook(group) ||
        file != origin(config, config_setting_get_hook(here), config_setting_source_line(here), &own))
        return config_place(config, group, text);
    snprintf(text, CONFIG_PLACE_TEXT, "line %u", line);
    return text;
}

unsigned config_complaints(const struct config *config)
{
    if (config->errors.code == ERROR_MEMORY)
        return CONFIG_NO_COUNT; /* it takes no more: none would raise a count */
    return error_count(&config->errors) + config->errors.left_out;
}

int config_finish(struct config *config, struct error *error)
{
    if (error_count(&config->errors) == 0)
        return 0;
    config_fold(&config->errors);
    return error_move(&config->errors, error);
}
