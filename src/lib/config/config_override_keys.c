/* config_override_keys.c: which keys an override changes, and what may be done with them. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct walk {
    const struct setting_schema *schema;
    config_key_use *use;
    void *arg;
};

/* True if the path is that of a section, or of a group around one. */
static bool holds_section(const struct setting_schema *schema, const char *path)
{
    bool holds = false;

    for (size_t i = 0; i < schema->count && !holds; i++)
        holds = setting_path_within(schema->sections[i].path, path);
    return holds;
}

static bool named_keys(const struct walk *walk, const char *path, config_group *value)
{
    const struct config_key key = {path, setting_find_path(walk->schema, path), true};
    const bool either = key.setting && (key.setting->flags & SETTING_GROUP),
               section = holds_section(walk->schema, path);
    char below[CONFIG_KEY_TEXT];

    if ((!section || either) && walk->use(walk->arg, &key))
        return true;
    if (!section)
        return false;
    for (int i = 0; value && config_setting_is_group(value) && i < config_setting_length(value); i++) {
        config_group *member = config_setting_get_elem(value, (unsigned)i);
        snprintf(below, sizeof below, "%s.%s", path, config_setting_name(member));
        if (named_keys(walk, below, member))
            return true;
    }
    return false;
}

/* True if the value, a group, holds a member at the dotted path. */
static bool holds_member(config_group *value, const char *path)
{
    char name[CONFIG_KEY_TEXT];

    while (value && config_setting_is_group(value)) {
        const size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        value = config_setting_get_member(value, name);
        if (!path[length])
            return value != NULL;
        path += length + 1;
    }
    return false;
}

/* The keys of all sections at or below the path that the value does not name. */
static bool other_keys(const struct walk *walk, const char *path, config_group *value)
{
    char below[CONFIG_KEY_TEXT];

    for (size_t i = 0; i < walk->schema->count; i++) {
        const struct setting_section *section = &walk->schema->sections[i];
        for (size_t k = 0; setting_path_within(section->path, path) && k < section->count; k++) {
            const struct config_key key = {below, &section->table[k], false};
            snprintf(below, sizeof below, "%s.%s", section->path, section->table[k].name);
            if (!holds_member(value, below + strlen(path) + 1) && walk->use(walk->arg, &key))
                return true;
        }
    }
    return false;
}

bool config_value_keys(const struct setting_schema *schema, const char *path, config_group *value,
                       config_key_use *use, void *arg)
{
    const struct walk walk = {schema, use, arg};

    return named_keys(&walk, path, value) ||
           (value && config_setting_is_group(value) && other_keys(&walk, path, value));
}

/* ---- what is given ----------------------------------------------------------------------------------- */

bool config_gives(const struct config *config, const char *path)
{
    config_group *value = config_value_at(config, path);
    const struct config_override *override = value ? config_setting_get_hook(value) : NULL;

    return override && !override->saved;
}

bool config_gives_any(const struct config *config, uint32_t flag)
{
    char path[CONFIG_KEY_TEXT];

    for (size_t i = 0; config->schema && i < config->schema->count; i++) {
        const struct setting_section *section = &config->schema->sections[i];
        for (size_t k = 0; k < section->count; k++) {
            snprintf(path, sizeof path, "%s%s%s", section->path, *section->path ? "." : "",
                     section->table[k].name);
            if ((section->table[k].flags & flag) && config_gives(config, path))
                return true;
        }
    }
    return false;
}

/* ---- what may change --------------------------------------------------------------------------------- */

struct question {
    const struct setting_schema *schema;
    uint32_t flag;
    struct config_forbidden *answer;
};

/* True if a key that no section has lies in a group of which some keys have the flag. */
static bool some_have(const struct question *question, const char *path)
{
    size_t longest = 0;
    bool have = false;

    for (size_t i = 0; i < question->schema->count; i++) {
        const struct setting_section *section = &question->schema->sections[i];
        const size_t length = strlen(section->path);
        if (!setting_path_within(path, section->path) || length < longest)
            continue;
        if (length > longest)
            have = false;
        longest = length;
        for (size_t k = 0; k < section->count; k++)
            have = have || (section->table[k].flags & question->flag);
    }
    return have;
}

static bool is_forbidden(void *arg, const struct config_key *key)
{
    const struct question *question = arg;
    const uint32_t enough = question->flag | (key->named ? 0 : SETTING_APART);
    const bool may = key->setting ? (key->setting->flags & enough) != 0 : some_have(question, key->path);

    if (!may)
        snprintf(question->answer->path, CONFIG_KEY_TEXT, "%s", key->path);
    question->answer->left_out = !may && !key->named;
    return !may;
}

int config_forbids(const char *override, const struct setting_schema *schema, uint32_t flag,
                   struct config_forbidden *forbidden)
{
    struct question question = {schema, flag, forbidden};
    struct config_override parsed = {.text = memory_string(override)};
    struct config *config = config_create(); /* the voice of messages that nobody hears */
    const locale_t old = uselocale((locale_t)0);
    int result = -1;
    bool usage;

    *forbidden = (struct config_forbidden){.within = false};
    if (config && parsed.text) {
        uselocale(config->numbers);
        if (config_override_parse(config, &parsed, &usage) == 0 || !error_is_failure(&config->errors))
            result = parsed.path && config_value_keys(schema, parsed.path, config_override_value(&parsed),
                                                      is_forbidden, &question);
        uselocale(old);
    }
    forbidden->within = result == 1 && strcmp(forbidden->path, parsed.path) != 0;
    config_override_finish(&parsed);
    config_close(config);
    return result;
}
