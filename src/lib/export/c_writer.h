/* c_writer.h: what the parts of the writer of C files share. Text goes to a stream in memory, whose error is looked at once at
 * the end. */
#ifndef EXPORT_C_WRITER_H
#define EXPORT_C_WRITER_H

#include <stdio.h>

#include "export/c_stages.h"

struct c_writer {
    FILE *out;
    const char *name; /* of the network, an identifier */
    const struct c_stages *stages;
    int depth;       /* of blocks */
    size_t infinite; /* constants that are NaN or infinite, which C cannot write */
    bool no_memory;
};

/* A line at the depth under way; with a brace that opens a block; the brace that closes it. */
void c_line(struct c_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void c_open(struct c_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void c_close(struct c_writer *w);

/* Sets VARIABLE in a loop in steps, the last of which is moved back to fit. Nothing if one step is all: it is 0 then. */
void c_open_steps(struct c_writer *w, const char *variable, int count, int step);
void c_close_steps(struct c_writer *w, int count, int step);

/* A number as a literal of type float: the shortest that is read as the same. */
struct c_number {
    char text[32];
};
struct c_number c_number(struct c_writer *w, float number);

/* "static const float NAME[COUNT] = {...};" */
void c_write_numbers(struct c_writer *w, const char *name, const float *numbers, size_t count);

/* "1x28x28" */
void c_write_shape(struct c_writer *w, const struct nnrun_shape *shape);

/* A stage as a function. */
void c_write_stage(struct c_writer *w, const struct c_stage *stage);

/* Constants that the chain of a stage needs, as t0, t1 ... */
void c_write_chain_constants(struct c_writer *w, const struct c_stage *stage);

/* The chain's loops over `channels` of `area` values each from `x` to `y`, which may be the same. */
void c_write_chain(struct c_writer *w, const struct c_stage *stage, const char *x, const char *y,
                   size_t channels, size_t area);

/* The bodies of functions, without the chain but for that of convolutions with a pool. */
void c_write_convolution(struct c_writer *w, const struct c_stage *stage);
void c_write_pool(struct c_writer *w, const struct c_stage *stage);
void c_write_channels(struct c_writer *w, const struct c_stage *stage);
void c_write_product(struct c_writer *w, const struct c_stage *stage);
void c_write_broadcast(struct c_writer *w, const struct c_stage *stage);
void c_write_joined(struct c_writer *w, const struct c_stage *stage);
void c_write_softmax(struct c_writer *w, const struct c_stage *stage);
void c_write_normalization(struct c_writer *w, const struct c_stage *stage); /* LRN */

/* "v = " the cell if it is larger than v, or NaN, which stays; and where `also` holds, a condition that ends with "|| ". */
void c_write_largest(struct c_writer *w, const char *also, const char *cell);

/* "v = " what Add and its like make of two texts. */
void c_write_pair(struct c_writer *w, enum operator_kind kind, const char *a, const char *b);

/* An input of an operator; NULL: it is left out. */
static inline const struct graph_value *c_input(const struct c_writer *w, const struct graph_operator *one,
                                                size_t k)
{
    return k < one->input_count && one->inputs[k] != GRAPH_NO_VALUE
               ? &w->stages->graph->values[one->inputs[k]]
               : NULL;
}

static inline const struct graph_value *c_value(const struct c_writer *w, size_t value)
{
    return &w->stages->graph->values[value];
}
#endif
