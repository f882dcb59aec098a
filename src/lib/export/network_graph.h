/* network_graph.h: a trained network as a graph of operators, from which each kind of file is made. */
#ifndef EXPORT_NETWORK_GRAPH_H
#define EXPORT_NETWORK_GRAPH_H

#include "model/model.h"
#include "operators/graph.h"
#include "train/train_state.h"

/* Its input, "input", is a sample as a data file has it: pixels from 0 to 255, or numbers; what turns these into inputs
 * of the network comes first. Its output is called "output" and is the result of an operator. The state's weights
 * outlive the graph. results[node_count], NULL: not wanted, are the values that the layers give. NULL after setting error
 * (ERROR_CONFIG: a layer does not describe itself, which is named). */
struct graph *network_graph(const struct model *model, const struct train_state *state, size_t *results,
                            struct error *error);
#endif
