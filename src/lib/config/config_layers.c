/* config_layers.c: the list `network`: types, names and inputs of its layers. */
#include "config/config_internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *config_layer_text(const struct config_layer *layer, char text[CONFIG_LAYER_TEXT])
{
    if (strcmp(layer->key, layer->name) == 0)
        snprintf(text, CONFIG_LAYER_TEXT, "layer \"%.64s\" (%.64s)", layer->name, layer->type);
    else
        snprintf(text, CONFIG_LAYER_TEXT, "layer \"%.64s\" (%.64s, network.%.64s in overrides)", layer->name,
                 layer->type, layer->key);
    return text;
}

/* Complains of a name that cannot be or that another layer has. */
static void check_name(struct config *config, const struct config_layer *layer, const char *what)
{
    const char *key = config_has(layer->group, "name") ? "name" : NULL;
    char quoted[CONFIG_MOST_NAME + 16];

    config_quote(quoted, sizeof quoted, layer->name, strlen(layer->name));
    if (!config_is_name(layer->name))
        config_complain(
            config, layer->group, what, key,
            "%s cannot name a layer, expected a letter, then letters, digits, \"_\" or \"-\", at most %d in all",
            quoted, CONFIG_MOST_NAME);
    else if (strcmp(layer->name, "input") == 0)
        config_complain(config, layer->group, what, key, "\"input\" is the name of the network's own input");
    for (size_t i = 0; config->layers + i < layer; i++) {
        if (strcmp(config->layers[i].name, layer->name) != 0)
            continue;
        config_complain(config, layer->group, what, key,
                        "%s is already the name of an earlier layer, network.%d", quoted,
                        config_setting_index(config->layers[i].group));
        break;
    }
}

static void read_inputs(struct config *config, struct config_layer *layer, const char *what)
{
    config_group *inputs = config_setting_get_member(layer->group, "inputs");
    const char **names;
    size_t count;

    if (!inputs)
        return;
    if (config_setting_type(inputs) == CONFIG_TYPE_STRING)
        count = 1;
    else if (config_setting_is_list(inputs))
        count = (size_t)config_setting_length(inputs);
    else
        count = 0;
    if (count == 0 || count > CONFIG_MOST_INPUTS) {
        config_complain(config, layer->group, what, "inputs", "expected 1 to %d names of layers in quotes",
                        CONFIG_MOST_INPUTS);
        return;
    }
    names = memory_array(count, sizeof *names);
    if (!names) {
        config_report_memory(config);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        config_group *item =
            config_setting_is_list(inputs) ? config_setting_get_elem(inputs, (unsigned)i) : inputs;
        names[i] = config_setting_type(item) == CONFIG_TYPE_STRING ? config_setting_get_string(item) : NULL;
        if (!names[i]) {
            config_complain(config, layer->group, what, "inputs",
                            "item %zu: expected the name of a layer in quotes", i + 1);
            free(names);
            return;
        }
    }
    layer->inputs = names;
    layer->input_count = count;
}

/* Names that the config has become those of the network: an override of a type or a name changes them. */
static void resolve_inputs(struct config *config)
{
    for (size_t i = 0; i < config->layer_count; i++) {
        const char **inputs = (const char **)(uintptr_t)config->layers[i].inputs;
        for (size_t k = 0; k < config->layers[i].input_count; k++)
            for (size_t j = 0; j < config->layer_count; j++)
                if (config_is_name(inputs[k]) && strcmp(config->layers[j].key, inputs[k]) == 0) {
                    inputs[k] = config->layers[j].name;
                    break;
                }
    }
}

/* Fills in config->layers, which has room; takes the names out of names[]. */
static void read_layers(struct config *config, config_group *list, char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct config_layer *layer = &config->layers[config->layer_count];
        config_group *group = config_setting_get_elem(list, (unsigned)i);
        config_group *name;
        char what[CONFIG_LAYER_TEXT];

        snprintf(what, sizeof what, "network.%zu", i);
        if (!config_setting_is_group(group)) {
            config_report(config, config_setting_get_hook(group), config_setting_source_line(group), what,
                          NULL, "expected a layer as a group { type = \"...\"; ... }");
            continue;
        }
        if (!names[i]) {
            config_complain(config, group, what, "type", "%s a layer's type in quotes",
                            config_has(group, "type") ? "expected" : "missing, expected");
            continue;
        }
        *layer = (struct config_layer){.type = config_word(group, "type"),
                                       .name = names[i],
                                       .key = config_layer_key(config, i, names[i]),
                                       .group = group};
        if (!layer->key) {
            config_report_memory(config);
            return;
        }
        names[i] = NULL;
        config->layer_count++;
        config_layer_text(layer, what);
        name = config_setting_get_member(group, "name");
        if (name && config_setting_type(name) != CONFIG_TYPE_STRING)
            config_complain(config, group, what, "name", "expected a layer's name in quotes");
        else
            check_name(config, layer, what);
        read_inputs(config, layer, what);
    }
    if (config->file_names)
        resolve_inputs(config);
}

/* Whether another key is said to be meant for the list. */
static bool is_misnamed(struct config *config)
{
    const char *const also[] = {"network", NULL};
    const struct config_keys keys = {.config = config,
                                     .group = config_root(config),
                                     .also = also,
                                     .words = config->schema ? config->schema->words : NULL};

    return config_unknown_stands_for(&keys, "network");
}

const struct config_layer *config_layers(struct config *config, size_t *count)
{
    config_group *root = config_root(config), *list = config_setting_get_member(root, "network");
    const size_t length = list && config_setting_is_list(list) ? (size_t)config_setting_length(list) : 0;
    char **names;

    if (!config->layers_read) {
        config->layers_read = true;
        if (!list) {
            if (!is_misnamed(config))
                config_complain(config, root, "", "network",
                                "missing, expected a list of layers ( { ... }, ... )");
        } else if (!config_setting_is_list(list))
            config_complain(config, root, "", "network", "expected a list of layers ( { ... }, ... )");
        else if (length == 0 || length > CONFIG_MOST_LAYERS)
            config_complain(config, root, "", "network", "expected 1 to %d layers, got %zu",
                            CONFIG_MOST_LAYERS, length);
        else {
            names = config_layer_names(list);
            config->layers = memory_array(length, sizeof *config->layers);
            if (names && config->layers)
                read_layers(config, list, names, length);
            else
                config_report_memory(config);
            if (names)
                config_layer_names_free(names, length);
        }
    }
    *count = config->layer_count;
    return config->layers;
}
