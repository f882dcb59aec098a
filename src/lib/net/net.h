/* net.h: a planned network: graph, shapes, tensors and memory, and the run of one slice through it.
 *
 * A net is built once [setup] and constant from there on: any number of threads may run slices through it,
 * each with an arena of its own. Weights, gradients and arenas belong to the caller. */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/plugin.h"

enum {
    NET_BLOCK = 4096,      /* floats in a block of parameters: norms and updates go by them */
    NET_MOST_TENSORS = 64, /* of a layer */
    NET_MOST_INPUTS = 64,
    NET_NAME_TEXT = 64 /* bytes of a layer's name in a message */
};

/* A tensor of a layer. Weights that are learned come first in memory, those with weight decay before those without;
 * then the frozen ones. Each begins at a multiple of 16 floats, and the gaps are zero and stay zero. */
struct net_tensor {
    char *name;               /* "conv1.weight" */
    struct nnrun_tensor made; /* as the layer declared it; its `name` is not valid any more */
    size_t count;             /* floats */
    size_t offset;            /* floats, in the weights or (NNRUN_STATE) in the states */
    bool frozen;              /* its layer is */
};

/* Learned weights that lie side by side and have one factor. */
struct net_stretch {
    size_t end;    /* where it ends; it begins where the one before it does */
    double factor; /* of the learning rate */
};

/* How a node takes part in the run of one sample (net_one.h). Offsets are in bytes. */
struct net_one_part {
    size_t weight_bytes, weights_at; /* its weights in a form for this, and where in the net's */
    uint32_t weight_parts;           /* that make them */
    size_t scratch_bytes, scratch_at;
    size_t y_at; /* in the memory for one sample; SIZE_MAX: the output is there in lanes alone */
    bool spread; /* a layer that needs lanes reads the output */
};

struct net_node {
    char *name, *type;
    char *from; /* its name in a file of weights; NULL: that is its own */
    const struct plugin *plugin;
    void *instance;
    size_t input_count;
    size_t *inputs;           /* [input_count] values: 0 is the network's input, i + 1 the output of node i */
    struct nnrun_shape shape; /* of the output */
    size_t values;            /* floats of it, a sample */
    size_t first_tensor, tensor_count;
    size_t keep_bytes, scratch_bytes, backward_scratch_bytes;
    size_t derived_bytes, derived_at;      /* its derived weights, and where in the net's */
    uint32_t derived_parts, trained_parts; /* that make them; the first so many are for training too */
    struct net_one_part one;
    uint32_t random_words;
    double forward_flops, dx_flops, dw_flops; /* a sample; 0 for what is not wanted */
    const char *algorithm; /* in its plugin: how it takes fewer operations than that; NULL: it does not */
    uint32_t traits;       /* enum nnrun_trait; 0: nothing is known */
    bool in_place;         /* writes over its first input */
    bool frozen;           /* its weights and states stay as they are */
    double rate;           /* factor of the learning rate; a frozen layer's is not used */
    bool learns;           /* it or a layer before it learns: a gradient by its output is wanted */
    bool evaluates;        /* frozen, and no layer before it learns: it always runs as in evaluation */
    size_t parameters;     /* floats in its weights, without gaps */
    /* where things lie in an arena, in bytes */
    size_t y_at, dy_at, keep_at, scratch_at, back_scratch_at, random_at;
    size_t *dx_at; /* [input_count]; SIZE_MAX: not wanted */
    bool *dx_adds; /* [input_count]: dx_at is a place of its own, to be added to the value's gradient */
};

/* A stretch of an arena. Time counts the calls of a slice: node i runs forward at i and backward at
 * 2 node_count - 1 - i; 2 node_count is after them. */
enum net_buffer_kind {
    NET_VALUE,    /* the node's output, or the network's input */
    NET_GRADIENT, /* by that output */
    NET_SUMMAND,  /* a part of another node's gradient, to be added to it */
    NET_KEPT,     /* keep */
    NET_SCRATCH,
    NET_RANDOM
};
enum { NET_BUFFER_KINDS = 6 };

struct net_buffer {
    enum net_buffer_kind kind;
    size_t node;      /* whose it is; SIZE_MAX: the network's input */
    size_t at, bytes; /* in the arena */
    size_t from, to;  /* the first and the last call while it is alive */
    bool in_place;    /* it is written over another, which lives as long as it */
};

/* A part of a layer's derived weights: what one call makes. */
struct net_derivation {
    size_t node;
    uint32_t part;
};

