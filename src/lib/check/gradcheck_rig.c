/* gradcheck_rig.c: see gradcheck_rig.h. */
#include "check/gradcheck_rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

enum {
    GUARD = 1024,     /* bytes; a multiple of 64 */
    MARK_READ = 0xff, /* NaN: a read outside shows in the results */
    MARK_WRITTEN = 0xa5
};

float *rig_floats(const struct guarded *buffer)
{
    return (float *)(void *)(buffer->memory + GUARD);
}

static void mark(struct guarded *buffer)
{
    memset(buffer->memory, buffer->mark, GUARD);
    memset(buffer->memory + GUARD + buffer->bytes, buffer->mark, GUARD);
}

static void fill(struct guarded *buffer, unsigned char byte)
{
    memset(buffer->memory + GUARD, byte, buffer->bytes);
}

__attribute__((format(printf, 5, 6))) static int make(struct guarded *buffer, size_t count, size_t size,
                                                      bool constant, const char *format, ...)
{
    va_list args;
    size_t whole;

    va_start(args, format);
    vsnprintf(buffer->name, sizeof buffer->name, format, args);
    va_end(args);
    if (!size_multiply(count, size, &buffer->bytes) || !size_add(buffer->bytes, (size_t)2 * GUARD, &whole))
        return -1;
    buffer->mark = constant ? MARK_READ : MARK_WRITTEN;
    buffer->memory = memory_array(whole, 1);
    buffer->before = constant ? memory_array(buffer->bytes, 1) : NULL;
    if (!buffer->memory || (constant && !buffer->before))
        return -1;
    mark(buffer);
    return 0;
}

static void drop(struct guarded *buffer)
{
    free(buffer->memory);
    free(buffer->before);
}

static size_t input_values(const struct net *net, const struct net_node *node, size_t k)
{
    return node->inputs[k] == 0 ? net->input_values : net->nodes[node->inputs[k] - 1].values;
}

static void add_section(struct rig *rig, enum rig_kind kind, const char *name, size_t count, bool lanes)
{
    struct section *section = &rig->section[rig->sections++];

    section->kind = kind;
    snprintf(section->name, sizeof section->name, "%s", name);
    section->at = rig->floats;
    section->count = count;
    section->lanes = lanes;
    rig->floats += count;
}

static int make_values(struct rig *rig)
{
    const struct net_node *node = rig->node;
    const size_t y = node->values * NNRUN_LANES;
    size_t largest = y;

    if (make(&rig->y, y, sizeof(float), false, "y") || make(&rig->dy, y, sizeof(float), true, "dy") ||
        make(&rig->loss, NNRUN_LANES, sizeof(float), false, "loss") ||
        make(&rig->keep, node->keep_bytes, 1, false, "keep") ||
        make(&rig->scratch, node->scratch_bytes, 1, false, "scratch") ||
        make(&rig->random, node->random_words, NNRUN_LANES * sizeof(uint16_t), true, "random") ||
        make(&rig->target,
             rig->layer->target >= NNRUN_DENSE ? input_values(rig->net, node, 0) * NNRUN_LANES : NNRUN_LANES,
             sizeof(float), true, "target"))
        return -1;
    add_section(rig, RIG_Y, "y", y, true);
    add_section(rig, RIG_LOSS, "loss", NNRUN_LANES, true);
    for (size_t k = 0; k < rig->inputs; k++) {
        const size_t x = input_values(rig->net, node, k) * NNRUN_LANES;
        const int failed = rig->inputs == 1 ? make(&rig->x[k], x, sizeof(float), true, "x") ||
                                                  make(&rig->dx[k], x, sizeof(float), false, "dx")
                                            : make(&rig->x[k], x, sizeof(float), true, "x[%zu]", k) ||
                                                  make(&rig->dx[k], x, sizeof(float), false, "dx[%zu]", k);
        if (failed)
            return -1;
        add_section(rig, RIG_DX, rig->dx[k].name, x, true);
        largest = x > largest ? x : largest;
    }
    if (make(&rig->hidden, largest, sizeof(float), true, "what is hidden from it") != 0)
        return -1;
    fill(&rig->hidden, 0xff);
    return 0;
}

