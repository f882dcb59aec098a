/* layer_harness.h: runs one layer plugin by its ABI alone, without the core, in buffers that notice a write
 * outside.
 *
 *     struct harness h;
 *     harness_open(&h, folder, "conv");
 *     harness_set(&h, "filters", 6);
 *     harness_set2(&h, "kernel", 3, 5);
 *     if (harness_plan(&h, 1, &shape) == 0) { fill h.x[0], h.w[0], h.dy; harness_forward(&h, level); ... }
 *     harness_close(&h);
 *
 * A mistake of the test itself (no such plugin, no such setting, no memory) ends the program with a message.
 */
#ifndef TESTS_LAYER_HARNESS_H
#define TESTS_LAYER_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <nnrun/layer.h>

enum { HARNESS_INPUTS = 4, HARNESS_TENSORS = 8 };

struct harness {
    void *library;
    const struct nnrun_layer *layer;
    void *self;             /* the instance */
    char message[512];      /* why plan() failed: "setting: reason" */
    struct nnrun_plan plan; /* as the layer left it */
    struct nnrun_tensor tensor[HARNESS_TENSORS];
    int32_t tensors;
    struct nnrun_shape input[HARNESS_INPUTS];
    size_t x_floats[HARNESS_INPUTS], w_floats[HARNESS_TENSORS], y_floats; /* lanes included */
    /* the buffers a slice points to; y, dx, keep and scratch hold NaN before a call may write them */
    float *x[HARNESS_INPUTS], *dx[HARNESS_INPUTS], *w[HARNESS_TENSORS], *dw[HARNESS_TENSORS];
    float *y, *dy, *loss;
    int32_t *target; /* [lane], or what stands for as many floats as x[0] has */
    void *keep, *scratch, *backward_scratch;
    const struct nnrun_derived *maker; /* of derived, before each call; NULL: the layer has none */
    struct nnrun_derived_need need;
    void *derived;
    uint16_t *random;
    /* what the next call is told */
    uint32_t count;
    bool training, first, with_target, no_dx;
};

/* Loads FOLDER/TYPE.so; the settings have their defaults, required numbers are 0. */
void harness_open(struct harness *h, const char *folder, const char *type);
void harness_close(struct harness *h);

/* A number, the index of a choice, or a list of one or two numbers. */
void harness_set(struct harness *h, const char *key, double value);
void harness_set2(struct harness *h, const char *key, double first, double second);

/* Calls plan() and makes the buffers: x, w and dy hold numbers in [-1, 1), the rest zeros. 0, or -1 with
 * h->message. Settings and plan as above: count 16, training, first, no target, dx wanted. */
int harness_plan(struct harness *h, int32_t inputs, const struct nnrun_shape *input);

/* One call at a code level (or the next lower there is). Backward leaves dy out if with_target is set. dw is
 * as the test left it. */
void harness_forward(struct harness *h, int level);
void harness_backward(struct harness *h, int level);

/* True while nothing was written outside of the buffers. */
bool harness_intact(const struct harness *h);

/* The highest code level this processor runs. */
int harness_level(void);

/* Floats in [-1, 1), a function of seed and place. */
void harness_fill(float *to, size_t count, uint32_t seed);
#endif
