/* net_memory.c: see net_memory.h. Time runs from 0 (forward of the first node) to n - 1, then backward to 2n
 * - 1; node i runs forward at i and backward at 2n - 1 - i. */
#include "net/net_memory.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/net_graph.h"

enum { PADDING = 64 };

struct buffer {
    size_t bytes;
    size_t from, to; /* alive, both ends included */
    size_t at;
    size_t node;           /* whose it is, for messages */
    size_t *result[2];     /* where the offset is wanted */
    struct buffer *merged; /* shares the place of that one */
};

struct plan {
    struct buffer *buffers; /* values 0 .. n, gradients 0 .. n, then the rest */
    size_t count, most;
};

static struct buffer *root(struct buffer *buffer)
{
    while (buffer->merged)
        buffer = buffer->merged;
    return buffer;
}

static void touch(struct buffer *buffer, size_t time)
{
    buffer = root(buffer);
    if (time < buffer->from)
        buffer->from = time;
    if (time > buffer->to)
        buffer->to = time;
}

static void merge(struct buffer *buffer, struct buffer *into)
{
    buffer = root(buffer);
    into = root(into);
    if (buffer == into)
        return;
    if (buffer->from <= buffer->to) {
        touch(into, buffer->from);
        touch(into, buffer->to);
    }
    buffer->merged = into;
}

static struct buffer *new_buffer(struct plan *plan, size_t bytes, size_t node, size_t *result)
{
    struct buffer *buffer = &plan->buffers[plan->count++];

    buffer->bytes = bytes;
    buffer->from = SIZE_MAX;
    buffer->to = 0;
    buffer->node = node;
    buffer->result[0] = result;
    *result = SIZE_MAX;
    return buffer;
}

static void add_short(struct plan *plan, size_t bytes, size_t node, size_t *result, size_t from, size_t to)
{
    struct buffer *buffer;

    *result = SIZE_MAX;
    if (bytes == 0)
        return;
    buffer = new_buffer(plan, bytes, node, result);
    buffer->from = from;
    buffer->to = to;
}

static size_t consumers(const struct net *net, size_t value)
{
    size_t count = 0;

    for (size_t i = 0; i < net->node_count; i++)
        for (size_t k = 0; k < net->nodes[i].input_count; k++)
            count += net->nodes[i].inputs[k] == value;
    return count;
}

static bool value_learns(const struct net *net, size_t value)
{
    return value > 0 && net->nodes[value - 1].learns;
}

/* Values: alive from the producer's forward to the last reader. */
static void live_values(const struct net *net, struct plan *plan)
{
    const size_t n = net->node_count, end = 2 * n;

    touch(&plan->buffers[0], 0);
    for (size_t i = 0; i < n; i++) {
        const struct net_node *node = &net->nodes[i];
        const uint32_t flags = node->plugin->layer.flags;
        struct buffer *y = &plan->buffers[i + 1];
        touch(y, i);
        if (net->backward && (flags & NNRUN_READS_Y))
            touch(y, end - 1 - i);
        for (size_t k = 0; k < node->input_count; k++) {
            touch(&plan->buffers[node->inputs[k]], i);
            if (net->backward && (flags & NNRUN_READS_X))
                touch(&plan->buffers[node->inputs[k]], end - 1 - i);
        }
    }
    touch(&plan->buffers[net->last + 1], end);
}

/* A layer may write over its input if nobody reads that any more. */
static void choose_in_place(struct net *net, const size_t *uses, struct plan *plan)
{
    for (size_t i = 0; i < net->node_count; i++) {
        struct net_node *node = &net->nodes[i];
        const uint32_t flags = node->plugin->layer.flags;
        const size_t x = node->inputs[0];
        bool overwritten;
        if (!(flags & NNRUN_IN_PLACE) || node->input_count != 1 || uses[x] != 1)
            continue;
        overwritten = net->backward && ((flags & NNRUN_READS_X) ||
                                        (x > 0 && (net->nodes[x - 1].plugin->layer.flags & NNRUN_READS_Y)));
        if (overwritten)
            continue;
        node->in_place = true;
        merge(&plan->buffers[i + 1], &plan->buffers[x]);
    }
}

/* Gradients: written by the first consumer that runs backward (the last in order), added to by the others
 * through a place of their own, alive until the producer has run backward. */
static void live_gradients(struct net *net, const size_t *uses, struct plan *plan)
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
            if (gradients[x].from == SIZE_MAX) {
                gradients[x].result[1] = &node->dx_at[k];
            } else {
                const size_t bytes = net->nodes[x - 1].values * NNRUN_LANES * sizeof(float);
                node->dx_adds[k] = true;
                add_short(plan, bytes, i, &node->dx_at[k], now, now);
            }
            touch(&gradients[x], now);
        }
        if (node->learns && i != net->last)
            touch(&gradients[i + 1], now);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t x = net->nodes[i].inputs[0];
        if (net->nodes[i].in_place && uses[x] == 1 && value_learns(net, x) && i != net->last)
            merge(&gradients[i + 1], &gradients[x]);
    }
}

