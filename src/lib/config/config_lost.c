/* config_lost.c: keys that a group on the command line takes away, as it replaces the whole group. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { NAMED = 8 };

/* What says of which type it is stands for itself: keys of another type would mean nothing in it. */
static bool is_new(config_group *former, config_group *value)
{
    const char *before = config_word(former, "type"), *type = config_word(value, "type");

    return type && (!before || strcmp(before, type) != 0);
}

/* Returns 0, or -1: out of memory. */
static int note(struct config_override *override, const char *path)
{
    char *longer = memory_format("%s%s\n", override->lost ? override->lost : "", path);

    if (!longer)
        return -1;
    free(override->lost);
    override->lost = longer;
    return 0;
}

/* Likewise. */
static int compare(struct config_override *override, const char *path, config_group *former,
                   config_group *value)
{
    char below[CONFIG_KEY_TEXT];

    for (int i = 0; !is_new(former, value) && i < config_setting_length(former); i++) {
        config_group *member = config_setting_get_elem(former, (unsigned)i);
        const char *name = config_setting_name(member);
        config_group *other = config_setting_get_member(value, name);
        const bool group = config_setting_is_group(member);

        snprintf(below, sizeof below, "%s.%s", path, name);
        if (!other && !(group && config_setting_length(member) == 0) && note(override, below) != 0)
            return -1;
        if (other && group && config_setting_is_group(other) && compare(override, below, member, other) != 0)
            return -1;
    }
    return 0;
}

int config_lost_note(struct config_override *override, config_group *former, config_group *value)
{
    if (override->saved || !config_setting_is_group(former) || !config_setting_is_group(value))
        return 0;
    return compare(override, override->path, former, value);
}

/* Those that nothing gives again, the first ones by name. Returns how many there are. */
static size_t list_lost(const struct config *config, const struct config_override *override,
                        char keys[CONFIG_TEXT])
{
    char path[CONFIG_KEY_TEXT];
    size_t count = 0, length;

    for (const char *at = override->lost; at && *at; at += length + 1) {
        length = strcspn(at, "\n");
        snprintf(path, sizeof path, "%.*s", (int)length, at);
        if (config_value_at(config, path))
            continue;
        if (count++ < NAMED)
            text_add(keys, CONFIG_TEXT, "%s%s", count > 1 ? ", " : "", path);
    }
    if (count > NAMED)
        text_add(keys, CONFIG_TEXT, " and %zu more", count - NAMED);
    return count;
}

int config_each_lost(const struct config *config, config_lost_use *use, void *arg)
{
    int result = 0;

    for (size_t i = 0; result == 0 && i < config->override_count; i++) {
        const struct config_override *override = &config->overrides[i];
        char keys[CONFIG_TEXT] = "", place[CONFIG_PLACE_TEXT];
        const size_t count = list_lost(config, override, keys);
        const struct config_lost lost = {
            .place = place, .keys = keys, .group = override->path, .count = count};

        snprintf(place, sizeof place, "command line: %s", override->text);
        if (count > 0)
            result = use(arg, &lost);
    }
    return result;
}
