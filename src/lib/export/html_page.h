/* html_page.h: a network as one HTML file, which computes its graph in a script: drawn, dropped and pasted pictures, and rows
 * of numbers, are prepared as samples are and answered, with all that the layers give. It asks for nothing else, ever. */
#ifndef EXPORT_HTML_PAGE_H
#define EXPORT_HTML_PAGE_H

#include "export/export_facts.h"
#include "operators/graph.h"

/* The text in fresh memory, *size without its '\0', the same for equal graphs and facts. The page itself is in page/; in it
 * are the graph as JSON and its constants as floats in base64. NULL after setting error: out of memory, or a graph that a
 * browser cannot take (ERROR_CONFIG). */
void *html_page(const struct graph *graph, const struct export_facts *facts, size_t *size,
                struct error *error);

/* Whether such a file of ours begins with these bytes. [any thread] */
bool html_page_begins(const void *bytes, size_t size);
#endif
