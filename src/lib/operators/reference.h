/* reference.h: computes a graph by the definitions of its operators, in double, one sample at a time: slow and plain,
 * to hold other computations against; or, rounded to float after each operator, to hold against them. */
#ifndef OPERATORS_REFERENCE_H
#define OPERATORS_REFERENCE_H

#include "operators/graph.h"

/* The values of one thread. */
struct reference;

/* Of a graph that outlives it, its shapes set. NULL after setting error: no memory. */
struct reference *reference_create(const struct graph *graph, struct error *error);
void reference_destroy(struct reference *reference); /* NULL: nothing */

/* A value of the sample, in C order: an input is written by the caller, results are valid after reference_run. */
double *reference_value(struct reference *reference, size_t value);

void reference_run(struct reference *reference);

/* The same with each result rounded to float, as programs that read a file of the graph keep it: what that loses, however
 * well they sum within an operator, shows in the output. */
void reference_run_rounded(struct reference *reference);
#endif
