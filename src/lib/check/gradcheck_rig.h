/* gradcheck_rig.h: one layer in buffers of its own that show a write outside or into what is not the layer's.
 */
#ifndef CHECK_GRADCHECK_RIG_H
#define CHECK_GRADCHECK_RIG_H

#include "check/gradcheck.h"

enum { RIG_ALL_LANES = 0xffff };

struct guarded {
    unsigned char *memory; /* a guard, `bytes`, a guard */
    size_t bytes;
    unsigned char mark;    /* what the guards are filled with */
    unsigned char *before; /* what it held before the call; NULL: the layer may write it */
    char name[GRADCHECK_WHERE];
};

enum rig_kind { RIG_Y = 1, RIG_LOSS = 2, RIG_DX = 4, RIG_DW = 8, RIG_OBSERVATION = 16, RIG_RESULTS = 31 };

/* A part of a snapshot. */
struct section {
    enum rig_kind kind;
    char name[GRADCHECK_WHERE];
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
    struct guarded y, dy, target, loss, keep, scratch, random, hidden;
    unsigned char *instance; /* as it was after plan() */
    unsigned char *kept;     /* as forward left keep */
    struct section section[2 + NET_MOST_INPUTS + NET_MOST_TENSORS];
    size_t sections, floats; /* of a snapshot */
    /* the level under test and what is said of it */
    unsigned level;
    const char *mode; /* "", ", as a loss" */
    struct gradcheck_result *result;
};

enum rig_start { RIG_NAN, RIG_ZERO, RIG_DRAWN }; /* what dw holds before backward */

struct rig_call {
    uint32_t count;
    bool evaluate, later; /* later: not the first of its group */
    bool loss;            /* with a target, without dy */
    unsigned char fill;   /* bytes of memory whose contents are undefined */
    enum rig_start start;
    bool y_in_place, dx_in_place, hide_x, hide_y;
    bool one_x;     /* x[0] stands in for all inputs that are as large */
    uint64_t no_dx; /* inputs whose gradient is not wanted, a bit each */
};

/* NULL after setting error. */
struct rig *rig_create(const struct net *net, const struct net_node *node, struct gradcheck_result *result,
                       struct error *error);
void rig_destroy(struct rig *rig); /* NULL: nothing */

/* Draws x, dy, targets and random words of the lanes in `lanes`; equal `variant`, equal numbers. */
void rig_draw(struct rig *rig, uint32_t lanes, uint32_t variant);

/* Copies x[0] to all inputs that are as large; false if there are none. */
bool rig_copy_x(struct rig *rig);

/* Lanes from `count` on: repeat the last sample; dy is zero there. */
void rig_repeat(struct rig *rig, uint32_t count);
void rig_still(struct rig *rig, uint32_t count);

/* Calls forward and, but for evaluation, backward; complains of every write that is not allowed. The results
 * go into snapshot[rig->floats]. */
void rig_run(struct rig *rig, const struct rig_call *call, float *snapshot);

/* What dw holds before that call's backward. */
void rig_begin(struct rig *rig, const struct rig_call *call, float *snapshot);

/* Forward alone in training with the buffers as they are, no questions asked. */
void rig_forward(struct rig *rig, uint32_t count, bool loss);

/* Looks for a difference between two snapshots in sections of the kinds: bits, or with `values` -0 == 0.
 * Parts without lanes are looked at with RIG_ALL_LANES only. True if there is one, described in text. */
enum { RIG_TEXT = 256 };
bool rig_differ(const struct rig *rig, const float *a, const float *b, unsigned kinds, uint32_t lanes,
                bool values, char text[RIG_TEXT]);

/* Adds a failure "LEVEL, MODE: ...". */
void rig_fail(struct rig *rig, const char *format, ...) __attribute__((format(printf, 2, 3)));

float *rig_floats(const struct guarded *buffer);
#endif
