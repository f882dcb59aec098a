/* memory_plan.c: see memory_plan.h. */
#include "cli/memory_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "cli/column.h"
#include "cli/say.h"

enum { MOST_COLUMNS = 24 }; /* of a bar, for each direction */

static const char *const kind_names[NET_BUFFER_KINDS] = {
    [NET_VALUE] = "value", [NET_GRADIENT] = "gradient", [NET_SUMMAND] = "summand",
    [NET_KEPT] = "kept",   [NET_SCRATCH] = "scratch",   [NET_RANDOM] = "random"};

struct sums {
    size_t apart;   /* if no buffer shared its place */
    size_t fullest; /* the call while most is alive, the first of equals */
    size_t bytes;   /* alive then: */
    size_t kind[NET_BUFFER_KINDS];
};

static const char *layer_name(const struct net *net, const struct net_buffer *buffer)
{
    return buffer->node == SIZE_MAX ? "input" : net->nodes[buffer->node].name;
}

/* What is alive during a call; a buffer in another's place is that one. */
static void sum_at(const struct net *net, size_t time, struct sums *sums)
{
    sums->fullest = time;
    sums->bytes = 0;
    memset(sums->kind, 0, sizeof sums->kind);
    for (size_t i = 0; i < net->buffer_count; i++) {
        const struct net_buffer *buffer = &net->buffers[i];
        if (buffer->in_place || time < buffer->from || time > buffer->to)
            continue;
        sums->bytes += buffer->bytes;
        sums->kind[buffer->kind] += buffer->bytes;
    }
}

/* More is alive only where a buffer comes alive, so that those times are tried. */
static struct sums sum_up(const struct net *net)
{
    struct sums sums = {0}, now = {0};

    for (size_t time = 0; time < 2 * net->node_count; time++) {
        sum_at(net, time, &now);
        if (now.bytes > sums.bytes)
            sums = now;
    }
    for (size_t i = 0; i < net->buffer_count; i++)
        sums.apart += net->buffers[i].bytes;
    return sums;
}

/* The node that runs during a call, and in which direction. */
static const struct net_node *node_at(const struct net *net, size_t time, const char **direction)
{
    const bool forward = time < net->node_count;

    *direction = forward ? "forward" : "backward";
    return &net->nodes[forward ? time : 2 * net->node_count - 1 - time];
}

void memory_plan_print_sum(const struct net *net)
{
    const struct sums sums = sum_up(net);
    const char *direction, *separator = ": ";
    const struct net_node *node = node_at(net, sums.fullest, &direction);

    say(stdout, "        fullest in %s of %s", direction, node->name);
    for (int kind = 0; kind < NET_BUFFER_KINDS; kind++)
        if (sums.kind[kind]) {
            printf("%s%s %.1f", separator, kind_names[kind], (double)sums.kind[kind] / 1e3);
            separator = ", ";
        }
    printf(" kB\n        %.1f kB if no two buffers shared a place\n", (double)sums.apart / 1e3);
}

/* ---- the table ------------------------------------------------------------------------------------- */

static int by_birth(const void *a, const void *b)
{
    const struct net_buffer *x = *(const struct net_buffer *const *)a,
                            *y = *(const struct net_buffer *const *)b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x < y ? -1 : 1;
}

/* Marks the columns of one direction, each of which stands for one call or several. */
static void draw_bar(char *columns, size_t width, size_t calls, size_t first, const struct net_buffer *buffer)
{
    for (size_t column = 0; column < width; column++) {
        const size_t from = first + column * calls / width, to = first + (column + 1) * calls / width;
        columns[column] = buffer->from < to && buffer->to >= from ? '#' : '.';
    }
}

static void print_row(const struct net *net, const struct net_buffer *buffer, int name, size_t width)
{
    char size[32], forward[MOST_COLUMNS + 1] = "", backward[MOST_COLUMNS + 1] = "";

    if (buffer->in_place)
        snprintf(size, sizeof size, "in place");
    else
        snprintf(size, sizeof size, "%.1f", (double)buffer->bytes / 1e3);
    draw_bar(forward, width, net->node_count, 0, buffer);
    draw_bar(backward, width, net->node_count, net->node_count, buffer);
    column_left(layer_name(net, buffer), name);
    printf("  %-8s  %10s  %10.1f  %s|%s\n", kind_names[buffer->kind], size, (double)buffer->at / 1e3, forward,
           backward);
}

int memory_plan_print(const struct net *net, struct error *error)
{
    const struct net_buffer **order = memory_array(net->buffer_count, sizeof(const struct net_buffer *));
    const size_t width = net->node_count < MOST_COLUMNS ? net->node_count : MOST_COLUMNS;
    int name = 5;

    if (!order)
        return error_memory(error);
    for (size_t i = 0; i < net->buffer_count; i++) {
        name = column_wider(name, layer_name(net, &net->buffers[i]));
        order[i] = &net->buffers[i];
    }
    qsort(order, net->buffer_count, sizeof(const struct net_buffer *), by_birth);
    printf("%-*s  %-8s  %10s  %10s  %-*s %s\n", name, "layer", "buffer", "kB", "at kB", (int)width, "forward",
           "backward");
    for (size_t i = 0; i < net->buffer_count; i++)
        print_row(net, order[i], name, width);
    if (width == net->node_count)
        puts("#: alive during the call of a layer, forward in the order of the layers, then backward");
    else
        printf(
            "#: alive during one of %.1f calls of layers, forward in the order of the layers, then backward\n",
            (double)net->node_count / (double)width);
    free(order);
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------------ */

static json_t *fullest_json(const struct net *net, const struct sums *sums)
{
    const char *direction;
    const struct net_node *node = node_at(net, sums->fullest, &direction);
    json_t *object = json_pack("{s:o, s:s, s:I}", "layer", json_text(node->name), "direction", direction,
                               "bytes", (json_int_t)sums->bytes);
    int failed = 0;

    for (int kind = 0; kind < NET_BUFFER_KINDS; kind++)
        failed |= json_object_set_new(object, kind_names[kind], json_integer((json_int_t)sums->kind[kind]));
    return json_whole(object, failed);
}

json_t *memory_plan_json(const struct net *net)
{
    const struct sums sums = sum_up(net);
    json_t *buffers = json_array();
    int failed = 0;

    for (size_t i = 0; i < net->buffer_count; i++) {
        const struct net_buffer *buffer = &net->buffers[i];
        failed |= json_array_append_new(
            buffers,
            json_pack("{s:o, s:s, s:I, s:I, s:I, s:I, s:b}", "layer", json_text(layer_name(net, buffer)),
                      "kind", kind_names[buffer->kind], "bytes", (json_int_t)buffer->bytes, "at",
                      (json_int_t)buffer->at, "from", (json_int_t)buffer->from, "to", (json_int_t)buffer->to,
                      "in_place", buffer->in_place));
    }
    return json_pack("{s:I, s:I, s:o, s:o}", "bytes", (json_int_t)net->arena_bytes, "apart_bytes",
                     (json_int_t)sums.apart, "fullest", fullest_json(net, &sums), "buffers",
                     json_whole(buffers, failed));
}
