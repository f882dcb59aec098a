/* rig.h: one layer in guarded buffers of its own, filled with drawn data. */
#ifndef CHECK_RIG_H
#define CHECK_RIG_H

#include "base/error.h"
#include "check/failure.h"
#include "check/guarded.h"
#include "net/net.h"

enum { RIG_ALL_LANES = 0xffff };

enum rig_kind { RIG_Y = 1, RIG_LOSS = 2, RIG_DX = 4, RIG_DW = 8, RIG_OBSERVATION = 16, RIG_RESULTS = 31 };

/* A part of a snapshot, the results of a call: what one buffer held. */
struct section {
    enum rig_kind kind;
    struct guarded *buffer;
    size_t at, count; /* floats */
    bool lanes;       /* [count / 16][16] */
};

struct rig {
    const struct net *net;
    const struct net_node *node;
    const struct nnrun_layer *layer;
    const struct net_tensor *tensor;
    size_t inputs, tensors;
    struct guarded x[NET_MOST_INPUTS], dx[NET_MOST_INPUTS], w[NET_MOST_TENSORS], dw[NET_MOST_TENSORS];
    struct guarded y, dy, target, loss, keep, scratch, backward_scratch, random, hidden;
    struct guarded making, derived; /* where they are made, where they are read */
    unsigned char *instance;        /* as it was after plan() */
    unsigned char *kept;            /* as forward left keep */
    unsigned char *fma_derived;     /* those of the first level that has FMA */
    bool have_derived;
    struct section section[2 + NET_MOST_INPUTS + NET_MOST_TENSORS]; /* y, loss, each dx, each dw */
    size_t sections, floats;                                        /* of a snapshot */
    /* the level and mode under test and what is wrong with the layer */
    unsigned level;
    bool as_loss;
    struct failure_list *failures;
};

/* NULL after setting error. */
struct rig *rig_create(const struct net *net, const struct net_node *node, struct failure_list *failures,
                       struct error *error);
void rig_destroy(struct rig *rig); /* NULL: nothing */

/* Draws x, dy, targets and random words of the lanes in `lanes`; equal `variant`, equal numbers. */
void rig_draw(struct rig *rig, uint32_t lanes, uint32_t variant);

/* low + (high - low) * u for the floats of the lanes chosen, from the buffer's name and `variant`. */
void rig_draw_floats(struct guarded *buffer, uint32_t lanes, uint32_t variant, float low, float high);

/* True if input k is as large as the first. */
bool rig_is_like_first(const struct rig *rig, size_t k);

/* Copies x[0] to all inputs that are as large; false if there are none. */
bool rig_copy_x(struct rig *rig);

/* Lanes from `count` on: repeat the last sample; dy is zero there. */
void rig_repeat_last(struct rig *rig, uint32_t count);
void rig_zero_dy(struct rig *rig, uint32_t count);

/* Adds a failure, at the level and in the mode under test. */
void rig_report(struct rig *rig, const struct failure *failure);

/* A place in a section: the element i of it. */
struct failure rig_failure_at(enum failure_kind kind, const struct section *section, size_t i);
#endif
