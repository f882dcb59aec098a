/* net_one.c: see net_one.h. */
#include "net/net_one.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/net_pack.h"
#include "net/net_watch.h"

enum { MOST_PARTS = 4096, ALIGNMENT = 64 };

/* ---- what nodes want ----------------------------------------------------------------------------------- */

const char *net_one_ask(struct net_node *node)
{
    const struct nnrun_one *one = node->plugin->one;
    struct nnrun_one_need need = {0};
    struct plugin_watch_entry *entry;

    if (!one || !one->need)
        return NULL;
    entry = net_watch_begin(node, "need", NULL, NULL);
    one->need(node->instance, &need);
    plugin_watch_end(entry);
    if (need.flags)
        return "its need for one sample has unknown flags: the plugin may need a newer nnrun";
    if (need.weight_bytes && (need.parts < 1 || need.parts > MOST_PARTS || !one->make[0]))
        return "broken plugin: its weights for one sample do not have 1 to 4096 parts, or no make";
    if (need.weight_bytes > PTRDIFF_MAX - ALIGNMENT || need.scratch_bytes > PTRDIFF_MAX - ALIGNMENT)
        return "its weights or scratch for one sample are too large";
    node->one.weight_bytes = need.weight_bytes;
    node->one.weight_parts = need.weight_bytes ? need.parts : 0;
    node->one.scratch_bytes = need.scratch_bytes;
    return NULL;
}

/* ---- places -------------------------------------------------------------------------------------------- */

struct places {
    struct net_buffer *buffers; /* values 0 .. n, then the scratch of each node */
    struct net_buffer **wanted;
    size_t wanted_count;
};

