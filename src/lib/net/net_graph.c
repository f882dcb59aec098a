/* net_graph.c: see net_graph.h. */
#include "net/net_graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* In `sources`, beside indices into the list. */
enum { FROM_INPUT = -1, UNKNOWN = -2 };

static long find_source(const struct net_layer *layers, size_t count, const char *name)
{
    if (strcmp(name, "input") == 0)
        return FROM_INPUT;
    for (size_t i = 0; i < count; i++)
        if (strcmp(layers[i].name, name) == 0)
            return (long)i;
    return UNKNOWN;
}

static void check_names(const struct net_layer *layers, size_t count, struct net_faults *faults)
{
    for (size_t i = 0; i < count; i++) {
        const long first = find_source(layers, count, layers[i].name);
        if (first == FROM_INPUT)
            net_fault_add(faults, i, "name", "\"input\" is the name of the network's input");
        else if (first != (long)i)
            net_fault_add(faults, i, "name", "another layer is called \"%s\"", layers[i].name);
    }
}

static size_t inputs_of(const struct net_layer *layer)
{
    return layer->input_count ? layer->input_count : 1;
}

static void check_input_count(const struct net_layer *layer, size_t i, struct net_faults *faults)
{
    const size_t given = inputs_of(layer);
    const int32_t least = layer->plugin->layer.min_inputs, most = layer->plugin->layer.max_inputs;

    if (given > NET_MOST_INPUTS)
        net_fault_add(faults, i, "inputs", "more than %d inputs", (int)NET_MOST_INPUTS);
    else if (given >= (size_t)least && given <= (size_t)most)
        return;
    else if (least == most)
        net_fault_add(faults, i, "inputs", "takes %d input%s, not %zu", (int)least,
                      text_plural((size_t)least), given);
    else
        net_fault_add(faults, i, "inputs", "takes %d to %d inputs, not %zu", (int)least, (int)most, given);
}

/* sources[i][k]: where input k of layer i comes from. False if that is unknown of one. */
static bool find_sources(const struct net_layer *layers, size_t count, long **sources,
                         struct net_faults *faults)
{
    bool known = true;

    for (size_t i = 0; i < count; i++) {
        const struct net_layer *layer = &layers[i];
        if (layer->plugin)
            check_input_count(layer, i, faults);
        for (size_t k = 0; k < inputs_of(layer); k++) {
            const size_t before = faults->count;
            sources[i][k] = layer->input_count ? find_source(layers, count, layer->inputs[k]) : (long)i - 1;
            if (sources[i][k] != UNKNOWN)
                continue;
            known = false;
            net_fault_add(faults, i, "inputs", "there is no layer \"%.*s%s\"", NET_NAME_TEXT,
                          layer->inputs[k], strlen(layer->inputs[k]) > NET_NAME_TEXT ? "..." : "");
            if (faults->count > before)
                faults->fault[before].unknown = layer->inputs[k];
        }
    }
    return known;
}

static void check_dead_ends(const struct net_layer *layers, size_t count, long *const *sources,
                            struct net_faults *faults)
{
    for (size_t i = 0; i + 1 < count; i++) {
        bool used = false;
        for (size_t j = 0; j < count && !used; j++)
            for (size_t k = 0; k < inputs_of(&layers[j]); k++)
                used = used || sources[j][k] == (long)i;
        if (!used)
            net_fault_add(faults, i, NULL, "nothing uses its output, and it is not the last layer");
    }
}

