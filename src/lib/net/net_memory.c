/* net_memory.c: see net_memory.h. Time runs from 0 (forward of the first node) to n - 1, then backward to 2n
 * - 1; node i runs forward at i and backward at 2n - 1 - i. */
#include "net/net_memory.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/net_pack.h"

enum { PADDING = 64 };

struct buffer {
    struct net_buffer shown;
    size_t *result[2];     /* where the offset is wanted */
    struct buffer *merged; /* shares the place of that one */
};

struct plan {
    struct buffer *buffers; /* values 0 .. n, gradients 0 .. n, then the rest */
    size_t count, most;
};

static struct buffer *owner_of(struct buffer *buffer)
{
    while (buffer->merged)
        buffer = buffer->merged;
    return buffer;
}

static void keep_alive_at(struct buffer *buffer, size_t time)
{
    struct net_buffer *place = &owner_of(buffer)->shown;

    if (time < place->from)
        place->from = time;
    if (time > place->to)
        place->to = time;
}

static bool is_alive(const struct buffer *buffer)
{
    return buffer->shown.from != SIZE_MAX;
}

static void share_place(struct buffer *buffer, struct buffer *into)
{
    buffer = owner_of(buffer);
    into = owner_of(into);
    if (buffer == into)
        return;
    if (is_alive(buffer)) {
        keep_alive_at(into, buffer->shown.from);
        keep_alive_at(into, buffer->shown.to);
    }
    buffer->merged = into;
    buffer->shown.in_place = true;
}

static struct buffer *append_buffer(struct plan *plan, enum net_buffer_kind kind, size_t bytes, size_t node,
                                    size_t *result)
{
    struct buffer *buffer = &plan->buffers[plan->count++];

    buffer->shown = (struct net_buffer){.kind = kind, .node = node, .bytes = bytes, .from = SIZE_MAX};
    buffer->result[0] = result;
    *result = SIZE_MAX;
    return buffer;
}

static void append_short_lived(struct plan *plan, enum net_buffer_kind kind, size_t bytes, size_t node,
                               size_t *result, size_t from, size_t to)
{
    struct buffer *buffer;

    *result = SIZE_MAX;
    if (bytes == 0)
        return;
    buffer = append_buffer(plan, kind, bytes, node, result);
    buffer->shown.from = from;
    buffer->shown.to = to;
}

static bool value_learns(const struct net *net, size_t value)
{
    return value > 0 && net->nodes[value - 1].learns;
}

/* Values: alive from the producer's forward to the last reader, forward or backward. */
static void set_lives_of_values(const struct net *net, struct plan *plan)
{
    const size_t n = net->node_count, end = 2 * n;

    keep_alive_at(&plan->buffers[0], 0);
    for (size_t i = 0; i < n; i++) {
        const struct net_node *node = &net->nodes[i];
        const uint32_t flags = net->backward && node->learns ? node->plugin->layer.flags : 0;
        struct buffer *y = &plan->buffers[i + 1];
        keep_alive_at(y, i);
        if (flags & NNRUN_READS_Y)
            keep_alive_at(y, end - 1 - i);
        for (size_t k = 0; k < node->input_count; k++) {
            keep_alive_at(&plan->buffers[node->inputs[k]], i);
            if (flags & NNRUN_READS_X)
                keep_alive_at(&plan->buffers[node->inputs[k]], end - 1 - i);
        }
    }
    keep_alive_at(&plan->buffers[net->last + 1], end);
}

static bool takes_twice(const struct net_node *node, size_t value)
{
    size_t times = 0;

    for (size_t k = 0; k < node->input_count; k++)
        times += node->inputs[k] == value;
    return times > 1;
}

static bool may_overwrite(const struct net_node *node)
{
    return (node->plugin->layer.flags & NNRUN_IN_PLACE) && !takes_twice(node, node->inputs[0]);
}

/* A layer may write over its first input if nobody reads that after it. */
static void choose_in_place(struct net *net, struct plan *plan)
{
    for (size_t i = 0; i < net->node_count; i++) {
        struct net_node *node = &net->nodes[i];
        const size_t x = node->inputs[0];
        node->in_place = may_overwrite(node) && owner_of(&plan->buffers[x])->shown.to == i;
        if (node->in_place)
            share_place(&plan->buffers[i + 1], &plan->buffers[x]);
    }
}

/* Gradients: written by the first consumer that runs backward (the last in order), over its own where it may; added to
 * by the others through a place of their own; alive until the producer has run backward. */
static void set_lives_of_gradients(struct net *net, struct plan *plan)
{
    const size_t n = net->node_count;
    struct buffer *gradients = &plan->buffers[n + 1];

    for (size_t i = n; i-- > 0;) {
        struct net_node *node = &net->nodes[i];
        const size_t now = 2 * n - 1 - i;
        for (size_t k = 0; k < node->input_count; k++) {
            const size_t x = node->inputs[k];
            node->dx_at[k] = SIZE_MAX;
            if (!value_learns(net, x))
                continue;
            if (!is_alive(&gradients[x])) {
                gradients[x].result[1] = &node->dx_at[k];
            } else {
                const size_t bytes = net->nodes[x - 1].values * NNRUN_LANES * sizeof(float);
                node->dx_adds[k] = true;
                append_short_lived(plan, NET_SUMMAND, bytes, i, &node->dx_at[k], now, now);
            }
            keep_alive_at(&gradients[x], now);
        }
        if (node->learns && i != net->last)
            keep_alive_at(&gradients[i + 1], now);
    }
    for (size_t i = 0; i < n; i++) {
        const struct net_node *node = &net->nodes[i];
        const size_t x = node->inputs[0];
        if (may_overwrite(node) && value_learns(net, x) && !node->dx_adds[0] && i != net->last)
            share_place(&gradients[i + 1], &gradients[x]);
    }
}

