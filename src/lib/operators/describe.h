/* describe.h: adds what a layer says of itself (struct nnrun_operators) to a graph. */
#ifndef OPERATORS_DESCRIBE_H
#define OPERATORS_DESCRIBE_H

#include "net/net.h"
#include "operators/graph.h"

struct description {
    const struct net_node *node; /* planned */
    const size_t *inputs;        /* [node->input_count] values of the graph */
    const struct net_tensor *tensors;
    const float *const *w; /* [node->tensor_count], of its tensors; they outlive the graph */
};

/* *output is the value that the layer gives, of its shape. Returns 0, or -1 after setting error (ERROR_CONFIG): the layer
 * has no description, says that it cannot be described, or its description is broken. Messages do not name it. */
int graph_describe(struct graph *graph, const struct description *description, size_t *output,
                   struct error *error);
#endif
