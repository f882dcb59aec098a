/* model_network.c: see model_network.h. */
#include "model/model_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "net/net_create.h"
#include "net/plugin_capability.h"
#include "net/plugin_meant.h"
#include "setting/nearest.h"
#include "setting/setting.h"

/* Adds the type that was probably meant, or the list of types there are; nothing where that type is there and
 * refused. */
static void complain_unknown(struct config *config, const struct config_layer *layer,
                             struct registry *registry, struct error *why)
{
    struct error unused = {0};
    const struct error_facts *of = &error_entry(why, 0)->facts;
    struct error_facts facts = {.advice = of->advice, .tail = of->tail};
    char what[CONFIG_LAYER_TEXT], known[1024] = "";
    const struct nnrun_words *words = NULL;
    size_t count = 0;
    const char *meant = of->file ? NULL : plugin_meant(registry, layer->type, &words);
    const char *const *types = registry_types(registry, &count, &unused);
    const char *near = types ? nearest_word(layer->type, types, count) : NULL;

    error_clear(&unused);
    config_layer_text(layer, what);
    if (meant) {
        config_complain(config, layer->group, what, "type",
                        "no layer type \"%.64s\"; nnrun calls it \"%s\"%s%s", layer->type, meant,
                        words->here ? " with " : "", words->here ? words->here : "");
        return;
    }
    if (near && strcmp(near, layer->type) != 0)
        text_add(known, sizeof known, "; did you mean \"%s\"?", near);
    for (size_t i = 0; !near && types && i < count; i++)
        text_add(known, sizeof known, "%s%s", i ? ", " : "; known: ", types[i]);
    facts.tail += (unsigned)strlen(known);
    config_complain_at(config, layer->group, what, "type", &facts, "%s%s", error_text(why), known);
}

/* Says so once, instead of for each layer. */
static bool has_plugins(struct config *config, struct registry *registry)
{
    struct error unused = {0};
    size_t count = 0;
    const bool some = !registry_types(registry, &count, &unused) || count > 0;

    error_clear(&unused);
    if (some)
        return true;
    config_complain_at(config, config_root(config), "", "network",
                       &(struct error_facts){.advice = ADVICE_NO_PLUGINS}, "no layer plugins found");
    return false;
}

/* Keys of a layer's type that an override replaced go. Returns -1 after setting error. */
static int leave_out(config_group *group, struct registry *registry, const struct plugin *plugin,
                     struct error *error)
{
    const struct plugin *former;
    struct error why = {0};
    const char *type;

    if (!config_replaced(group, "type", &type) || !type)
        return 0;
    former = registry_find(registry, type, &why);
    if (former)
        config_leave_out(group, former->layer.settings, former->layer.setting_count, plugin->layer.settings,
                         plugin->layer.setting_count);
    else if (error_is_failure(&why))
        return error_move(&why, error);
    error_clear(&why);
    return 0;
}

/* Where a file or folder of plugins is refused, that is said once, at the first layer that needs it: it is the reason
 * for others, too. */
static void complain_missing(struct config *config, const struct config_layer *layer,
                             struct registry *registry, struct error *why, struct error *refused)
{
    if (error_has_said(refused, why))
        return;
    complain_unknown(config, layer, registry, why);
    if (error_entry(why, 0)->facts.file)
        error_append(refused, why);
}

/* The keys of every layer that the layer's own table has not. */
static void read_learning(struct config *config, const struct config_layer *from, const char *what,
                          struct net_layer *to)
{
    const struct nnrun_layer *layer = &to->plugin->layer;
    struct setting_learning learning = {.rate = 1, .from = ""};

    for (size_t i = 0; i < SETTING_LEARNING_KEYS; i++)
        if (!setting_find(layer->settings, layer->setting_count, setting_learning_keys[i].name))
            config_apply(config, from->group, what, &setting_learning_keys[i], 1, config_any_keys, NULL,
                         &learning);
    to->frozen = learning.frozen;
    to->rate = learning.rate;
    to->from = *learning.from ? learning.from : NULL;
}