static void add_values(struct net *net, struct plan *plan)
{
    const size_t n = net->node_count;

    append_buffer(plan, NET_VALUE, net->input_values * NNRUN_LANES * sizeof(float), SIZE_MAX, &net->input_at);
    for (size_t i = 0; i < n; i++)
        append_buffer(plan, NET_VALUE, net->nodes[i].values * NNRUN_LANES * sizeof(float), i,
                      &net->nodes[i].y_at);
}

static int add_rest(struct net *net, struct plan *plan)
{
    const size_t n = net->node_count;

    for (size_t i = 0; i < n; i++) {
        struct net_node *node = &net->nodes[i];
        const size_t back = 2 * n - 1 - i;
        const size_t words = (size_t)node->random_words * NNRUN_LANES * sizeof(uint16_t);
        size_t keep, scratch, back_scratch;
        if (!size_add(node->keep_bytes, PADDING - 1, &keep) ||
            !size_add(node->scratch_bytes, PADDING - 1, &scratch) ||
            !size_add(node->backward_scratch_bytes, PADDING - 1, &back_scratch))
            return -1;
        keep = net->backward && !node->evaluates ? keep / PADDING * PADDING : 0;
        scratch = scratch / PADDING * PADDING;
        back_scratch = net->backward && node->learns ? back_scratch / PADDING * PADDING : 0;
        append_short_lived(plan, NET_KEPT, keep, i, &node->keep_at, i, node->learns ? back : i);
        append_short_lived(plan, NET_SCRATCH, scratch, i, &node->scratch_at, i, i);
        append_short_lived(plan, NET_SCRATCH, back_scratch, i, &node->back_scratch_at, back, back);
        append_short_lived(plan, NET_RANDOM,
                           net->backward && !node->evaluates ? (words + PADDING - 1) / PADDING * PADDING : 0,
                           i, &node->random_at, i, i);
    }
    return 0;
}

/* Packs what is alive and tells everyone where it lies. */
static int place_buffers(struct net *net, struct plan *plan, const size_t *origin, struct net_faults *faults,
                         struct error *error)
{
    struct net_buffer **wanted = memory_array(plan->count, sizeof(struct net_buffer *));
    size_t count = 0, largest = 0;
    int result = -1;

    net->buffers = memory_array(plan->count, sizeof *net->buffers);
    if (!wanted || !net->buffers) {
        error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->buffers[i].merged && is_alive(&plan->buffers[i]))
            wanted[count++] = &plan->buffers[i].shown;
    if (net_pack(wanted, count, 2 * net->node_count + 1, &net->arena_bytes, error) != 0)
        goto done;
    if (net->arena_bytes == SIZE_MAX) {
        net_fault_add(faults, origin[0], NULL, "the network is too large to plan");
        goto done;
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct buffer *buffer = &plan->buffers[i];
        if (!is_alive(buffer))
            continue;
        buffer->shown.at = owner_of(buffer)->shown.at;
        for (int r = 0; r < 2; r++)
            if (buffer->result[r])
                *buffer->result[r] = buffer->shown.at;
        if (buffer->shown.bytes > largest && buffer->shown.node != SIZE_MAX) {
            largest = buffer->shown.bytes;
            net->largest_node = buffer->shown.node;
        }
        net->buffers[net->buffer_count++] = buffer->shown;
    }
    result = 0;
done:
    free(wanted);
    return result;
}

int net_memory(struct net *net, const size_t *origin, struct net_faults *faults, struct error *error)
{
    const size_t n = net->node_count;
    size_t edges = 0, unused;
    struct plan plan = {0};
    int result;

    for (size_t i = 0; i < n; i++)
        edges += net->nodes[i].input_count;
    plan.most = 2 * (n + 1) + 4 * n + edges;
    plan.buffers = memory_array(plan.most, sizeof *plan.buffers);
    if (!plan.buffers)
        return error_memory(error);
    add_values(net, &plan);
    set_lives_of_values(net, &plan);
    choose_in_place(net, &plan);
    append_buffer(&plan, NET_GRADIENT, 1, SIZE_MAX, &unused); /* the input has none */
    for (size_t i = 0; i < n; i++)
        append_buffer(&plan, NET_GRADIENT, net->nodes[i].values * NNRUN_LANES * sizeof(float), i,
                      &net->nodes[i].dy_at);
    if (net->backward)
        set_lives_of_gradients(net, &plan);
    result = add_rest(net, &plan) == 0
                 ? place_buffers(net, &plan, origin, faults, error)
                 : net_fault_add(faults, origin[0], NULL, "the network is too large to plan");
    free(plan.buffers);
    return result;
}
