/* c_source.h: a graph as one file of C99, which is C++17, too, and needs no library but, for some operators, that of
 * mathematics. Weights are constant, memory is the caller's, and nothing is allocated. */
#ifndef EXPORT_C_SOURCE_H
#define EXPORT_C_SOURCE_H

#include "export/export_facts.h"
#include "operators/graph.h"

/* The text in fresh memory, *size without its '\0', the same for equal graphs and facts. All names begin with that of the
 * network. A test in the file has a few drawn samples, and the answers that the operators' definitions give. NULL after
 * setting error: ERROR_CONFIG, something of the graph cannot be said in C. */
void *c_source(const struct graph *graph, const struct export_facts *facts, size_t *size,
               struct error *error);

/* What names in the file begin with for a network of that name, and its macros. */
enum { C_NAME = 48 };
struct c_names {
    char plain[C_NAME], capitals[C_NAME];
};
struct c_names c_source_names(const char *name);
#endif