static void read_layer(struct config *config, const struct config_layer *from, struct net_layer *to)
{
    const char *const also[] = {setting_layer_keys[0].name,
                                setting_layer_keys[1].name,
                                setting_layer_keys[2].name,
                                setting_learning_keys[0].name,
                                setting_learning_keys[1].name,
                                setting_learning_keys[2].name,
                                NULL};
    const struct nnrun_layer *layer = &to->plugin->layer;
    char what[CONFIG_LAYER_TEXT];

    _Static_assert(sizeof also / sizeof also[0] == SETTING_LAYER_KEYS + SETTING_LEARNING_KEYS + 1,
                   "all keys of every layer are known");
    config_layer_text(from, what);
    config_apply(config, from->group, what, layer->settings, layer->setting_count, also, plugin_words(layer),
                 to->instance);
    read_learning(config, from, what, to);
}

/* The plugin of each layer that has one, its settings read. What is refused is added to `refused`. Returns -1
 * after setting error; what is wrong with the config it complains of. */
static int find_each_plugin(struct config *config, const struct config_layer *from, size_t count,
                            struct registry *registry, struct net_layer *to, struct error *refused,
                            struct error *error)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (struct net_layer){.name = from[i].name,
                                   .type = from[i].type,
                                   .input_count = from[i].input_count,
                                   .inputs = from[i].inputs};
    for (size_t i = 0; i < count; i++) {
        struct error why = {0};
        to[i].plugin = registry_find(registry, from[i].type, &why);
        if (!to[i].plugin && error_is_failure(&why))
            return error_move(&why, error);
        if (!to[i].plugin) {
            const bool some = has_plugins(config, registry);

            if (some)
                complain_missing(config, &from[i], registry, &why, refused);
            error_clear(&why);
            if (!some)
                return 0;
            continue;
        }
        to[i].instance = memory_array(1, to[i].plugin->layer.instance_size);
        if (!to[i].instance)
            return error_memory(error);
        if (leave_out(from[i].group, registry, to[i].plugin, error) != 0)
            return -1;
        read_layer(config, &from[i], &to[i]);
    }
    return 0;
}

static int find_plugins(struct config *config, const struct config_layer *from, size_t count,
                        struct registry *registry, struct net_layer *to, struct error *error)
{
    struct error refused = {0};
    const int result = find_each_plugin(config, from, count, registry, to, &refused, error);

    error_clear(&refused);
    return result;
}

/* Of a sample's shape: grey or in colours, as other systems write it. */
static bool is_channels_last(const struct nnrun_shape *shape)
{
    return shape->rank == 3 && (shape->dim[2] == 1 || shape->dim[2] == 3) && shape->dim[0] > 3;
}

/* What the layer was given, and by which layer. */
static void add_inputs(const struct config *config, const struct config_layer *from,
                       const struct net_fault *fault, char *text, size_t size)
{
    const char *const before = from[fault->layer].input_count == 0 ? "the layer before it, " : "";

    for (size_t k = 0; k < fault->input_count; k++) {
        const struct nnrun_shape *shape = &fault->input[k].shape;
        const size_t layer = fault->input[k].layer;
        char place[CONFIG_PLACE_TEXT];

        text_add(text, size, k ? ", " : "; ");
        if (layer == SIZE_MAX)
            text_add(text, size, "the network's input has");
        else
            text_add(text, size, "%s\"%.64s\" at %s%s gives", before, from[layer].name,
                     config_place_from(config, from[fault->layer].group, from[layer].group, place),
                     *before ? "," : "");
        for (int32_t i = 0; i < shape->rank; i++)
            text_add(text, size, "%s%d", i ? " x " : " ", (int)shape->dim[i]);
        text_add(text, size,
                 layer == SIZE_MAX && shape->rank == 3 ? " values (channels, height, width)" : " values");
        if (layer == SIZE_MAX && is_channels_last(shape))
            text_add(text, size, "; channels come first: input=[%d,%d,%d]", (int)shape->dim[2],
                     (int)shape->dim[0], (int)shape->dim[1]);
    }
}

/* Whether it is about the network's input, and the command line gave that. */
static bool is_input_changed(const struct config *config, const struct net_fault *fault)
{
    for (size_t k = 0; k < fault->input_count; k++)
        if (fault->input[k].layer == SIZE_MAX)
            return config_gives(config, "input");
    return false;
}

