/* rig_call.h: calls of a rig's layer and comparisons of their results. */
#ifndef CHECK_RIG_CALL_H
#define CHECK_RIG_CALL_H

#include "check/rig.h"

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

/* False: the layer is for evaluation alone, and nothing is known of dx and dw. */
bool rig_has_backward(const struct rig *rig);

/* Calls forward and, but for evaluation, backward if there is one; reports every write that is not allowed. The
 * results go into snapshot[rig->floats]. */
void rig_run(struct rig *rig, const struct rig_call *call, float *snapshot);

/* What dw holds before that call's backward. */
void rig_start_gradients(struct rig *rig, const struct rig_call *call, float *snapshot);

/* Calls forward alone in training with the buffers as they are and what is derived of them, and checks nothing. */
void rig_forward(struct rig *rig, uint32_t count, bool loss);

/* Looks for a difference between two snapshots in sections of the kinds: bits, or with `values` -0 == 0.
 * Parts without lanes are looked at with RIG_ALL_LANES only. If there is one, reports it as a failure of that
 * kind. */
void rig_compare(struct rig *rig, const float *a, const float *b, unsigned kinds, uint32_t lanes, bool values,
                 enum failure_kind failure);
#endif
