/* reference_call.h: one operator on one sample. */
#ifndef OPERATORS_REFERENCE_CALL_H
#define OPERATORS_REFERENCE_CALL_H

#include "operators/graph.h"

struct reference_call {
    const struct graph_operator *one;
    const double *x[OPERATOR_MOST_INPUTS]; /* NULL: left out */
    const struct nnrun_shape *x_shape[OPERATOR_MOST_INPUTS];
    double *y;
    const struct nnrun_shape *shape; /* of y */
    size_t count;                    /* values of y */
};
#endif
