/* net_run.c: one slice forward and backward. */
#include <math.h>
#include <string.h>

#include "base/random_lanes.h"
#include "net/gradient_sum.h"
#include "net/net.h"
#include "net/net_watch.h"

/* Whether a node runs as in training. */
static bool trains(const struct net_node *node, const struct net_slice *slice)
{
    return slice->training && !node->evaluates;
}

/* The arrays of pointers a slice shows to a layer. */
struct view {
    struct nnrun_slice slice;
    const float *x[NET_MOST_INPUTS];
    float *dx[NET_MOST_INPUTS];
    const float *w[NET_MOST_TENSORS];
    float *dw[NET_MOST_TENSORS];
};

static float *arena_floats(const struct net_slice *slice, size_t offset)
{
    return offset == SIZE_MAX ? NULL : (float *)(void *)((char *)slice->arena + offset);
}

static float *value_floats(const struct net *net, const struct net_slice *slice, size_t value)
{
    return arena_floats(slice, value == 0 ? net->input_at : net->nodes[value - 1].y_at);
}

static void fill_view(struct view *view, const struct net *net, const struct net_node *node,
                      const struct net_slice *slice)
{
    struct nnrun_slice *seen = &view->slice;
    const bool training = trains(node, slice);

    for (size_t k = 0; k < node->input_count; k++)
        view->x[k] = value_floats(net, slice, node->inputs[k]);
    for (size_t i = 0; i < node->tensor_count; i++) {
        const struct net_tensor *tensor = &net->tensors[node->first_tensor + i];
        const bool state = tensor->made.role == NNRUN_STATE;
        view->w[i] = (state ? slice->states : slice->weights) + tensor->offset;
        if (training)
            view->dw[i] = (state ? slice->observations : slice->gradients) + tensor->offset;
    }
    memset(seen, 0, sizeof *seen);
    seen->count = slice->count;
    seen->training = training;
    seen->first = slice->first;
    seen->inputs = (uint32_t)node->input_count;
    seen->x = view->x;
    seen->y = arena_floats(slice, node->y_at);
    seen->w = view->w;
    seen->dw = training ? view->dw : NULL;
    seen->keep = training ? arena_floats(slice, node->keep_at) : NULL;
    if (node->derived_bytes)
        seen->derived = (const char *)slice->derived + node->derived_at;
    if (node == &net->nodes[net->last])
        seen->target = slice->target;
}

/* The words of lane l are those of sample `sample` + l: a function of (seed, layer, step, sample). */
static void draw_words(const struct net_node *node, const struct net_slice *slice, uint16_t *words)
{
    const uint32_t last[2] = {(uint32_t)slice->step, (uint32_t)(slice->step >> 32)};
    uint32_t sample[NNRUN_LANES];

    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++)
        sample[lane] = slice->sample + (lane < slice->count ? lane : slice->count - 1);
    random_lanes(node->plugin->level)(random_key(slice->seed, RANDOM_LAYER, node->name), 0, sample, last,
                                      node->random_words, words);
}

void net_forward_node(const struct net *net, size_t index, const struct net_slice *slice)
{
    const struct net_node *node = &net->nodes[index];
    struct view view;
    struct plugin_watch_entry *entry;

    fill_view(&view, net, node, slice);
    view.slice.loss = view.slice.target ? slice->loss : NULL;
    view.slice.scratch = arena_floats(slice, node->scratch_at);
    if (trains(node, slice) && node->random_words) {
        uint16_t *words = (uint16_t *)(void *)arena_floats(slice, node->random_at);
        draw_words(node, slice, words);
        view.slice.random = words;
    }
    entry = net_watch_begin(node, "forward", plugin_level_names[node->plugin->level], &view.slice);
    node->plugin->code.forward(node->instance, &view.slice);
    plugin_watch_end(entry);
}

float *net_input(const struct net *net, void *arena)
{
    return (float *)(void *)((char *)arena + net->input_at);
}

const float *net_output(const struct net *net, void *arena)
{
    return net_node_output(net, net->last, arena);
}

const float *net_node_output(const struct net *net, size_t node, void *arena)
{
    return (const float *)(const void *)((const char *)arena + net->nodes[node].y_at);
}

void net_forward(const struct net *net, const struct net_slice *slice)
{
    for (size_t i = 0; i < net->node_count; i++)
        net_forward_node(net, i, slice);
}

/* Layers that add to their gradients find them cleared on the first slice of a group. */
static void clear_gradients(const struct net *net, const struct net_node *node, const struct net_slice *slice)
{
    for (size_t i = node->first_tensor; i < node->first_tensor + node->tensor_count; i++)
        if (net->tensors[i].made.role == NNRUN_WEIGHT)
            memset(slice->gradients + net->tensors[i].offset, 0, net->tensors[i].count * sizeof(float));
}

/* The gradient of each sample's loss by the inputs of the loss, times its factor. */
static void weigh(const struct net *net, const struct net_node *node, float *const *dx, const float *factors)
{
    for (size_t k = 0; k < node->input_count; k++) {
        const size_t values =
            node->inputs[k] == 0 ? net->input_values : net->nodes[node->inputs[k] - 1].values;

        for (size_t i = 0; dx[k] && i < values; i++)
            for (size_t lane = 0; lane < NNRUN_LANES; lane++)
                dx[k][i * NNRUN_LANES + lane] *= factors[lane];
    }
}

void net_backward_node(const struct net *net, size_t index, const struct net_slice *slice)
{
    const struct net_node *node = &net->nodes[index];
    struct view view;
    struct plugin_watch_entry *entry;

    fill_view(&view, net, node, slice);
    view.slice.scratch = arena_floats(slice, node->back_scratch_at);
    view.slice.dx = view.dx;
    if (!view.slice.target)
        view.slice.dy = arena_floats(slice, node->dy_at);
    for (size_t k = 0; k < node->input_count; k++)
        view.dx[k] = arena_floats(slice, node->dx_at[k]);
    if (slice->first && !(node->plugin->layer.flags & NNRUN_STORES))
        clear_gradients(net, node, slice);
    entry = net_watch_begin(node, "backward", plugin_level_names[node->plugin->level], &view.slice);
    node->plugin->code.backward(node->instance, &view.slice);
    plugin_watch_end(entry);
    if (view.slice.target && slice->factors)
        weigh(net, node, view.dx, slice->factors);
    for (size_t k = 0; k < node->input_count; k++)
        if (node->dx_adds[k]) {
            const struct net_node *source = &net->nodes[node->inputs[k] - 1];
            gradient_sum(net->level)(arena_floats(slice, source->dy_at), view.dx[k],
                                     source->values * NNRUN_LANES);
        }
}

void net_backward(const struct net *net, const struct net_slice *slice)
{
    for (size_t i = net->node_count; i-- > 0;)
        if (net->nodes[i].learns)
            net_backward_node(net, i, slice);
}

bool net_is_answer(const float *outputs, size_t values, size_t stride)
{
    for (size_t i = 0; i < values; i++)
        if (!isfinite(outputs[i * stride]))
            return false;
    return true;
}

size_t net_find_nonfinite(const struct net *net, const struct net_slice *slice)
{
    for (size_t i = 0; i < net->node_count; i++) {
        net_forward_node(net, i, slice);
        if (!net_is_answer(arena_floats(slice, net->nodes[i].y_at), net->nodes[i].values * NNRUN_LANES, 1))
            return i;
    }
    return net->node_count;
}