/* Weights as at the start of training; those that begin alike are moved apart. */
static int make_tensors(struct rig *rig)
{
    float *weights = memory_array(rig->net->weights, sizeof *weights);
    float *states = memory_array(rig->net->states, sizeof *states);
    int failed = !weights || !states;

    if (!failed)
        net_initialise(rig->net, 1, weights, states);
    for (size_t t = 0; !failed && t < rig->tensors; t++) {
        const struct net_tensor *tensor = &rig->tensor[t];
        const bool state = tensor->made.role == NNRUN_STATE;
        const struct random_key key = random_key(2, RANDOM_CHECK, tensor->name);
        const char *name = strchr(tensor->name, '.') + 1;
        failed = make(&rig->w[t], tensor->count, sizeof(float), true, "%s", name) ||
                 make(&rig->dw[t], tensor->count, sizeof(float), false, "%s of %s",
                      state ? "the observation" : "dw", name);
        if (failed)
            break;
        memcpy(rig_floats(&rig->w[t]), (state ? states : weights) + tensor->offset, rig->w[t].bytes);
        for (size_t i = 0; tensor->made.init <= NNRUN_CONSTANT && i < tensor->count; i++) {
            uint32_t bits[4];
            random_block(key, (const uint32_t[4]){(uint32_t)i, 0, 0, 0}, bits);
            rig_floats(&rig->w[t])[i] += random_unit(bits[0]) / 2 - 0.25f;
        }
        add_section(rig, state ? RIG_OBSERVATION : RIG_DW, rig->dw[t].name, tensor->count, false);
    }
    free(weights);
    free(states);
    return failed ? -1 : 0;
}

struct rig *rig_create(const struct net *net, const struct net_node *node, struct gradcheck_result *result,
                       struct error *error)
{
    struct rig *rig = memory_array(1, sizeof *rig);

    if (!rig)
        goto no_memory;
    rig->net = net;
    rig->node = node;
    rig->layer = &node->plugin->layer;
    rig->tensor = net->tensors + node->first_tensor;
    rig->inputs = node->input_count;
    rig->tensors = node->tensor_count;
    rig->mode = "";
    rig->result = result;
    rig->instance = memory_array(rig->layer->instance_size, 1);
    rig->kept = memory_array(node->keep_bytes, 1);
    if (!rig->instance || !rig->kept || make_values(rig) != 0 || make_tensors(rig) != 0)
        goto no_memory;
    memcpy(rig->instance, node->instance, rig->layer->instance_size);
    return rig;
no_memory:
    rig_destroy(rig);
    error_memory(error);
    return NULL;
}

void rig_destroy(struct rig *rig)
{
    if (!rig)
        return;
    for (size_t k = 0; k < rig->inputs; k++) {
        drop(&rig->x[k]);
        drop(&rig->dx[k]);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        drop(&rig->w[t]);
        drop(&rig->dw[t]);
    }
    drop(&rig->y);
    drop(&rig->dy);
    drop(&rig->target);
    drop(&rig->loss);
    drop(&rig->keep);
    drop(&rig->scratch);
    drop(&rig->random);
    drop(&rig->hidden);
    free(rig->instance);
    free(rig->kept);
    free(rig);
}

void rig_fail(struct rig *rig, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_add(&rig->result->failures, ERROR_FAILED, "%s%s: %s", plugin_level_names[rig->level], rig->mode,
              text);
}

/* low + (high - low) * u for the floats of the lanes chosen. */
static void draw_floats(struct guarded *buffer, uint32_t lanes, uint32_t variant, float low, float high)
{
    const struct random_key key = random_key(variant, RANDOM_CHECK, buffer->name);
    float *to = rig_floats(buffer);

    for (size_t i = 0; i < buffer->bytes / sizeof *to; i += 4) {
        uint32_t bits[4];
        random_block(key, (const uint32_t[4]){(uint32_t)(i / 4), (uint32_t)(i / 4 >> 32), 0, 0}, bits);
        for (size_t k = 0; k < 4 && i + k < buffer->bytes / sizeof *to; k++)
            if (lanes >> (i + k) % NNRUN_LANES & 1)
                to[i + k] = low + (high - low) * random_unit(bits[k]);
    }
}

