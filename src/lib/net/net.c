/* net.c: shapes, and the end of a network. */
#include "net/net.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

size_t net_shape_count(const struct nnrun_shape *shape)
{
    size_t count = 1;

    if (shape->rank < 1 || shape->rank > NNRUN_MAX_RANK)
        return 0;
    for (int32_t i = 0; i < shape->rank; i++)
        if (shape->dim[i] < 1 || !size_multiply(count, (size_t)shape->dim[i], &count))
            return 0;
    return count;
}

const char *net_shape_text(const struct nnrun_shape *shape, char text[NET_SHAPE_TEXT])
{
    size_t used = 0;

    text[0] = '\0';
    for (int32_t i = 0; i < shape->rank && used < NET_SHAPE_TEXT; i++)
        used +=
            (size_t)snprintf(text + used, NET_SHAPE_TEXT - used, "%s%d", i ? "x" : "", (int)shape->dim[i]);
    return text;
}

size_t net_target_values(const struct net *net)
{
    const struct net_node *last = &net->nodes[net->last];

    if (net->target < NNRUN_DENSE)
        return 1;
    return last->inputs[0] == 0 ? net->input_values : net->nodes[last->inputs[0] - 1].values;
}

void net_destroy(struct net *net)
{
    if (!net)
        return;
    for (size_t i = 0; i < net->node_count; i++) {
        struct net_node *node = &net->nodes[i];
        free(node->name);
        free(node->type);
        free(node->from);
        free(node->instance);
        free(node->inputs);
        free(node->dx_at);
        free(node->dx_adds);
    }
    for (size_t i = 0; i < net->tensor_count; i++)
        free(net->tensors[i].name);
    free(net->nodes);
    free(net->tensors);
    free(net->stretches);
    free(net->buffers);
    free(net->derivations);
    free(net);
}
