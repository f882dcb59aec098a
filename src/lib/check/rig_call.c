/* rig_call.c: see rig_call.h. */
#include "check/rig_call.h"

#include <string.h>

#include "check/rig_derive.h"
#include "net/net_watch.h"

/* The arrays of pointers a slice shows to a layer. */
struct view {
    struct nnrun_slice slice;
    const float *x[NET_MOST_INPUTS], *w[NET_MOST_TENSORS];
    float *dx[NET_MOST_INPUTS], *dw[NET_MOST_TENSORS];
};

static void *floats_if_any(const struct guarded *buffer)
{
    return buffer->bytes ? guarded_floats(buffer) : NULL;
}

static void fill_view(const struct rig *rig, const struct rig_call *call, struct view *view)
{
    memset(view, 0, sizeof *view);
    for (size_t k = 0; k < rig->inputs; k++) {
        view->x[k] = guarded_floats(&rig->x[call->one_x && rig_is_like_first(rig, k) ? 0 : k]);
        if (!(call->no_dx >> k & 1))
            view->dx[k] = guarded_floats(&rig->dx[k]);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        view->w[t] = guarded_floats(&rig->w[t]);
        view->dw[t] = guarded_floats(&rig->dw[t]);
    }
    view->slice = (struct nnrun_slice){.count = call->count,
                                       .training = !call->evaluate,
                                       .first = !call->later,
                                       .inputs = (uint32_t)rig->inputs,
                                       .x = view->x,
                                       .y = guarded_floats(&rig->y),
                                       .w = view->w,
                                       .dw = call->evaluate ? NULL : view->dw,
                                       .target = call->loss ? guarded_floats(&rig->target) : NULL,
                                       .keep = call->evaluate ? NULL : floats_if_any(&rig->keep),
                                       .scratch = floats_if_any(&rig->scratch),
                                       .derived = floats_if_any(&rig->derived)};
}

static void report_write(struct rig *rig, enum failure_kind kind, const struct guarded *buffer, bool backward)
{
    rig_report(rig, &(struct failure){.kind = kind, .part = buffer->part, .backward = backward});
}

static void check_buffer(struct rig *rig, struct guarded *buffer, bool backward)
{
    const unsigned found = guarded_restore(buffer);

    if (found & GUARDED_IN_FRONT)
        report_write(rig, FAILURE_IN_FRONT, buffer, backward);
    if (found & GUARDED_BEHIND)
        report_write(rig, FAILURE_BEHIND, buffer, backward);
    if (found & GUARDED_CHANGED)
        report_write(rig, FAILURE_READ_ONLY, buffer, backward);
}

/* Calls use(rig, buffer, backward) for every buffer. */
static void each_buffer(struct rig *rig, bool backward,
                        void (*use)(struct rig *rig, struct guarded *buffer, bool backward))
{
    struct guarded *const single[] = {&rig->y,       &rig->dy,      &rig->target,           &rig->loss,
                                      &rig->keep,    &rig->scratch, &rig->backward_scratch, &rig->random,
                                      &rig->derived, &rig->hidden};

    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        use(rig, single[i], backward);
    for (size_t k = 0; k < rig->inputs; k++) {
        use(rig, &rig->x[k], backward);
        use(rig, &rig->dx[k], backward);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        use(rig, &rig->w[t], backward);
        use(rig, &rig->dw[t], backward);
    }
}

static void remember_buffer(struct rig *rig, struct guarded *buffer, bool backward)
{
    (void)rig, (void)backward;
    guarded_remember(buffer);
}

static void call_function(struct rig *rig, const struct view *view, bool backward)
{
    const struct nnrun_code *code = &rig->layer->code[rig->level];
    const struct net_node *node = rig->node;
    struct plugin_watch_entry *entry = net_watch_begin(node, backward ? "backward" : "forward",
                                                       plugin_level_names[rig->level], &view->slice);

    (backward ? code->backward : code->forward)(node->instance, &view->slice);
    plugin_watch_end(entry);
}