/* Moves layer i of the list to the end of the nodes. position[i]: its place there. */
static int append_node(struct net *net, const struct net_layer *layer, const long *sources,
                       const size_t *position, struct error *error)
{
    struct net_node *node = &net->nodes[net->node_count];

    node->plugin = layer->plugin;
    node->frozen = layer->frozen;
    node->rate = layer->rate > 0 ? layer->rate : 1;
    node->input_count = inputs_of(layer);
    node->name = memory_string(layer->name);
    node->type = memory_string(layer->type);
    node->inputs = memory_array(node->input_count, sizeof *node->inputs);
    node->dx_at = memory_array(node->input_count, sizeof *node->dx_at);
    node->dx_adds = memory_array(node->input_count, sizeof *node->dx_adds);
    net->node_count++;
    node->from = layer->from ? memory_string(layer->from) : NULL;
    if (!node->name || !node->type || (layer->from && !node->from) || !node->inputs || !node->dx_at ||
        !node->dx_adds)
        return error_memory(error);
    for (size_t k = 0; k < node->input_count; k++)
        node->inputs[k] = sources[k] < 0 ? 0 : position[sources[k]] + 1;
    return 0;
}

/* The first of the layers that this one waits for. */
static size_t waits_for(size_t layer, const struct net_layer *layers, long *const *sources,
                        const size_t *position)
{
    size_t k = 0;

    while (k + 1 < layers[layer].input_count &&
           (sources[layer][k] < 0 || position[sources[layer][k]] != SIZE_MAX))
        k++;
    return (size_t)sources[layer][k];
}

/* From a layer that waits back through those it waits for: after as many steps as there are layers, the walk
 * is on a cycle. Blames the first of the list that is on it, and names them all, each before what it takes.
 */
static int blame_cycle(size_t layer, const struct net_layer *layers, size_t count, long *const *sources,
                       const size_t *position, struct net_faults *faults)
{
    const size_t most = sizeof faults->fault->text - 2 * (NET_NAME_TEXT + 8);
    char names[sizeof faults->fault->text];
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
    return net_fault_add(faults, first, "inputs", "they form a cycle: %s%s <- %.*s", names,
                         layer == first ? "" : " <- ...", NET_NAME_TEXT, layers[first].name);
}

static int order_nodes(struct net *net, const struct net_layer *layers, size_t count, long *const *sources,
                       size_t *position, size_t *origin, struct net_faults *faults, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        position[i] = SIZE_MAX;
    while (net->node_count < count) {
        size_t waiting = SIZE_MAX;
        const size_t before = net->node_count;
        for (size_t i = 0; i < count; i++) {
            bool ready = position[i] == SIZE_MAX;
            for (size_t k = 0; ready && k < inputs_of(&layers[i]); k++)
                ready = sources[i][k] < 0 || position[sources[i][k]] != SIZE_MAX;
            if (!ready) {
                if (position[i] == SIZE_MAX && waiting == SIZE_MAX)
                    waiting = i;
                continue;
            }
            origin[net->node_count] = i;
            position[i] = net->node_count;
            if (append_node(net, &layers[i], sources[i], position, error) != 0)
                return -1;
        }
        if (net->node_count == before)
            return blame_cycle(waiting, layers, count, sources, position, faults);
    }
    net->last = position[count - 1];
    return 0;
}

int net_graph(struct net *net, const struct net_layer *layers, size_t count, size_t *origin,
              struct net_faults *faults, struct error *error)
{
    size_t *position = memory_array(count, sizeof *position);
    long **sources = memory_array(count, sizeof *sources);
    bool enough, known, sorted;

    net->nodes = memory_array(count, sizeof *net->nodes);
    enough = position && sources && net->nodes;
    for (size_t i = 0; enough && i < count; i++) {
        sources[i] = memory_array(inputs_of(&layers[i]), sizeof **sources);
        enough = sources[i] != NULL;
    }
    if (enough) {
        check_names(layers, count, faults);
        known = find_sources(layers, count, sources, faults);
        sorted = order_nodes(net, layers, count, sources, position, origin, faults, error) == 0;
        if (known && sorted) /* else it may be meant for one of those inputs */
            check_dead_ends(layers, count, sources, faults);
        enough = sorted || faults->count > 0;
    } else {
        error_memory(error);
    }
    for (size_t i = 0; sources && i < count; i++)
        free(sources[i]);
    free(sources);
    free(position);
    if (!enough)
        faults->count = 0;
    return enough && faults->count == 0 ? 0 : -1;
}