void rig_draw(struct rig *rig, uint32_t lanes, uint32_t variant)
{
    const struct random_key key = random_key(variant, RANDOM_CHECK, "words");
    uint16_t *words = (uint16_t *)(void *)rig_floats(&rig->random);
    uint32_t bits[4];

    for (size_t k = 0; k < rig->inputs; k++)
        draw_floats(&rig->x[k], lanes, variant, -2, 2);
    draw_floats(&rig->dy, lanes, variant, -1, 1);
    for (size_t i = 0; i < rig->random.bytes / sizeof *words; i++) {
        random_block(key, (const uint32_t[4]){(uint32_t)i, (uint32_t)(i >> 32), 0, 0}, bits);
        if (lanes >> i % NNRUN_LANES & 1)
            words[i] = (uint16_t)bits[0];
    }
    if (rig->layer->target >= NNRUN_DENSE)
        draw_floats(&rig->target, lanes, variant, 0, 1);
    for (uint32_t lane = 0; rig->layer->target == NNRUN_CLASS && lane < NNRUN_LANES; lane++) {
        random_block(key, (const uint32_t[4]){lane, 0, 1, 0}, bits);
        if (lanes >> lane & 1)
            ((int32_t *)(void *)rig_floats(&rig->target))[lane] =
                (int32_t)(bits[0] % (uint32_t)rig->node->values);
    }
}

static bool like_first(const struct rig *rig, size_t k)
{
    return rig->x[k].bytes == rig->x[0].bytes;
}

bool rig_copy_x(struct rig *rig)
{
    bool copied = false;

    for (size_t k = 1; k < rig->inputs; k++)
        if (like_first(rig, k)) {
            memcpy(rig_floats(&rig->x[k]), rig_floats(&rig->x[0]), rig->x[0].bytes);
            copied = true;
        }
    return copied;
}

static void repeat(struct guarded *buffer, size_t size, uint32_t count)
{
    unsigned char *at = buffer->memory + GUARD;

    for (size_t row = 0; row < buffer->bytes / (size * NNRUN_LANES); row++, at += size * NNRUN_LANES)
        for (uint32_t lane = count; lane < NNRUN_LANES; lane++)
            memcpy(at + lane * size, at + (count - 1) * size, size);
}

void rig_repeat(struct rig *rig, uint32_t count)
{
    for (size_t k = 0; k < rig->inputs; k++)
        repeat(&rig->x[k], sizeof(float), count);
    repeat(&rig->target, sizeof(float), count);
    repeat(&rig->random, sizeof(uint16_t), count);
}

void rig_still(struct rig *rig, uint32_t count)
{
    float *dy = rig_floats(&rig->dy);

    for (size_t i = 0; i < rig->dy.bytes / sizeof *dy; i++)
        if (i % NNRUN_LANES >= count)
            dy[i] = 0;
}

/* ---- calls ---- */

/* The arrays of pointers a slice shows to a layer. */
struct view {
    struct nnrun_slice slice;
    const float *x[NET_MOST_INPUTS], *w[NET_MOST_TENSORS];
    float *dx[NET_MOST_INPUTS], *dw[NET_MOST_TENSORS];
};

static void *asked_for(const struct guarded *buffer)
{
    return buffer->bytes ? rig_floats(buffer) : NULL;
}

static void show(const struct rig *rig, const struct rig_call *call, struct view *view)
{
    memset(view, 0, sizeof *view);
    for (size_t k = 0; k < rig->inputs; k++) {
        view->x[k] = rig_floats(&rig->x[call->one_x && like_first(rig, k) ? 0 : k]);
        if (!(call->no_dx >> k & 1))
            view->dx[k] = rig_floats(&rig->dx[k]);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        view->w[t] = rig_floats(&rig->w[t]);
        view->dw[t] = rig_floats(&rig->dw[t]);
    }
    view->slice = (struct nnrun_slice){.count = call->count,
                                       .training = !call->evaluate,
                                       .first = !call->later,
                                       .inputs = (uint32_t)rig->inputs,
                                       .x = view->x,
                                       .y = rig_floats(&rig->y),
                                       .w = view->w,
                                       .dw = call->evaluate ? NULL : view->dw,
                                       .target = call->loss ? rig_floats(&rig->target) : NULL,
                                       .keep = call->evaluate ? NULL : asked_for(&rig->keep),
                                       .scratch = asked_for(&rig->scratch)};
}

static bool guard_broken(const unsigned char *guard, unsigned char mark)
{
    for (size_t i = 0; i < GUARD; i++)
        if (guard[i] != mark)
            return true;
    return false;
}

