/* operators.h: how layers describe themselves as operators of ONNX: what several of them share. */
#ifndef OPERATORS_H
#define OPERATORS_H
#include <nnrun/layer.h>

/* The first input. */
static inline int32_t describe_input(const void *self, struct nnrun_graph *graph)
{
    (void)self;
    return graph->x(graph, 0);
}

/* The first input with channels, height and width: ONNX knows no picture without channels. */
static inline int32_t describe_picture(struct nnrun_graph *graph)
{
    const struct nnrun_shape *shape = &graph->input[0];
    const int32_t x = graph->x(graph, 0);
    const struct nnrun_shape picture = {.rank = 3, .dim = {1, shape->dim[0], shape->dim[1]}};

    return shape->rank == 2 ? nnrun_reshape(graph, x, &picture) : x;
}

/* The first input as a vector. */
static inline int32_t describe_vector(struct nnrun_graph *graph)
{
    const int32_t x = graph->x(graph, 0);

    return graph->input[0].rank == 1 ? x : nnrun_apply1(graph, "Flatten", x);
}

/* y of describe_picture's or describe_vector's kind, in the input's own shape. */
static inline int32_t describe_back(struct nnrun_graph *graph, int32_t y, int32_t rank)
{
    return graph->input[0].rank == rank ? y : nnrun_reshape(graph, y, &graph->input[0]);
}
#endif
