/* config_kept.c: the overrides that a text needs beside it to give the same bits again. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { NUMBER = 32 };

/* ---- what belongs to the bits ------------------------------------------------------------------------ */

static bool of_the_bits(void *arg, const struct config_key *key)
{
    (void)arg;
    return !key->setting || !(key->setting->flags & SETTING_APART);
}

static bool is_apart(void *arg, const struct config_key *key)
{
    return !of_the_bits(arg, key);
}

/* True if some of the keys that a value at `path` changes belong to the bits. */
static bool belongs(const struct config *config, const char *path, config_group *value)
{
    return !config->schema || config_value_keys(config->schema, path, value, of_the_bits, NULL);
}

/* True if some do not. Those that it leaves out count, too: naming them must not show in what is kept. */
static bool is_mixed(const struct config *config, const char *path, config_group *value)
{
    return config->schema && config_value_keys(config->schema, path, value, is_apart, NULL);
}

/* ---- a value written anew ---------------------------------------------------------------------------- */

/* Appends to text, which is freed if that fails, and may be NULL then. Takes `more`. */
static char *joined(char *text, char *more)
{
    char *both = text && more ? memory_format("%s%s", text, more) : NULL;

    free(text);
    free(more);
    return both;
}

static char *string_text(const char *string)
{
    char *text = memory_string("\"");

    for (; text && *string; string++) {
        const unsigned char c = (unsigned char)*string;
        if (c == '"' || c == '\\')
            text = joined(text, memory_format("\\%c", c));
        else if ((c < ' ' && c != '\t') || c == 127)
            text = joined(text, memory_format("\\x%02x", c));
        else
            text = joined(text, memory_format("%c", c));
    }
    return joined(text, memory_string("\""));
}

/* With as few digits as give it back, and a real for whoever reads it. */
static char *real_text(double real)
{
    char text[NUMBER];

    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    return memory_format("%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

static char *value_text(const struct config *config, const char *path, config_group *value);

/* The members of a group that belong to the bits, or all items of a list. */
static char *members_text(const struct config *config, const char *path, config_group *value)
{
    const bool group = config_setting_is_group(value);
    char *text = memory_string(group ? "{" : "("), below[CONFIG_KEY_TEXT];
    bool first = true;

    for (int i = 0; text && i < config_setting_length(value); i++) {
        config_group *member = config_setting_get_elem(value, (unsigned)i);
        snprintf(below, sizeof below, "%s.%s", path, group ? config_setting_name(member) : "");
        if (group && !belongs(config, below, member))
            continue;
        text = joined(text, memory_format("%s%s%s",
                                          first   ? ""
                                          : group ? ";"
                                                  : ",",
                                          group ? config_setting_name(member) : "", group ? "=" : ""));
        text = joined(text, value_text(config, below, member));
        first = false;
    }
    return joined(text, memory_string(group ? "}" : ")"));
}

/* The value as it can stand in a config, of groups what belongs to the bits. Fresh, NULL: out of memory. */
static char *value_text(const struct config *config, const char *path, config_group *value)
{
    switch (config_setting_type(value)) {
    case CONFIG_TYPE_INT:
        return memory_format("%d", config_setting_get_int(value));
    case CONFIG_TYPE_INT64:
        return memory_format("%lldL", config_setting_get_int64(value));
    case CONFIG_TYPE_FLOAT:
        return real_text(config_setting_get_float(value));
    case CONFIG_TYPE_BOOL:
        return memory_string(config_setting_get_bool(value) ? "true" : "false");
    case CONFIG_TYPE_STRING:
        return string_text(config_setting_get_string(value));
    default:
        return members_text(config, path, value);
    }
}

/* ---- what is kept ------------------------------------------------------------------------------------ */

/* True if one behind it names a layer by what the overrides before made of the names. */
static bool is_name_needed(const struct config *config, size_t i)
{
    const struct config_override *override = &config->overrides[i];
    const bool names = setting_path_within(override->path, "network") &&
                       (strcmp(override->key, "type") == 0 || strcmp(override->key, "name") == 0);
    bool needed = false;

    for (size_t j = i + 1; names && j < config->override_count && !needed; j++)
        needed = config->overrides[j].new_name;
    return needed;
}

/* The group that it made where there may be a number, which belongs to the bits, whatever is in it: fresh, *made NULL if
 * it made none. Returns 0 or -1: out of memory. */
static int group_made(const struct config *config, const struct config_override *override, char **made)
{
    const struct nnrun_setting *setting;

    *made = override->made ? memory_string_part(override->path, override->made) : NULL;
    if (override->made && !*made)
        return -1;
    setting = *made && config->schema ? setting_find_path(config->schema, *made) : NULL;
    if (!setting || !(setting->flags & SETTING_GROUP)) {
        free(*made);
        *made = NULL;
    }
    return 0;
}

/* True if one behind it replaces all that it sets. */
static bool is_replaced(const struct config *config, size_t i)
{
    bool replaced = false;

    for (size_t j = i + 1; j < config->override_count && !replaced; j++) {
        const struct config_override *behind = &config->overrides[j];
        replaced = setting_path_within(config->overrides[i].path, behind->path) ||
                   (behind->instead && strlen(config->overrides[i].path) == behind->made &&
                    memcmp(config->overrides[i].path, behind->path, behind->made) == 0);
    }
    return replaced && !is_name_needed(config, i);
}

static char *kept_text(const struct config *config, const struct config_override *override)
{
    config_group *value = config_override_value(override);

    if (!is_mixed(config, override->path, value))
        return memory_string(override->text);
    return joined(memory_format("%s=", override->path), value_text(config, override->path, value));
}

/* What is kept of an override, fresh, in *text; NULL: nothing. Returns 0 or -1: out of memory. */
static int keep(const struct config *config, const struct config_override *override, char **text)
{
    char *made;

    *text = NULL;
    if (group_made(config, override, &made) != 0)
        return -1;
    if (made)
        *text = memory_format("%s={}", made);
    else if (belongs(config, override->path, config_override_value(override)))
        *text = kept_text(config, override);
    else
        return 0;
    free(made);
    return *text ? 0 : -1;
}

int config_kept(const struct config *config, char ***texts, size_t *count)
{
    const locale_t old = uselocale(config->numbers);
    int result = 0;

    *count = 0;
    *texts = memory_array(config->override_count, sizeof **texts);
    if (!*texts)
        result = -1;
    for (size_t i = 0; result == 0 && i < config->override_count; i++) {
        if (is_replaced(config, i))
            continue;
        result = keep(config, &config->overrides[i], &(*texts)[*count]);
        *count += (*texts)[*count] != NULL;
    }
    uselocale(old);
    return result;
}