static int by_size(const void *a, const void *b)
{
    const struct buffer *x = *(struct buffer *const *)a, *y = *(struct buffer *const *)b;

    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x < y ? -1 : 1;
}

/* Largest first, each at the lowest place free for its time. `placed` is kept sorted by place. */
static int pack(struct plan *plan, struct buffer **order, size_t *arena, size_t *largest)
{
    struct buffer **placed = order + plan->count;
    size_t wanted = 0, count = 0;

    for (size_t i = 0; i < plan->count; i++)
        if (!plan->buffers[i].merged && plan->buffers[i].from != SIZE_MAX)
            order[wanted++] = &plan->buffers[i];
    qsort(order, wanted, sizeof *order, by_size);
    *arena = 0;
    *largest = wanted ? order[0]->node : 0;
    for (size_t i = 0; i < wanted; i++) {
        struct buffer *buffer = order[i];
        size_t at = 0, end, slot;
        for (size_t j = 0; j < count; j++) {
            const struct buffer *other = placed[j];
            if (other->from > buffer->to || other->to < buffer->from || other->at + other->bytes <= at)
                continue;
            if (other->at >= at && other->at - at >= buffer->bytes)
                break;
            at = other->at + other->bytes;
        }
        if (!size_add(at, buffer->bytes, &end))
            return -1;
        buffer->at = at;
        *arena = end > *arena ? end : *arena;
        for (slot = count++; slot > 0 && placed[slot - 1]->at > at; slot--)
            placed[slot] = placed[slot - 1];
        placed[slot] = buffer;
    }
    return 0;
}

static void make_values(struct net *net, struct plan *plan)
{
    const size_t n = net->node_count;

    new_buffer(plan, net->input_values * NNRUN_LANES * sizeof(float), 0, &net->input_at);
    for (size_t i = 0; i < n; i++)
        new_buffer(plan, net->nodes[i].values * NNRUN_LANES * sizeof(float), i, &net->nodes[i].y_at);
    plan->count = n + 1;
}

static int make_rest(struct net *net, struct plan *plan)
{
    const size_t n = net->node_count;

    for (size_t i = 0; i < n; i++) {
        struct net_node *node = &net->nodes[i];
        const size_t back = 2 * n - 1 - i;
        const size_t words = (size_t)node->random_words * NNRUN_LANES * sizeof(uint16_t);
        size_t keep, scratch;
        if (!size_add(node->keep_bytes, PADDING - 1, &keep) ||
            !size_add(node->scratch_bytes, PADDING - 1, &scratch))
            return -1;
        keep = net->backward ? keep / PADDING * PADDING : 0;
        scratch = scratch / PADDING * PADDING;
        add_short(plan, keep, i, &node->keep_at, i, back);
        add_short(plan, scratch, i, &node->scratch_at, i, i);
        add_short(plan, net->backward ? scratch : 0, i, &node->back_scratch_at, back, back);
        add_short(plan, net->backward ? (words + PADDING - 1) / PADDING * PADDING : 0, i, &node->random_at, i,
                  i);
    }
    return 0;
}

int net_memory(struct net *net, const size_t *origin, struct net_fault *fault, struct error *error)
{
    const size_t n = net->node_count;
    size_t edges = 0, unused;
    struct plan plan = {0};
    struct buffer **order = NULL;
    size_t *uses = memory_array(n + 1, sizeof *uses);
    int result = -1;

    for (size_t i = 0; i < n; i++)
        edges += net->nodes[i].input_count;
    plan.most = 2 * (n + 1) + 4 * n + edges;
    plan.buffers = memory_array(plan.most, sizeof *plan.buffers);
    order = memory_array(plan.most * 2, sizeof(struct buffer *));
    if (!uses || !plan.buffers || !order) {
        error_memory(error);
        goto done;
    }
    for (size_t v = 0; v <= n; v++)
        uses[v] = consumers(net, v);
    make_values(net, &plan);
    live_values(net, &plan);
    choose_in_place(net, uses, &plan);
    new_buffer(&plan, 1, 0, &unused)->from = SIZE_MAX; /* the input has no gradient */
    for (size_t i = 0; i < n; i++)
        new_buffer(&plan, net->nodes[i].values * NNRUN_LANES * sizeof(float), i, &net->nodes[i].dy_at);
    if (net->backward)
        live_gradients(net, uses, &plan);
    if (make_rest(net, &plan) != 0 || pack(&plan, order, &net->arena_bytes, &net->largest_node) != 0) {
        result = net_fault_set(fault, origin[0], NULL, "the network is too large to plan");
        goto done;
    }
    for (size_t i = 0; i < plan.count; i++) {
        const struct buffer *place = root(&plan.buffers[i]);
        for (int r = 0; r < 2; r++)
            if (plan.buffers[i].result[r] && place->from != SIZE_MAX)
                *plan.buffers[i].result[r] = place->at;
    }
    result = 0;
done:
    free(order);
    free(plan.buffers);
    free(uses);
    return result;
}