/* With the name that may have been meant for an unknown one. */
static void complain_fault(struct config *config, const struct net_layer *layers,
                           const struct config_layer *from, size_t count, const struct net_fault *fault)
{
    const struct config_layer *at = &from[fault->layer];
    const char **names = fault->unknown ? memory_array(count + 1, sizeof *names) : NULL, *near = NULL;
    char what[CONFIG_LAYER_TEXT], inputs[2 * CONFIG_LAYER_TEXT + CONFIG_PLACE_TEXT] = "";

    add_inputs(config, from, fault, inputs, sizeof inputs);
    for (size_t i = 0; names && i < count; i++)
        names[i] = layers[i].name;
    if (names) {
        names[count] = "input";
        near = nearest_word(fault->unknown, names, count + 1);
    }
    config_layer_text(at, what);
    if (is_input_changed(config, fault))
        config_complain(config, config_root(config), "", "input", "%s: %s%s%s%s", what, fault->setting,
                        *fault->setting ? ": " : "", fault->text, inputs);
    else
        config_complain(config, at->group, what, *fault->setting ? fault->setting : NULL, "%s%s%s%s%s",
                        fault->text, inputs, near ? "; did you mean \"" : "", near ? near : "",
                        near ? "\"?" : "");
    free(names);
}

static void complain_faults(struct config *config, const struct net_layer *layers,
                            const struct config_layer *from, size_t count, const struct net_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        if (faults->fault[i].layer == SIZE_MAX)
            config_complain(config, config_root(config), "", "network", "%s", faults->fault[i].text);
        else
            complain_fault(config, layers, from, count, &faults->fault[i]);
}

static const char *target_text(uint32_t target)
{
    return target == NNRUN_CLASS ? "classes" : target == NNRUN_LABELS ? "labels that are 0 or 1" : "numbers";
}

/* Names the loss layers there are. */
static void complain_no_loss(struct config *config, const struct config_layer *last,
                             struct registry *registry)
{
    struct error unused = {0};
    char what[CONFIG_LAYER_TEXT], losses[512] = "";
    size_t count = 0;
    const char *const *types;

    types = registry_types(registry, &count, &unused);
    for (size_t i = 0; types && i < count; i++) {
        const struct plugin *plugin = registry_find(registry, types[i], &unused);
        if (plugin && plugin->layer.target != NNRUN_NO_TARGET)
            text_add(losses, sizeof losses, "%s%s for %s", *losses ? ", " : ": ", types[i],
                     target_text(plugin->layer.target));
    }
    config_complain(config, last->group, config_layer_text(last, what), NULL,
                    "a network must end with a loss, and this layer is not one; add one of these after it%s",
                    losses);
    error_clear(&unused);
}

struct net *model_network(struct config *config, const struct settings *settings, struct registry *registry,
                          bool backward, struct error *error)
{
    const unsigned before = config_complaints(config);
    size_t count;
    const struct config_layer *from = config_layers(config, &count);
    struct net_layer *layers = memory_array(count, sizeof *layers);
    struct nnrun_shape input = {.rank = settings->input.count};
    const bool whole = config_complaints(config) == before; /* else a name of one left out would be missed */
    struct net_faults faults;
    struct net *net = NULL;
    bool handed_over = false;

    if (!layers) {
        error_memory(error);
        return NULL;
    }
    if (before == CONFIG_NO_COUNT || count == 0 ||
        find_plugins(config, from, count, registry, layers, error) != 0)
        goto done;
    if (config_complaints(config) > before || input.rank == 0) {
        if (whole && net_check_graph(layers, count, &faults, error) != 0)
            complain_faults(config, layers, from, count, &faults);
        goto done;
    }
    memcpy(input.dim, settings->input.value, sizeof input.dim[0] * (size_t)input.rank);
    if (net_shape_count(&input) == 0 || net_shape_count(&input) > SIZE_MAX / 1024) {
        config_complain(config, config_root(config), "", "input", "too large");
        goto done;
    }
    handed_over = true;
    net = net_create(&input, layers, count, backward, &faults, error);
    if (!net)
        complain_faults(config, layers, from, count, &faults);
    if (net && net->target == NNRUN_NO_TARGET)
        complain_no_loss(config, &from[count - 1], registry);
done:
    for (size_t i = 0; !handed_over && i < count; i++)
        free(layers[i].instance);
    free(layers);
    return net;
}
