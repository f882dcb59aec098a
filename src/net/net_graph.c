/* net_graph.c: see net_graph.h. */
#include "net/net_graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

int net_fault_set(struct net_fault *fault, size_t layer, const char *setting, const char *format, ...)
{
    va_list args;

    fault->layer = layer;
    snprintf(fault->setting, sizeof fault->setting, "%s", setting ? setting : "");
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return -1;
}

/* Marks in `sources`: an index into the list, or the network's input. */
enum { FROM_INPUT = -1, UNKNOWN = -2 };

static long find(const struct net_layer *layers, size_t count, const char *name)
{
    if (strcmp(name, "input") == 0)
        return FROM_INPUT;
    for (size_t i = 0; i < count; i++)
        if (strcmp(layers[i].name, name) == 0)
            return (long)i;
    return UNKNOWN;
}

static int check_names(const struct net_layer *layers, size_t count, struct net_fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(layers[i].name, "input") == 0)
            return net_fault_set(fault, i, "name", "\"input\" is the name of the network's input");
        for (size_t j = 0; j < i; j++)
            if (strcmp(layers[i].name, layers[j].name) == 0)
                return net_fault_set(fault, i, "name", "another layer is called \"%s\"", layers[i].name);
    }
    return 0;
}

static int check_input_count(const struct net_layer *layer, size_t i, size_t given, struct net_fault *fault)
{
    const int32_t least = layer->plugin->layer.min_inputs, most = layer->plugin->layer.max_inputs;

    if (given > NET_MOST_INPUTS)
        return net_fault_set(fault, i, "inputs", "more than %d inputs", (int)NET_MOST_INPUTS);
    if (given >= (size_t)least && given <= (size_t)most)
        return 0;
    if (least == most)
        return net_fault_set(fault, i, "inputs", "takes %d input%s, not %zu", (int)least,
                             least == 1 ? "" : "s", given);
    return net_fault_set(fault, i, "inputs", "takes %d to %d inputs, not %zu", (int)least, (int)most, given);
}

/* sources[i][k]: where input k of layer i comes from. */
static int connect(const struct net_layer *layers, size_t count, long **sources, struct net_fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        const struct net_layer *layer = &layers[i];
        const size_t given = layer->input_count ? layer->input_count : 1;
        if (check_input_count(layer, i, given, fault) != 0)
            return -1;
        for (size_t k = 0; k < given; k++) {
            long from = (long)i - 1; /* FROM_INPUT for the first */
            if (layer->input_count)
                from = find(layers, count, layer->inputs[k]);
            if (from == UNKNOWN)
                return net_fault_set(fault, i, "inputs", "there is no layer \"%.*s\"", NET_NAME_TEXT,
                                     layer->inputs[k]);
            sources[i][k] = from;
        }
    }
    return 0;
}

static int check_dead_ends(const struct net_layer *layers, size_t count, long *const *sources,
                           struct net_fault *fault)
{
    for (size_t i = 0; i + 1 < count; i++) {
        bool used = false;
        for (size_t j = 0; j < count && !used; j++)
            for (size_t k = 0; k < (layers[j].input_count ? layers[j].input_count : 1); k++)
                used = used || sources[j][k] == (long)i;
        if (!used)
            return net_fault_set(fault, i, NULL, "nothing uses its output, and it is not the last layer");
    }
    return 0;
}

/* Moves layer i of the list to the end of the nodes. position[i]: its place there. */
static int place(struct net *net, const struct net_layer *layer, const long *sources, const size_t *position,
                 struct error *error)
{
    struct net_node *node = &net->nodes[net->node_count];

    node->plugin = layer->plugin;
    node->input_count = layer->input_count ? layer->input_count : 1;
    node->name = memory_string(layer->name);
    node->type = memory_string(layer->type);
    node->inputs = memory_array(node->input_count, sizeof *node->inputs);
    node->dx_at = memory_array(node->input_count, sizeof *node->dx_at);
    node->dx_adds = memory_array(node->input_count, sizeof *node->dx_adds);
    net->node_count++;
    if (!node->name || !node->type || !node->inputs || !node->dx_at || !node->dx_adds)
        return error_memory(error);
    for (size_t k = 0; k < node->input_count; k++)
        node->inputs[k] = sources[k] == FROM_INPUT ? 0 : position[sources[k]] + 1;
    return 0;
}

