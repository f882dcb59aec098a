/* config.c: a config from opening to closing, and the one voice of its messages. */
#include "config/config_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MESSAGE = 2048, PATH_TEXT = 512 };

/* The file and line of a setting that the text gives, or no line and what names an override. */
static const char *origin(const struct config *config, const struct config_override *override, unsigned line,
                          unsigned *file_line)
{
    if (!override)
        return config_source_at(&config->source, line ? line : 1, file_line);
    *file_line = 0;
    return override->saved ? config->source.label[0] : "command line";
}

/* The key of an override, or the one complained of. */
static const char *key_fact(const struct config_override *override, const char *key, char text[PATH_TEXT])
{
    if (!override || !override->key)
        return key;
    snprintf(text, PATH_TEXT, "%.*s", (int) override->key_length, override->key);
    return text;
}

int config_report_args(struct config *config, const struct config_override *override, unsigned line,
                       const char *what, const char *key, const char *format, va_list args)
{
    char message[MESSAGE], last[PATH_TEXT];
    const locale_t old = uselocale(config->numbers);
    struct error_facts facts = {.key = key_fact(override, key, last), .order = override ? UINT_MAX : line};

    facts.file = origin(config, override, line, &facts.line);
    vsnprintf(message, sizeof message, format, args);
    error_add_at(&config->errors, ERROR_CONFIG, &facts, "%.*s%s%s%s%s%s%s", MESSAGE - 1,
                 override ? override->text : "", override ? ": " : "", what ? what : "",
                 what && *what ? ": " : "", key ? key : "", key && *key ? ": " : "", message);
    uselocale(old);
    return -1;
}

int config_report(struct config *config, const struct config_override *override, unsigned line,
                  const char *what, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    config_report_args(config, override, line, what, key, format, args);
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

void config_complain(struct config *config, config_group *group, const char *what, const char *key,
                     const char *format, ...)
{
    config_group *member = NULL, *at;
    const struct config_override *override;
    va_list args;

    if (!group)
        group = nearest_group(config, what ? what : "");
    else if (key)
        member = config_setting_get_member(group, key);
    at = member ? member : group;
    override = config_setting_get_hook(at);
    if (override && member && strlen(key) == override->key_length &&
        memcmp(key, override->key, override->key_length) == 0)
        what = key = NULL; /* the override names them itself */
    va_start(args, format);
    config_report_args(config, override, config_setting_source_line(at), what, key, format, args);
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

unsigned config_complaints(const struct config *config)
{
    return error_count(&config->errors) + config->errors.left_out;
}

int config_finish(struct config *config, struct error *error)
{
    return error_count(&config->errors) == 0 ? 0 : error_move(&config->errors, error);
}

/* What config_open and config_parse share once the text is there. */
static int build(struct config *config, const char *const *overrides, size_t count, size_t saved)
{
    const locale_t old = uselocale(config->numbers);
    int result = config_tree_parse(config, NULL, config->source.text, config->source.length, &config->tree);

    config->overrides = memory_array(count, sizeof *config->overrides);
    if (!config->overrides) {
        result = config_report_memory(config);
    }
    while (result == 0 && config->override_count < count) {
        struct config_override *override = &config->overrides[config->override_count];
        bool usage = false;

        override->saved = config->override_count < saved;
        override->text = memory_string(overrides[config->override_count]);
        if (!override->text) {
            result = config_report_memory(config);
            break;
        }
        config->override_count++;
        result = config_tree_override(config, override, &usage);
        if (usage)
            error_recode(&config->errors, ERROR_ARGUMENT);
    }
    uselocale(old);
    return result;
}

static struct config *create(struct error *error)
{
    struct config *config = memory_array(1, sizeof *config);

    if (config) {
        config_init(&config->tree);
        config->numbers = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    }
    if (!config || config->numbers == (locale_t)0 || !config->tree.root) {
        config_close(config);
        error_memory(error);
        return NULL;
    }
    return config;
}

static struct config *created(struct config *config, int result, struct error *error)
{
    if (result == 0)
        return config;
    config_finish(config, error);
    config_close(config);
    return NULL;
}

struct config *config_open(const char *path, const char *const *overrides, size_t override_count,
                           struct error *error)
{
    struct config *config = create(error);
    const char *slash = strrchr(path, '/');
    int result;

    if (!config)
        return NULL;
    result = config_source_open(&config->source, path, &config->errors);
    if (result == 0 && slash) {
        config->directory = memory_string_part(path, (size_t)(slash - path) + (slash == path));
        if (!config->directory) {
            result = config_report_memory(config);
        }
    }
    if (result == 0)
        result = build(config, overrides, override_count, 0);
    return created(config, result, error);
}

struct config *config_parse(const char *text, const char *label, const char *directory,
                            const char *const *overrides, size_t override_count, size_t saved,
                            struct error *error)
{
    struct config *config = create(error);
    int result;

    if (!config)
        return NULL;
    result = config_source_parse(&config->source, text, label, &config->errors);
    if (result == 0 && directory) {
        config->directory = memory_string(directory);
        if (!config->directory) {
            result = config_report_memory(config);
        }
    }
    if (result == 0)
        result = build(config, overrides, override_count, saved);
    return created(config, result, error);
}

void config_close(struct config *config)
{
    if (!config)
        return;
    config_destroy(&config->tree);
    config_source_free(&config->source);
    free(config->directory);
    for (size_t i = 0; i < config->override_count; i++) {
        free(config->overrides[i].text);
        free(config->overrides[i].former);
    }
    free(config->overrides);
    for (size_t i = 0; i < config->layer_count; i++) {
        free((void *)(uintptr_t)config->layers[i].name);
        free((void *)(uintptr_t)config->layers[i].key);
        free((void *)(uintptr_t)config->layers[i].inputs);
    }
    free(config->layers);
    config_forget_names(config);
    error_clear(&config->errors);
    if (config->numbers != (locale_t)0)
        freelocale(config->numbers);
    free(config);
}

const char *config_text(const struct config *config)
{
    return config->source.text;
}

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