static void check_buffer(struct rig *rig, struct guarded *buffer, const char *function)
{
    const bool front = guard_broken(buffer->memory, buffer->mark);
    const bool back = guard_broken(buffer->memory + GUARD + buffer->bytes, buffer->mark);

    if (front)
        rig_fail(rig, "%s writes in front of %s", function, buffer->name);
    if (back)
        rig_fail(rig, "%s writes behind the end of %s", function, buffer->name);
    if (front || back)
        mark(buffer);
    if (buffer->before && memcmp(buffer->before, buffer->memory + GUARD, buffer->bytes) != 0) {
        rig_fail(rig, "%s changes %s, which it may only read", function, buffer->name);
        memcpy(buffer->memory + GUARD, buffer->before, buffer->bytes);
    }
}

/* Calls use(rig, buffer, function) for every buffer. */
static void each(struct rig *rig, const char *function,
                 void (*use)(struct rig *rig, struct guarded *buffer, const char *function))
{
    struct guarded *const single[] = {&rig->y,    &rig->dy,      &rig->target, &rig->loss,
                                      &rig->keep, &rig->scratch, &rig->random, &rig->hidden};

    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        use(rig, single[i], function);
    for (size_t k = 0; k < rig->inputs; k++) {
        use(rig, &rig->x[k], function);
        use(rig, &rig->dx[k], function);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        use(rig, &rig->w[t], function);
        use(rig, &rig->dw[t], function);
    }
}

static void remember(struct rig *rig, struct guarded *buffer, const char *function)
{
    (void)rig, (void)function;
    if (buffer->before)
        memcpy(buffer->before, buffer->memory + GUARD, buffer->bytes);
}

static void call_layer(struct rig *rig, const struct view *view, bool backward)
{
    const struct nnrun_code *code = &rig->layer->code[rig->level];
    const char *function = backward ? "backward" : "forward";

    each(rig, function, remember);
    (backward ? code->backward : code->forward)(rig->node->instance, &view->slice);
    each(rig, function, check_buffer);
    if (memcmp(rig->instance, rig->node->instance, rig->layer->instance_size) != 0) {
        rig_fail(rig, "%s changes its instance", function);
        memcpy(rig->node->instance, rig->instance, rig->layer->instance_size);
    }
}

static struct guarded *section_buffer(struct rig *rig, size_t i)
{
    if (i < 2)
        return i == 0 ? &rig->y : &rig->loss;
    return i < 2 + rig->inputs ? &rig->dx[i - 2] : &rig->dw[i - 2 - rig->inputs];
}

/* Does the call give section i? */
static bool gives(const struct rig *rig, size_t i, const struct rig_call *call)
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
static void take(struct rig *rig, const struct rig_call *call, unsigned kinds, float *snapshot)
{
    for (size_t i = 0; i < rig->sections; i++) {
        const struct section *section = &rig->section[i];
        if (!((unsigned)section->kind & kinds))
            continue;
        if (gives(rig, i, call))
            memcpy(snapshot + section->at, rig_floats(section_buffer(rig, i)),
                   section->count * sizeof(float));
        else
            memset(snapshot + section->at, 0, section->count * sizeof(float));
    }
}

static void start_gradients(struct rig *rig, const struct rig_call *call)
{
    for (size_t t = 0; t < rig->tensors; t++) {
        if (rig->tensor[t].made.role == NNRUN_STATE)
            fill(&rig->dw[t], call->fill);
        else if (call->start == RIG_DRAWN)
            draw_floats(&rig->dw[t], RIG_ALL_LANES, 3, -1, 1);
        else
            fill(&rig->dw[t], call->start == RIG_NAN ? 0xff : 0);
    }
}

static void run_forward(struct rig *rig, const struct rig_call *call, struct view *view, float *snapshot)
{
    view->slice.loss = call->loss ? rig_floats(&rig->loss) : NULL;
    view->slice.random = call->evaluate ? NULL : asked_for(&rig->random);
    fill(&rig->y, call->fill);
    fill(&rig->loss, call->fill);
    fill(&rig->keep, call->fill);
    fill(&rig->scratch, call->fill);
    if (call->y_in_place) {
        memcpy(view->slice.y, view->x[0], rig->y.bytes);
        view->x[0] = view->slice.y;
    }
    call_layer(rig, view, false);
    take(rig, call, RIG_Y | RIG_LOSS, snapshot);
    view->x[0] = rig_floats(&rig->x[0]);
}

