/* job_network.c: see job_network.h. */
#include "train/job_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Adds ", did you mean ..." or the list of types there are; nothing where that type is there and refused. */
static void complain_unknown(struct config *config, const struct config_layer *layer,
                             struct registry *registry, const struct error *why)
{
    struct error unused;
    char what[CONFIG_LAYER_TEXT], known[1024] = "";
    size_t count = 0, used = 0;
    const char *const *types = registry_types(registry, &count, &unused);
    const char *near = types ? config_nearest(layer->type, types, count) : NULL;

    if (near && strcmp(near, layer->type) != 0) {
        config_complain(config, layer->group, config_layer_text(layer, what), "type",
                        "%s, did you mean \"%s\"?", why->text, near);
        return;
    }
    for (size_t i = 0; !near && types && i < count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "; known: ", types[i]);
    config_complain(config, layer->group, config_layer_text(layer, what), "type", "%s%s", why->text, known);
}

/* Says so once, instead of for each layer. */
static bool has_plugins(struct config *config, struct registry *registry)
{
    struct error unused;
    size_t count = 0;

    error_init(&unused);
    if (!registry_types(registry, &count, &unused) || count > 0)
        return true;
    config_complain(
        config, config_root(config), "", "network",
        "no layer plugins found: set NNRUN_PLUGIN_PATH or use --plugin-path to name their folder");
    return false;
}

static int find_plugins(struct config *config, const struct config_layer *from, size_t count,
                        struct registry *registry, struct net_layer *to, struct error *error)
{
    static const char *const also[] = {"type", "name", "inputs", NULL};
    char what[CONFIG_LAYER_TEXT];
    int result = 0;

    for (size_t i = 0; i < count; i++) {
        struct error why;
        error_init(&why);
        to[i].name = from[i].name;
        to[i].type = from[i].type;
        to[i].input_count = from[i].input_count;
        to[i].inputs = from[i].inputs;
        to[i].plugin = registry_find(registry, from[i].type, &why);
        if (!to[i].plugin && why.status == STATUS_FAILED) {
            *error = why;
            return -1;
        }
        if (!to[i].plugin) {
            if (!has_plugins(config, registry))
                return -1;
            complain_unknown(config, &from[i], registry, &why);
            result = -1;
            continue;
        }
        to[i].instance = memory_array(1, to[i].plugin->layer.instance_size);
        if (!to[i].instance)
            return error_memory(error);
        config_apply(config, from[i].group, config_layer_text(&from[i], what), to[i].plugin->layer.settings,
                     to[i].plugin->layer.setting_count, also, to[i].instance);
    }
    return result;
}

static void complain_fault(struct config *config, const struct config_layer *layers,
                           const struct net_fault *fault)
{
    char what[CONFIG_LAYER_TEXT];

    if (fault->layer == SIZE_MAX)
        config_complain(config, config_root(config), "", "network", "%s", fault->text);
    else
        config_complain(config, layers[fault->layer].group, config_layer_text(&layers[fault->layer], what),
                        *fault->setting ? fault->setting : NULL, "%s", fault->text);
}

/* Names the loss layers there are. */
static void complain_no_loss(struct config *config, const struct config_layer *last,
                             struct registry *registry)
{
    struct error unused;
    char what[CONFIG_LAYER_TEXT], losses[512] = "";
    size_t count = 0, used = 0;
    const char *const *types;

    error_init(&unused);
    types = registry_types(registry, &count, &unused);
    for (size_t i = 0; types && i < count && used < sizeof losses; i++) {
        const struct plugin *plugin = registry_find(registry, types[i], &unused);
        if (plugin && plugin->layer.target != NNRUN_NO_TARGET)
            used += (size_t)snprintf(losses + used, sizeof losses - used, "%s%s",
                                     used ? ", " : "; losses: ", types[i]);
    }
    config_complain(config, last->group, config_layer_text(last, what), NULL,
                    "a network must end with a loss, and this is none%s", losses);
}

/* Complains of every input that is no layer's name, with the one that may have been meant. */
static int check_inputs(struct config *config, const struct config_layer *layers, size_t count,
                        struct error *error)
{
    const char **names = memory_array(count + 1, sizeof *names), *near;
    char what[CONFIG_LAYER_TEXT];

    if (!names)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        names[i] = layers[i].name;
    names[count] = "input";
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < layers[i].input_count; k++) {
            const char *input = layers[i].inputs[k];
            size_t j = 0;
            while (j <= count && strcmp(names[j], input) != 0)
                j++;
            if (j <= count)
                continue;
            near = config_nearest(input, names, count + 1);
            config_complain(config, layers[i].group, config_layer_text(&layers[i], what), "inputs",
                            "there is no layer \"%.64s%s\"%s%s%s", input, strlen(input) > 64 ? "..." : "",
                            near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        }
    free(names);
    return 0;
}

struct net *job_network(struct config *config, const struct settings *settings, struct registry *registry,
                        bool backward, struct error *error)
{
    const unsigned before = config_complaints(config);
    size_t count;
    const struct config_layer *from = config_layers(config, &count);
    struct net_layer *layers = memory_array(count, sizeof *layers);
    struct nnrun_shape input = {.rank = settings->input.count};
    struct net_fault fault;
    struct net *net = NULL;
    bool handed_over = false;

    if (!layers) {
        error_memory(error);
        return NULL;
    }
    /* where a layer had to be left out, its name would be missed too */
    if (config_complaints(config) == before && check_inputs(config, from, count, error) != 0)
        goto done;
    if (find_plugins(config, from, count, registry, layers, error) != 0 || count == 0 || input.rank == 0 ||
        config_complaints(config) > before)
        goto done;
    memcpy(input.dim, settings->input.value, sizeof input.dim[0] * (size_t)input.rank);
    if (net_shape_count(&input) == 0 || net_shape_count(&input) > SIZE_MAX / 1024) {
        config_complain(config, config_root(config), "", "input", "too large");
        goto done;
    }
    handed_over = true;
    net = net_create(&input, layers, count, backward, &fault, error);
    if (!net && *fault.text)
        complain_fault(config, from, &fault);
    if (net && net->target == NNRUN_NO_TARGET)
        complain_no_loss(config, &from[count - 1], registry);
done:
    for (size_t i = 0; !handed_over && i < count; i++)
        free(layers[i].instance);
    free(layers);
    return net;
}