static void call_layer(struct rig *rig, const struct view *view, bool backward)
{
    each_buffer(rig, backward, remember_buffer);
    call_function(rig, view, backward);
    each_buffer(rig, backward, check_buffer);
    if (memcmp(rig->instance, rig->node->instance, rig->layer->instance_size) != 0) {
        rig_report(rig, &(struct failure){.kind = FAILURE_INSTANCE, .backward = backward});
        memcpy(rig->node->instance, rig->instance, rig->layer->instance_size);
    }
}

/* Does the call give section i? */
static bool gives_section(const struct rig *rig, size_t i, const struct rig_call *call)
{
    switch (rig->section[i].kind) {
    case RIG_Y:
        return true;
    case RIG_LOSS:
        return call->loss;
    case RIG_DX:
        return !call->evaluate && !(call->no_dx >> (i - 2) & 1);
    case RIG_DW:
    case RIG_OBSERVATION:
        return !call->evaluate;
    case RIG_RESULTS:
        break;
    }
    return false;
}

/* The sections of the kinds; what the call does not give reads as zero. */
static void take_snapshot(struct rig *rig, const struct rig_call *call, unsigned kinds, float *snapshot)
{
    for (size_t i = 0; i < rig->sections; i++) {
        const struct section *section = &rig->section[i];
        if (!((unsigned)section->kind & kinds))
            continue;
        if (gives_section(rig, i, call))
            memcpy(snapshot + section->at, guarded_floats(section->buffer), section->count * sizeof(float));
        else
            memset(snapshot + section->at, 0, section->count * sizeof(float));
    }
}

static void set_gradients(struct rig *rig, const struct rig_call *call)
{
    for (size_t t = 0; t < rig->tensors; t++) {
        if (rig->tensor[t].made.role == NNRUN_STATE)
            guarded_fill(&rig->dw[t], call->fill);
        else if (call->start == RIG_DRAWN)
            rig_draw_floats(&rig->dw[t], RIG_ALL_LANES, 3, -1, 1);
        else
            guarded_fill(&rig->dw[t], call->start == RIG_NAN ? 0xff : 0);
    }
}

static void run_forward(struct rig *rig, const struct rig_call *call, struct view *view, float *snapshot)
{
    view->slice.loss = call->loss ? guarded_floats(&rig->loss) : NULL;
    view->slice.random = call->evaluate ? NULL : floats_if_any(&rig->random);
    guarded_fill(&rig->y, call->fill);
    guarded_fill(&rig->loss, call->fill);
    guarded_fill(&rig->keep, call->fill);
    guarded_fill(&rig->scratch, call->fill);
    if (call->y_in_place) {
        memcpy(view->slice.y, view->x[0], rig->y.bytes);
        view->x[0] = view->slice.y;
    }
    call_layer(rig, view, false);
    take_snapshot(rig, call, RIG_Y | RIG_LOSS, snapshot);
    view->x[0] = guarded_floats(&rig->x[0]);
}

static void run_backward(struct rig *rig, const struct rig_call *call, struct view *view)
{
    view->slice.loss = NULL;
    view->slice.random = NULL;
    view->slice.dx = view->dx;
    view->slice.dy = call->loss ? NULL : guarded_floats(&rig->dy);
    view->slice.scratch = floats_if_any(&rig->backward_scratch);
    guarded_fill(&rig->backward_scratch, call->fill);
    for (size_t k = 0; k < rig->inputs; k++)
        guarded_fill(&rig->dx[k], call->fill);
    if (call->dx_in_place && !call->loss) {
        memcpy(view->dx[0], view->slice.dy, rig->dy.bytes);
        view->slice.dy = view->dx[0];
    }
    for (size_t k = 0; call->hide_x && k < rig->inputs; k++)
        view->x[k] = guarded_floats(&rig->hidden);
    if (call->hide_y)
        view->slice.y = guarded_floats(&rig->hidden);
    memcpy(rig->kept, guarded_floats(&rig->keep), rig->keep.bytes);
    call_layer(rig, view, true);
    if (memcmp(rig->kept, guarded_floats(&rig->keep), rig->keep.bytes) != 0)
        report_write(rig, FAILURE_READ_ONLY, &rig->keep, true);
}