/* Of so many values and what may be touched past their end. It fits: 16 times as many do. */
static size_t padded_bytes(size_t values)
{
    return ((values + NNRUN_ONE_SPARE) * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void want(struct places *places, size_t i, size_t time)
{
    struct net_buffer *buffer = &places->buffers[i];

    if (buffer->from == SIZE_MAX) {
        buffer->from = time;
        places->wanted[places->wanted_count++] = buffer;
    }
    buffer->to = time;
}

/* Who writes and reads a value without lanes, and who needs lanes. */
static void choose_forms(struct net *net, struct places *places)
{
    const size_t n = net->node_count;

    want(places, 0, 0);
    for (size_t i = 0; i < n; i++) {
        struct net_node *node = &net->nodes[i];
        const bool alone = node->plugin->one != NULL;
        for (size_t k = 0; k < node->input_count; k++) {
            const size_t value = node->inputs[k];
            if (alone && places->buffers[value].from == SIZE_MAX) /* that of a node with lanes */
                want(places, value, value - 1);
            if (alone)
                want(places, value, i);
            else if (value > 0)
                net->nodes[value - 1].one.spread = net->nodes[value - 1].plugin->one != NULL;
            else
                net->one_spread_input = true;
        }
        if (alone)
            want(places, i + 1, i);
        if (alone && node->one.scratch_bytes)
            want(places, n + 1 + i, i);
    }
    if (net->nodes[net->last].plugin->one)
        want(places, net->last + 1, n);
}

static int lay_out_values(struct net *net, struct places *places, struct error *error)
{
    const size_t n = net->node_count;

    for (size_t i = 0; i < 2 * n + 1; i++)
        places->buffers[i] = (struct net_buffer){.from = SIZE_MAX, .at = SIZE_MAX};
    places->buffers[0].bytes = padded_bytes(net->input_values);
    for (size_t i = 0; i < n; i++) {
        places->buffers[i + 1].bytes = padded_bytes(net->nodes[i].values);
        places->buffers[n + 1 + i].bytes =
            (net->nodes[i].one.scratch_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    choose_forms(net, places);
    if (net_pack(places->wanted, places->wanted_count, n + 1, &net->one_bytes, error) != 0)
        return -1;
    net->one_input_at = places->buffers[0].at;
    for (size_t i = 0; i < n; i++) {
        net->nodes[i].one.y_at = places->buffers[i + 1].at;
        net->nodes[i].one.scratch_at = places->buffers[n + 1 + i].at;
    }
    return 0;
}

int net_one_lay_out(struct net *net, struct net_faults *faults, struct error *error)
{
    const size_t most = 2 * net->node_count + 1;
    struct places places = {.buffers = memory_array(most, sizeof *places.buffers),
                            .wanted = memory_array(most, sizeof *places.wanted)};
    bool fits = true;
    int result = -1;

    if (places.buffers && places.wanted)
        result = lay_out_values(net, &places, error);
    else
        error_memory(error);
    free(places.buffers);
    free(places.wanted);
    for (size_t i = 0; i < net->node_count; i++) {
        struct net_one_part *one = &net->nodes[i].one;
        one->weights_at = net->one_weight_bytes;
        fits = fits &&
               size_add(net->one_weight_bytes, (one->weight_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT,
                        &net->one_weight_bytes);
    }
    if (result == 0 && (!fits || net->one_bytes == SIZE_MAX))
        return net_fault_add(faults, SIZE_MAX, NULL, "the network is too large for one sample alone");
    return result;
}

/* ---- weights ------------------------------------------------------------------------------------------- */

static void fill_tensors(const struct net *net, const struct net_node *node, const float *weights,
                         const float *states, const float *w[NET_MOST_TENSORS])
{
    for (size_t i = 0; i < node->tensor_count; i++) {
        const struct net_tensor *tensor = &net->tensors[node->first_tensor + i];
        w[i] = (tensor->made.role == NNRUN_STATE ? states : weights) + tensor->offset;
    }
}

static void make_node(const struct net *net, const struct net_node *node, const float *weights,
                      const float *states, void *made)
{
    const struct plugin *plugin = node->plugin;
    const unsigned level = plugin->one_make_level;
    const float *w[NET_MOST_TENSORS];

    fill_tensors(net, node, weights, states, w);
    for (uint32_t part = 0; part < node->one.weight_parts; part++) {
        struct plugin_watch_entry *entry =
            net_watch_begin(node, "make for one sample", plugin_level_names[level], NULL);
        plugin->one->make[level](node->instance, w, (char *)made + node->one.weights_at, part);
        plugin_watch_end(entry);
    }
}

void net_one_make(const struct net *net, const float *weights, const float *states, void *made)
{
    for (size_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].one.weight_parts > 0)
            make_node(net, &net->nodes[i], weights, states, made);
}

/* ---- the run ------------------------------------------------------------------------------------------- */

static float *floats_at(void *memory, size_t at)
{
    return (float *)(void *)((char *)memory + at);
}

/* A value without lanes. */
static float *value_alone(const struct net *net, const struct net_one_run *run, size_t value)
{
    return floats_at(run->memory, value == 0 ? net->one_input_at : net->nodes[value - 1].one.y_at);
}

static void spread(const float *from, size_t values, float *to)
{
    for (size_t i = 0; i < values; i++)
        for (size_t lane = 0; lane < NNRUN_LANES; lane++)
            to[i * NNRUN_LANES + lane] = from[i];
}

static void take_first(const float *from, size_t values, float *to)
{
    for (size_t i = 0; i < values; i++)
        to[i] = from[i * NNRUN_LANES];
}

float *net_one_input(const struct net *net, void *memory)
{
    return floats_at(memory, net->one_input_at);
}

void net_one_begin(const struct net *net, const struct net_one_run *run)
{
    if (net->one_spread_input)
        spread(net_one_input(net, run->memory), net->input_values, net_input(net, run->slice.arena));
}

static void run_alone(const struct net *net, const struct net_node *node, const struct net_one_run *run)
{
    const struct plugin *plugin = node->plugin;
    const float *x[NET_MOST_INPUTS], *w[NET_MOST_TENSORS];
    struct nnrun_one_sample sample = {
        .inputs = (uint32_t)node->input_count, .x = x, .y = floats_at(run->memory, node->one.y_at), .w = w};
    struct plugin_watch_entry *entry;

    for (size_t k = 0; k < node->input_count; k++)
        x[k] = value_alone(net, run, node->inputs[k]);
    fill_tensors(net, node, run->slice.weights, run->slice.states, w);
    if (node->derived_bytes)
        sample.derived = (const char *)run->slice.derived + node->derived_at;
    if (node->one.weight_bytes)
        sample.weights = (const char *)run->made + node->one.weights_at;
    if (node->one.scratch_bytes)
        sample.scratch = floats_at(run->memory, node->one.scratch_at);
    entry = net_watch_begin(node, "forward for one sample", plugin_level_names[plugin->one_level], NULL);
    plugin->one->forward[plugin->one_level](node->instance, &sample);
    plugin_watch_end(entry);
}

void net_one_forward_node(const struct net *net, size_t index, const struct net_one_run *run)
{
    const struct net_node *node = &net->nodes[index];

    if (node->plugin->one) {
        run_alone(net, node, run);
        if (node->one.spread)
            spread(value_alone(net, run, index + 1), node->values, floats_at(run->slice.arena, node->y_at));
        return;
    }
    net_forward_node(net, index, &run->slice);
    if (node->one.y_at != SIZE_MAX)
        take_first(net_node_output(net, index, run->slice.arena), node->values,
                   value_alone(net, run, index + 1));
}

void net_one_output(const struct net *net, size_t index, const struct net_one_run *run, float *to)
{
    const struct net_node *node = &net->nodes[index];

    if (node->plugin->one)
        memcpy(to, floats_at(run->memory, node->one.y_at), node->values * sizeof *to);
    else
        take_first(net_node_output(net, index, run->slice.arena), node->values, to);
}