struct net {
    struct nnrun_shape input;
    size_t input_values, input_at;
    struct net_node *nodes;  /* [node_count], in the order they run */
    size_t node_count, last; /* the node of the network's output is nodes[last] */
    struct net_tensor *tensors;
    size_t tensor_count;
    size_t decayed;         /* floats at the front of the weights to which decay applies */
    size_t learned;         /* floats at the front of the weights that are learned; the others are frozen */
    size_t weights, states; /* floats, gaps included; multiples of 16 */
    size_t parameters;      /* floats in weights, without gaps */
    size_t frozen;          /* so many of these are */
    struct net_stretch *stretches; /* [stretch_count], of the learned weights */
    size_t stretch_count;
    size_t arena_bytes;
    struct net_buffer *buffers; /* [buffer_count], what lies in an arena, for reports */
    size_t buffer_count;
    /* weights in other forms (net_derived.h) */
    size_t derived_bytes;
    struct net_derivation *derivations; /* [derivation_count]; the first so many are read in training too: */
    size_t derivation_count, trained_derivations;
    size_t frozen_derivations; /* of those, the first so many are of frozen layers */
    /* one sample without lanes (net_one.h) */
    size_t one_bytes,
        one_weight_bytes; /* of a thread's memory, beside an arena; of weights in a form for it */
    size_t one_input_at;  /* SIZE_MAX, one_spread_input: as of a node */
    bool one_spread_input;
    size_t largest_node; /* the one with the largest share of an arena and the weights, for messages */
    uint32_t target;     /* enum nnrun_target of the last layer */
    bool backward;
    unsigned level; /* of code: the highest that a layer has */
};

void net_destroy(struct net *net); /* NULL: nothing */

/* Initial values, a function of (seed, tensor name) alone. */
void net_initialise(const struct net *net, uint64_t seed, float *weights, float *states);

/* One slice. Lanes past `count` repeat the last sample in what the caller puts into net_input and target. */
struct net_slice {
    void *arena;    /* net->arena_bytes, 64-byte aligned, the thread's own */
    uint32_t count; /* samples, 1 .. 16 */
    bool training;
    bool first; /* the first slice of its group: gradients are stored */
    const float *weights, *states;
    const void *derived;  /* [net->derived_bytes] made of these weights; may be NULL if that is 0 */
    float *gradients;     /* [net->weights], the group's own */
    float *observations;  /* [net->states], the slice's own */
    const void *target;   /* see layer.h; NULL: probabilities only */
    float *loss;          /* [16] */
    const float *factors; /* [16] of the gradient of each sample's loss; NULL: 1 */
    uint64_t seed, step;  /* of the random words */
    uint32_t sample;      /* number in the step's batch of lane 0 */
};

/* Where the caller puts the samples: [net->input_values][16]. */
float *net_input(const struct net *net, void *arena);
/* The last layer's output: [values][16], valid until the arena is used again. */
const float *net_output(const struct net *net, void *arena);
/* A node's output, valid until the next node has run: it may write over it. */
const float *net_node_output(const struct net *net, size_t node, void *arena);

/* [worker] */
void net_forward(const struct net *net, const struct net_slice *slice);
/* After net_forward on the same arena with training set. [worker] */
void net_backward(const struct net *net, const struct net_slice *slice);

/* The parts of both, for those who look at them one by one: nodes forward in their order, then those that
 * learn backward in the opposite one. [worker] */
void net_forward_node(const struct net *net, size_t index, const struct net_slice *slice);
void net_backward_node(const struct net *net, size_t index, const struct net_slice *slice);

/* Runs net_forward and returns the first node whose output is not finite, node_count if all are. */
size_t net_find_nonfinite(const struct net *net, const struct net_slice *slice);

/* True if `outputs`, a value each `stride` floats, answer for a sample: each is finite. What is not is no class,
 * is no probability and is never right. [any thread] */
bool net_is_answer(const float *outputs, size_t values, size_t stride);

/* Values a sample of the last layer's target, which has the shape of its first input; 1: a class. */
size_t net_target_values(const struct net *net);

/* Values of a shape, or 0 if that does not fit. */
size_t net_shape_count(const struct nnrun_shape *shape);

/* "28x28", "6x5x5", "10" into a buffer; returns it. */
enum { NET_SHAPE_TEXT = 96 };
const char *net_shape_text(const struct nnrun_shape *shape, char text[NET_SHAPE_TEXT]);
#endif