/* Reports sections of the kinds that are not as the snapshot has them. */
static void check_unchanged(struct rig *rig, unsigned kinds, const float *snapshot, bool backward)
{
    for (size_t i = 0; i < rig->sections; i++) {
        const struct section *section = &rig->section[i];
        if (((unsigned)section->kind & kinds) &&
            memcmp(snapshot + section->at, guarded_floats(section->buffer), section->count * sizeof(float)) !=
                0)
            report_write(rig, FAILURE_WRITES, section->buffer, backward);
    }
}

bool rig_has_backward(const struct rig *rig)
{
    return rig->node->plugin->code.backward != NULL;
}

static void clear_snapshot(const struct rig *rig, unsigned kinds, float *snapshot)
{
    for (size_t i = 0; i < rig->sections; i++)
        if ((unsigned)rig->section[i].kind & kinds)
            memset(snapshot + rig->section[i].at, 0, rig->section[i].count * sizeof *snapshot);
}

void rig_start_gradients(struct rig *rig, const struct rig_call *call, float *snapshot)
{
    set_gradients(rig, call);
    take_snapshot(rig, call, RIG_DW, snapshot);
}

void rig_run(struct rig *rig, const struct rig_call *call, float *snapshot)
{
    struct view view;

    fill_view(rig, call, &view);
    set_gradients(rig, call);
    take_snapshot(rig, call, RIG_DX | RIG_DW | RIG_OBSERVATION, snapshot);
    rig_derive(rig, call->evaluate, call->fill);
    run_forward(rig, call, &view, snapshot);
    if (call->evaluate)
        return;
    check_unchanged(rig, RIG_DW, snapshot, false);
    take_snapshot(rig, call, RIG_OBSERVATION, snapshot);
    if (!rig_has_backward(rig)) {
        clear_snapshot(rig, RIG_DX | RIG_DW, snapshot);
        return;
    }
    run_backward(rig, call, &view);
    check_unchanged(rig, RIG_OBSERVATION | RIG_Y, snapshot, true);
    take_snapshot(rig, call, RIG_DX | RIG_DW, snapshot);
}

void rig_forward(struct rig *rig, uint32_t count, bool loss)
{
    const struct rig_call call = {.count = count, .loss = loss};
    struct view view;

    rig_derive(rig, false, 0xff);
    fill_view(rig, &call, &view);
    view.slice.loss = loss ? guarded_floats(&rig->loss) : NULL;
    view.slice.random = floats_if_any(&rig->random);
    call_function(rig, &view, false);
}

static bool is_same(float a, float b, bool values)
{
    return memcmp(&a, &b, sizeof a) == 0 || (values && a == b);
}

void rig_compare(struct rig *rig, const float *a, const float *b, unsigned kinds, uint32_t lanes, bool values,
                 enum failure_kind failure)
{
    for (size_t s = 0; s < rig->sections; s++) {
        const struct section *section = &rig->section[s];
        if (!((unsigned)section->kind & kinds) || (!section->lanes && lanes != RIG_ALL_LANES))
            continue;
        for (size_t i = 0; i < section->count; i++) {
            const float left = a[section->at + i], right = b[section->at + i];
            struct failure found;
            if (is_same(left, right, values) || (section->lanes && !(lanes >> i % NNRUN_LANES & 1)))
                continue;
            found = rig_failure_at(failure, section, i);
            found.figure[0] = (double)left;
            found.figure[1] = (double)right;
            rig_report(rig, &found);
            return;
        }
    }
}
