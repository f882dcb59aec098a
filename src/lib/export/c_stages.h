/* c_stages.h: the operators of a graph as the functions of a C file, and where in memory their values lie. */
#ifndef EXPORT_C_STAGES_H
#define EXPORT_C_STAGES_H

#include "operators/graph.h"

enum { C_INPUT_PLACE = -1, C_OUTPUT_PLACE = -2 };

/* One function: an operator, then others that change its values one by one, then a pool that takes the rows of a
 * convolution as they come. Each of the parts may be missing. */
struct c_stage {
    const struct graph_operator *main, *pool; /* NULL: none */
    const struct graph_operator **chain; /* [chain_count]: of one value, and of its channel's constants */
    size_t chain_count;
    char *name;     /* what a C identifier may end with; no two are alike */
    size_t x, y;    /* x: the first input that is no constant */
    size_t scratch; /* floats */
    ptrdiff_t scratch_at;
};

struct c_stages {
    const struct graph *graph;
    struct c_stage *stages;
    size_t count;
    size_t input, output; /* values: of the graph, those that hold them */
    /* By value: */
    size_t *holder;     /* the value whose memory it shares; itself: none */
    ptrdiff_t *place;   /* in floats of the memory; C_INPUT_PLACE, C_OUTPUT_PLACE: the caller's */
    ptrdiff_t bytes_at; /* where an input of bytes becomes floats */
    size_t memory;      /* floats of it */
    const struct graph_operator **links; /* of all chains */
};

/* Of a graph with one input, its shapes set, which outlives them. Returns 0, or -1 after setting error. */
int c_stages_make(struct c_stages *stages, const struct graph *graph, struct error *error);
void c_stages_free(struct c_stages *stages);

/* Rows and columns that the convolution of a stage has all around its input. */
bool c_stage_is_padded(const struct graph_operator *one);

/* What a shape has of channels, and the values of each; those of a vector are channels. */
size_t c_channels(const struct nnrun_shape *shape);
size_t c_area(const struct nnrun_shape *shape);

/* The input of an operator of a chain that is not what goes through it; GRAPH_NO_VALUE: there is none. */
size_t c_link_constant(const struct graph *graph, const struct graph_operator *one);
#endif