static void run_backward(struct rig *rig, const struct rig_call *call, struct view *view)
{
    view->slice.loss = NULL;
    view->slice.random = NULL;
    view->slice.dx = view->dx;
    view->slice.dy = call->loss ? NULL : rig_floats(&rig->dy);
    fill(&rig->scratch, call->fill);
    for (size_t k = 0; k < rig->inputs; k++)
        fill(&rig->dx[k], call->fill);
    if (call->dx_in_place && !call->loss) {
        memcpy(view->dx[0], view->slice.dy, rig->dy.bytes);
        view->slice.dy = view->dx[0];
    }
    for (size_t k = 0; call->hide_x && k < rig->inputs; k++)
        view->x[k] = rig_floats(&rig->hidden);
    if (call->hide_y)
        view->slice.y = rig_floats(&rig->hidden);
    memcpy(rig->kept, rig_floats(&rig->keep), rig->keep.bytes);
    call_layer(rig, view, true);
    if (memcmp(rig->kept, rig_floats(&rig->keep), rig->keep.bytes) != 0)
        rig_fail(rig, "backward changes keep, which it may only read");
}

/* Complains if sections of the kinds are not as the snapshot has them. */
static void check_kept(struct rig *rig, unsigned kinds, const float *snapshot, const char *function)
{
    for (size_t i = 0; i < rig->sections; i++) {
        const struct section *section = &rig->section[i];
        if (((unsigned)section->kind & kinds) &&
            memcmp(snapshot + section->at, rig_floats(section_buffer(rig, i)),
                   section->count * sizeof(float)) != 0)
            rig_fail(rig, "%s writes to %s", function, section->name);
    }
}

void rig_begin(struct rig *rig, const struct rig_call *call, float *snapshot)
{
    start_gradients(rig, call);
    take(rig, call, RIG_DW, snapshot);
}

void rig_run(struct rig *rig, const struct rig_call *call, float *snapshot)
{
    struct view view;

    show(rig, call, &view);
    start_gradients(rig, call);
    take(rig, call, RIG_DX | RIG_DW | RIG_OBSERVATION, snapshot);
    run_forward(rig, call, &view, snapshot);
    if (call->evaluate)
        return;
    check_kept(rig, RIG_DW, snapshot, "forward");
    take(rig, call, RIG_OBSERVATION, snapshot);
    run_backward(rig, call, &view);
    check_kept(rig, RIG_OBSERVATION | RIG_Y, snapshot, "backward");
    take(rig, call, RIG_DX | RIG_DW, snapshot);
}

void rig_forward(struct rig *rig, uint32_t count, bool loss)
{
    const struct rig_call call = {.count = count, .loss = loss};
    struct view view;

    show(rig, &call, &view);
    view.slice.loss = loss ? rig_floats(&rig->loss) : NULL;
    view.slice.random = asked_for(&rig->random);
    rig->layer->code[rig->level].forward(rig->node->instance, &view.slice);
}

static bool same(float a, float b, bool values)
{
    return memcmp(&a, &b, sizeof a) == 0 || (values && a == b);
}

bool rig_differ(const struct rig *rig, const float *a, const float *b, unsigned kinds, uint32_t lanes,
                bool values, char text[RIG_TEXT])
{
    for (size_t s = 0; s < rig->sections; s++) {
        const struct section *section = &rig->section[s];
        if (!((unsigned)section->kind & kinds) || (!section->lanes && lanes != RIG_ALL_LANES))
            continue;
        for (size_t i = 0; i < section->count; i++) {
            const float left = a[section->at + i], right = b[section->at + i];
            if (same(left, right, values) || (section->lanes && !(lanes >> i % NNRUN_LANES & 1)))
                continue;
            if (section->lanes)
                snprintf(text, RIG_TEXT, "%s[%zu] of lane %zu is %.9g, not %.9g", section->name,
                         i / NNRUN_LANES, i % NNRUN_LANES, (double)left, (double)right);
            else
                snprintf(text, RIG_TEXT, "%s[%zu] is %.9g, not %.9g", section->name, i, (double)left,
                         (double)right);
            return true;
        }
    }
    return false;
}
