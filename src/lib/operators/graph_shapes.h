/* graph_shapes.h: which shapes the operators of a graph give, by ONNX's rules as far as these apply to samples. */
#ifndef OPERATORS_GRAPH_SHAPES_H
#define OPERATORS_GRAPH_SHAPES_H

#include "operators/graph.h"

/* Sets the shape of the result of each operator from number `first` on, and counts its axis from the front. Returns 0,
 * or -1 after setting error (ERROR_CONFIG): inputs or attributes do not fit the operator. */
int graph_shapes(struct graph *graph, size_t first, struct error *error);
#endif
