/* config_layer_names.c: what the layers of `network` are called: in the config, which overrides go by, and in
 * the network that comes of it. */
#include "config/config_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "setting/nearest.h"

bool config_is_number(const char *name)
{
    return strspn(name, "0123456789") == strlen(name);
}

bool config_is_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                      others[] = "0123456789_-";
    const char *p = name;

    if (!*p || !strchr(letters, *p))
        return false;
    while (*p && (strchr(letters, *p) || strchr(others, *p)))
        p++;
    return !*p && p - name <= CONFIG_MOST_NAME;
}

char **config_layer_names(config_group *list)
{
    const size_t count = (size_t)config_setting_length(list);
    char **names = memory_array(count, sizeof *names);
    const char **types = memory_array(count, sizeof *types);

    for (size_t i = 0; names && types && i < count; i++) {
        config_group *layer = config_setting_get_elem(list, (unsigned)i);
        const char *given = config_word(layer, "name");
        size_t number = 1;

        types[i] = config_word(layer, "type");
        if (!types[i])
            continue;
        for (size_t j = 0; j < i; j++)
            number += types[j] && strcmp(types[j], types[i]) == 0;
        names[i] = given ? memory_string(given) : memory_format("%s%zu", types[i], number);
        if (!names[i]) {
            config_layer_names_free(names, i);
            names = NULL;
        }
    }
    if (!types) {
        free(names);
        names = NULL;
    }
    free(types);
    return names;
}

void config_layer_names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

void config_forget_names(struct config *config)
{
    if (config->file_names)
        config_layer_names_free(config->file_names, config->file_name_count);
    config->file_names = NULL;
    config->file_name_count = 0;
}

/* The number of the first layer of that name, `count` if there is none. */
static size_t named(char *const *names, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && !(names[i] && strcmp(names[i], name) == 0))
        i++;
    return i;
}

char *config_layer_key(const struct config *config, size_t i, const char *name)
{
    const char *own;

    if (!config->file_names)
        return memory_string(name);
    own = config->file_names[i];
    if (own && config_is_name(own) && strcmp(own, "input") != 0 &&
        named(config->file_names, config->file_name_count, own) == i)
        return memory_string(own);
    return memory_format("%zu", i);
}

/* Says which layer may have been meant. */
static void complain_of_name(struct config *config, const struct config_override *override, const char *name)
{
    const char **words = memory_array(config->file_name_count, sizeof *words), *nearest;
    char quoted[CONFIG_OVERRIDE_NAME + 8], known_text[CONFIG_TEXT] = "";
    size_t known = 0;

    for (size_t i = 0; words && i < config->file_name_count; i++)
        if (config->file_names[i])
            words[known++] = config->file_names[i];
    nearest = words ? nearest_word(name, words, known) : NULL;
    config_quote(quoted, sizeof quoted, name, strlen(name));
    if (nearest)
        text_add(known_text, sizeof known_text, "; did you mean \"%s\"?", nearest);
    for (size_t i = 0; words && !nearest && i < known; i++)
        text_add(known_text, sizeof known_text, "%s%s", i ? ", " : "; the network has ", words[i]);
    config_report(config, override, 0, NULL, NULL, "there is no layer %s%s%s", quoted, known_text,
                  nearest ? "" : "; KEY=VALUE changes a layer and cannot add one: write it into the config");
    free(words);
}

/* The number of the layer that an override names, `count` after reporting that there is none. */
static size_t find_name(struct config *config, struct config_override *override, config_group *list,
                        size_t count, const char *name)
{
    size_t found = named(config->file_names, count, name);

    if (found == count) { /* or one that came of an override before */
        char **now = config_layer_names(list);
        if (!now) {
            config_report_memory(config);
            return count;
        }
        found = named(now, count, name);
        config_layer_names_free(now, count);
        override->new_name = true;
        if (found == count)
            complain_of_name(config, override, name);
    }
    return found;
}

config_setting_t *config_layer_find(struct config *config, struct config_override *override,
                                    config_group *list, const char *name)
{
    const size_t count = list && config_setting_is_list(list) ? (size_t)config_setting_length(list) : 0;
    config_setting_t *layer;
    size_t index;

    if (count == 0) {
        config_report(config, override, 0, NULL, NULL, "the config has no list of layers named network");
        return NULL;
    }
    if (!config->file_names) {
        config->file_names = config_layer_names(list);
        config->file_name_count = config->file_names ? count : 0;
    }
    if (!config->file_names) {
        config_report_memory(config);
        return NULL;
    }
    if (config_is_number(name)) {
        index = strlen(name) < 7 ? strtoul(name, NULL, 10) : count;
        if (index >= count) {
            config_report(config, override, 0, NULL, NULL, "there is no layer %s, expected 0 to %zu", name,
                          count - 1);
            return NULL;
        }
    } else {
        index = find_name(config, override, list, count, name);
        if (index == count)
            return NULL;
    }
    layer = config_setting_get_elem(list, (unsigned)index);
    if (!config_setting_is_group(layer)) {
        config_report(config, override, 0, NULL, NULL, "layer %s is not a group { ... }", name);
        return NULL;
    }
    return layer;
}