/* The first of the layers that this one waits for. */
static size_t waits_for(size_t layer, const struct net_layer *layers, long *const *sources,
                        const size_t *position)
{
    size_t k = 0;

    while (k + 1 < layers[layer].input_count &&
           (sources[layer][k] == FROM_INPUT || position[sources[layer][k]] != SIZE_MAX))
        k++;
    return (size_t)sources[layer][k];
}

/* From a layer that waits back through those it waits for: after as many steps as there are layers, the walk
 * is on a cycle. Blames the first of the list that is on it, and names them all, each before what it takes.
 */
static int blame_cycle(size_t layer, const struct net_layer *layers, size_t count, long *const *sources,
                       const size_t *position, struct net_fault *fault)
{
    const size_t most = sizeof fault->text - 2 * (NET_NAME_TEXT + 8);
    char names[sizeof fault->text];
    size_t first, used;

    for (size_t step = 0; step < count; step++)
        layer = waits_for(layer, layers, sources, position);
    first = layer;
    for (size_t next = waits_for(layer, layers, sources, position); next != layer;
         next = waits_for(next, layers, sources, position))
        first = next < first ? next : first;
    used = (size_t)snprintf(names, sizeof names, "%.*s", NET_NAME_TEXT, layers[first].name);
    for (layer = waits_for(first, layers, sources, position); layer != first && used < most;
         layer = waits_for(layer, layers, sources, position))
        used += (size_t)snprintf(names + used, sizeof names - used, " <- %.*s", NET_NAME_TEXT,
                                 layers[layer].name);
    return net_fault_set(fault, first, "inputs", "they form a cycle: %s%s <- %.*s", names,
                         layer == first ? "" : " <- ...", NET_NAME_TEXT, layers[first].name);
}

static int sort(struct net *net, const struct net_layer *layers, size_t count, long *const *sources,
                size_t *position, size_t *origin, struct net_fault *fault, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        position[i] = SIZE_MAX;
    while (net->node_count < count) {
        size_t waiting = SIZE_MAX;
        const size_t before = net->node_count;
        for (size_t i = 0; i < count; i++) {
            bool ready = position[i] == SIZE_MAX;
            for (size_t k = 0; ready && k < (layers[i].input_count ? layers[i].input_count : 1); k++)
                ready = sources[i][k] == FROM_INPUT || position[sources[i][k]] != SIZE_MAX;
            if (!ready) {
                if (position[i] == SIZE_MAX && waiting == SIZE_MAX)
                    waiting = i;
                continue;
            }
            origin[net->node_count] = i;
            position[i] = net->node_count;
            if (place(net, &layers[i], sources[i], position, error) != 0)
                return -1;
        }
        if (net->node_count == before)
            return blame_cycle(waiting, layers, count, sources, position, fault);
    }
    net->last = position[count - 1];
    return 0;
}

int net_graph(struct net *net, const struct net_layer *layers, size_t count, size_t *origin,
              struct net_fault *fault, struct error *error)
{
    size_t *position = memory_array(count, sizeof *position);
    long **sources = memory_array(count, sizeof *sources);
    int failed = -1;

    net->nodes = memory_array(count, sizeof *net->nodes);
    if (!position || !sources || !net->nodes) {
        error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (!(sources[i] =
                  memory_array(layers[i].input_count ? layers[i].input_count : 1, sizeof **sources))) {
            error_memory(error);
            goto done;
        }
    failed = check_names(layers, count, fault) || connect(layers, count, sources, fault) ||
             sort(net, layers, count, sources, position, origin, fault, error) ||
             check_dead_ends(layers, count, sources, fault);
done:
    for (size_t i = 0; i < count; i++) {
        /* a node that was placed owns its instance, the others' are freed here */
        if (net->nodes && position && sources && sources[i] && position[i] < net->node_count && !failed)
            net->nodes[position[i]].instance = layers[i].instance;
        else
            free(layers[i].instance);
        if (sources)
            free(sources[i]);
    }
    free(sources);
    free(position);
    return failed ? -1 : 0;
}
