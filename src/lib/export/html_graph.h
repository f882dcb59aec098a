/* html_graph.h: a graph as JSON. */
#ifndef EXPORT_HTML_GRAPH_H
#define EXPORT_HTML_GRAPH_H

#include "operators/graph.h"

/* {"input": VALUE, "output": VALUE, "values": [{"shape": [...], "at": FLOAT}, ...], "operators": [{"type": ..., "inputs":
 * [VALUE or null, ...], "output": VALUE, ATTRIBUTE: ...}, ...]}, in fresh memory, ASCII. Values are known by number; a constant
 * begins `at` a float of all constants one after the other; attributes are there with their defaults. NULL after setting
 * error: no memory. */
char *html_graph(const struct graph *graph, struct error *error);
#endif
