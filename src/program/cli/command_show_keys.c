/* command_show_keys.c: nnrun show --keys: what can be given as KEY=VALUE behind a config or checkpoint. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/memory.h"
#include "base/json_text.h"
#include "cli/command.h"
#include "cli/say.h"
#include "cli/setting_json.h"
#include "model/model.h"
#include "setting/setting.h"
#include "setting/setting_text.h"

enum { PATH = 192, KEY = 256, COLUMN = 32 };

/* What setting_layer_keys take, more closely. */
static const char *const layer_kinds[SETTING_LAYER_KEYS] = {"layer type", "string", "layer names"};

/* What is printed of a key. */
struct row {
    const char *key, *kind, *value, *fallback;
    const struct nnrun_setting *setting;
};

/* What is said of the setting goes behind; jansson's json_object_update_missing leaves keys out, in silence, when
 * memory runs out. */
static json_t *row_json(const struct row *row)
{
    const bool resume = (row->setting->flags & SETTING_RESUME) != 0;
    json_t *setting = setting_json(row->setting), *value;
    json_t *object = json_pack("{s:s, s:o, s:b, s:o, s:o, s:o}", "event", "key", "key", json_text(row->key),
                               "resume", resume, "kind", json_text(row->kind), "value", json_text(row->value),
                               "default", json_text(row->fallback));
    int failed = setting && object ? 0 : -1;
    const char *key;

    json_object_foreach (setting, key, value)
        if (!failed && strcmp(key, "name") != 0 && !json_object_get(object, key))
            failed = json_object_set(object, key, value);
    json_decref(setting);
    return json_whole(object, failed);
}

static int print_row(const struct options *options, const struct row *row)
{
    char range[SETTING_TEXT];
    const char *numbers = setting_range(row->setting, range);
    const bool required = (row->setting->flags & NNRUN_REQUIRED) != 0;

    if (options->json)
        return command_print_json(json_line(row_json(row), 15));
    say(stdout, "%s=%-*s  (%s, %s%s%s%s) %s\n", row->key, COLUMN - (int)strlen(row->key), row->value,
        row->kind, required ? "" : "default ", required ? "required" : row->fallback, *numbers ? ", " : "",
        numbers, row->setting->doc);
    return 0;
}

/* All of a table, below "PATH." */
static int print_table(const struct options *options, const char *path, const struct nnrun_setting *table,
                       size_t count, const void *instance)
{
    char key[KEY], kind[SETTING_TEXT], fallback[SETTING_TEXT], value[SETTING_VALUE];

    for (size_t i = 0; i < count; i++) {
        const struct row row = {.key = key,
                                .kind = setting_kind(&table[i], kind),
                                .value = setting_value(&table[i], instance, value),
                                .fallback = setting_default(&table[i], fallback),
                                .setting = &table[i]};
        snprintf(key, sizeof key, "%s%s%s", path, *path ? "." : "", table[i].name);
        if (print_row(options, &row) != 0)
            return -1;
    }
    return 0;
}

/* What overrides call a node; where that is its number, as no input is called, with `input` its name. */
static const char *key_of(const struct model *model, const struct net_node *node, bool input)
{
    size_t count;
    const struct config_layer *layers = config_layers(model->config, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(layers[i].name, node->name) == 0 && !(input && isdigit((unsigned char)layers[i].key[0])))
            return layers[i].key;
    return node->name;
}

/* "a", or ("a","b"), fresh memory. */
static char *inputs_of(const struct model *model, const struct net_node *node)
{
    const struct net *net = model->net;
    char *text = memory_string(node->input_count > 1 ? "(" : "");

    for (size_t k = 0; text && k < node->input_count; k++) {
        const char *name =
            node->inputs[k] == 0 ? "input" : key_of(model, &net->nodes[node->inputs[k] - 1], true);
        char *longer = node->input_count > 1 ? memory_format("%s%s\"%s\"", text, k ? "," : "", name)
                                             : memory_string(name);
        free(text);
        text = longer;
    }
    if (text && node->input_count > 1) {
        char *closed = memory_format("%s)", text);
        free(text);
        text = closed;
    }
    return text;
}

/* How it learns, if it has anything to learn: those keys that its own table has not. */
static int print_learning(const struct options *options, const char *path, const struct net_node *node)
{
    const struct setting_learning learning = {
        .frozen = node->frozen, .rate = node->rate, .from = node->from ? node->from : ""};
    const struct nnrun_layer *layer = &node->plugin->layer;
    int result = 0;

    for (size_t i = 0; node->tensor_count > 0 && i < SETTING_LEARNING_KEYS && result == 0; i++)
        if (!setting_find(layer->settings, layer->setting_count, setting_learning_keys[i].name))
            result = print_table(options, path, &setting_learning_keys[i], 1, &learning);
    return result;
}

static int print_layer(const struct options *options, const struct model *model, const struct net_node *node)
{
    char path[PATH], key[KEY], *inputs = inputs_of(model, node);
    const char *const values[] = {node->type, node->name, inputs}, *const fallbacks[] = {
                                                                       "required", "type and number",
                                                                       "the layer before it"};
    int result = inputs ? 0 : -1;

    if (!inputs)
        fputs("nnrun: out of memory\n", stderr);
    snprintf(path, sizeof path, "network.%s", key_of(model, node, false));
    for (size_t i = 0; i < SETTING_LAYER_KEYS && result == 0; i++) {
        const struct row row = {.key = key,
                                .kind = layer_kinds[i],
                                .value = values[i],
                                .fallback = fallbacks[i],
                                .setting = &setting_layer_keys[i]};
        snprintf(key, sizeof key, "%s.%s", path, setting_layer_keys[i].name);
        result = print_row(options, &row);
    }
    if (result == 0)
        result = print_learning(options, path, node);
    if (result == 0)
        result = print_table(options, path, node->plugin->layer.settings, node->plugin->layer.setting_count,
                             node->instance);
    free(inputs);
    return result;
}

int command_show_keys(const struct options *options, const struct model *model)
{
    struct settings_group group;
    int result = 0;

    if (options->quiet)
        return STATUS_OK;
    for (size_t i = 0; result == 0 && settings_group(&model->settings, i, &group); i++)
        result = print_table(options, group.path, group.table, group.count, group.instance);
    for (size_t i = 0; result == 0 && i < model->net->node_count; i++)
        result = print_layer(options, model, &model->net->nodes[i]);
    return result == 0 ? STATUS_OK : STATUS_FAILED;
}
