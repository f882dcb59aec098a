/* command_layers.c: nnrun layers: which plugins there are, and what one takes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/command.h"
#include "cli/command_plugin.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "base/json_text.h"
#include "net/plugin_capability.h"
#include "cli/setting_json.h"
#include "setting/setting_text.h"

enum { TEXT = SETTING_TEXT };

/* "portable avx2 avx512", those the plugin has code for. */
static const char *levels_of(const struct plugin *plugin, char text[TEXT])
{
    size_t used = 0;

    text[0] = '\0';
    for (int level = 0; level < NNRUN_LEVELS; level++)
        if (plugin->layer.code[level].forward)
            used += (size_t)snprintf(text + used, TEXT - used, "%s%s", used ? " " : "",
                                     plugin_level_names[level]);
    return text;
}

static json_t *capabilities_json(const struct nnrun_layer *layer)
{
    json_t *list = json_array();
    int failed = 0;

    for (const struct nnrun_capability *one = layer->capabilities; one && one->id; one++)
        failed |= json_array_append_new(list, json_pack("{s:o, s:b, s:b}", "id", json_text(one->id), "known",
                                                        plugin_capability_is_known(one->id), "needed",
                                                        (one->flags & NNRUN_NEEDED) != 0));
    return json_whole(list, failed);
}

static char *plugin_json(const struct plugin *plugin)
{
    const struct nnrun_layer *layer = &plugin->layer;
    json_t *settings = json_array(), *levels = json_array(), *object;
    int failed = 0;

    for (uint32_t i = 0; i < layer->setting_count; i++)
        failed |= json_array_append_new(settings, setting_json(&layer->settings[i]));
    for (int level = 0; level < NNRUN_LEVELS; level++)
        if (layer->code[level].forward)
            failed |= json_array_append_new(levels, json_string(plugin_level_names[level]));
    object = json_pack("{s:s, s:o, s:o, s:o, s:[i,i], s:b, s:b, s:[i,i], s:o, s:o, s:o}", "event", "layer",
                       "type", json_text(layer->type), "doc", json_text(layer->doc), "path",
                       json_text(plugin->path), "abi", layer->head.major, layer->head.minor, "loss",
                       layer->target != NNRUN_NO_TARGET, "backward", plugin->code.backward != NULL, "inputs",
                       (int)layer->min_inputs, (int)layer->max_inputs, "levels", levels, "capabilities",
                       capabilities_json(layer), "settings", json_whole(settings, failed));
    return json_line(object, 15);
}

static void print_capabilities(const struct nnrun_layer *layer)
{
    const struct nnrun_capability *list = layer->capabilities;

    for (size_t i = 0; list && list[i].id; i++)
        say(stdout, "%s%s%s%s", i ? ", " : "capabilities: ", list[i].id,
            list[i].flags & NNRUN_NEEDED ? " (needed)" : "",
            plugin_capability_is_known(list[i].id) ? "" : " (unknown to this nnrun, ignored)");
    if (list && list->id)
        putchar('\n');
}

static void print_plugin(const struct plugin *plugin)
{
    const struct nnrun_layer *layer = &plugin->layer;
    char text[TEXT], range[TEXT], kind[TEXT];

    say(stdout, "%s: %s\n", layer->type, layer->doc);
    say(stdout, "%s\n", plugin->path);
    printf("ABI %u.%u, code: %s\n", layer->head.major, layer->head.minor, levels_of(plugin, text));
    if (layer->target != NNRUN_NO_TARGET)
        printf("a loss: it can end a network; compares with %s\n",
               layer->target == NNRUN_CLASS ? "the class" : "a value for each input");
    if (!plugin->code.backward)
        puts("no backward pass: for evaluation alone");
    print_capabilities(layer);
    if (layer->max_inputs > 1)
        printf("inputs: %d to %d\n", (int)layer->min_inputs, (int)layer->max_inputs);
    if (layer->setting_count == 0)
        puts("\nno settings");
    for (uint32_t i = 0; i < layer->setting_count; i++) {
        const struct nnrun_setting *setting = &layer->settings[i];
        if (i == 0)
            putchar('\n');
        say(stdout, "  %-12s %s, %s", setting->name, setting_kind(setting, kind),
            setting_default(setting, text));
        if (*setting_range(setting, range))
            printf(", %s", range);
        putchar('\n');
        say(stdout, "               %s\n", setting->doc);
    }
}

static int print_json(const struct plugin *plugin, struct error *error)
{
    char *line = plugin_json(plugin);

    return line ? command_print_json(line) : error_memory(error);
}

static int list(const struct options *options, struct registry *registry, struct error *error)
{
    size_t count;
    const char *const *types = registry_types(registry, &count, error);
    int result = 0;

    if (!types)
        return -1;
    if (count == 0)
        return error_set_at(error, ERROR_CONFIG, &(struct error_facts){.advice = ADVICE_NO_PLUGINS},
                            "no layer plugins found");
    for (size_t i = 0; i < count; i++) {
        struct error why = {0};
        const struct plugin *plugin;
        char text[TEXT];
        plugin = registry_find(registry, types[i], &why);
        if (!plugin) {
            if (!error_has_said(error, &why)) /* one folder may be the reason for many */
                error_append(error, &why);
            error_clear(&why);
            result = -1;
        } else if (options->json) {
            result |= print_json(plugin, error);
        } else {
            say(stdout, "%-12s %s\n", types[i], plugin->layer.doc);
            say(stdout, "             %s, ABI %u.%u, %s\n", plugin->path, plugin->layer.head.major,
                plugin->layer.head.minor, levels_of(plugin, text));
        }
    }
    return result;
}

static int show_one(const struct options *options, struct registry *registry, struct error *error)
{
    const struct plugin *plugin = command_plugin(options->subject, registry, error);

    if (!plugin)
        return -1;
    if (options->json)
        return print_json(plugin, error);
    print_plugin(plugin);
    return 0;
}

int command_layers(const struct options *options)
{
    const struct model_options model_options = options_model(options, true);
    struct registry *registry;
    struct error error = {0};
    unsigned level;
    int status = STATUS_OK;

    if (options->new_type)
        return command_layers_new(options);
    registry = model_registry(&model_options, &level, &error);
    if (!registry ||
        (options->subject ? show_one(options, registry, &error) : list(options, registry, &error)) != 0)
        status = command_failed(options, &error);
    registry_destroy(registry);
    return status;
}
