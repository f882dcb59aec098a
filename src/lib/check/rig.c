/* rig.c: see rig.h. */
#include "check/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

static size_t input_values(const struct net *net, const struct net_node *node, size_t k)
{
    return node->inputs[k] == 0 ? net->input_values : net->nodes[node->inputs[k] - 1].values;
}

static void add_section(struct rig *rig, enum rig_kind kind, struct guarded *buffer, size_t count, bool lanes)
{
    rig->section[rig->sections++] = (struct section){kind, buffer, rig->floats, count, lanes};
    rig->floats += count;
}

/* A buffer that is not one of several. */
static int create_single(struct guarded *buffer, const char *what, size_t count, size_t size, bool constant)
{
    struct part part = {.input = -1};

    snprintf(part.what, sizeof part.what, "%s", what);
    return guarded_create(buffer, count, size, constant, part);
}

static int create_input(struct rig *rig, size_t k, size_t floats)
{
    const int input = rig->inputs == 1 ? -1 : (int)k;

    if (guarded_create(&rig->x[k], floats, sizeof(float), true, (struct part){"x", input}) != 0 ||
        guarded_create(&rig->dx[k], floats, sizeof(float), false, (struct part){"dx", input}) != 0)
        return -1;
    add_section(rig, RIG_DX, &rig->dx[k], floats, true);
    return 0;
}

static int create_values(struct rig *rig)
{
    const struct net_node *node = rig->node;
    const size_t y = node->values * NNRUN_LANES;
    const size_t target =
        rig->layer->target >= NNRUN_DENSE ? input_values(rig->net, node, 0) * NNRUN_LANES : NNRUN_LANES;
    size_t largest = y;

    if (create_single(&rig->y, "y", y, sizeof(float), false) ||
        create_single(&rig->dy, "dy", y, sizeof(float), true) ||
        create_single(&rig->loss, "loss", NNRUN_LANES, sizeof(float), false) ||
        create_single(&rig->keep, "keep", node->keep_bytes, 1, false) ||
        create_single(&rig->scratch, "scratch", node->scratch_bytes, 1, false) ||
        create_single(&rig->backward_scratch, "scratch", node->backward_scratch_bytes, 1, false) ||
        create_single(&rig->making, "derived", node->derived_bytes, 1, false) ||
        create_single(&rig->derived, "derived", node->derived_bytes, 1, true) ||
        create_single(&rig->random, "random", node->random_words, NNRUN_LANES * sizeof(uint16_t), true) ||
        create_single(&rig->target, "target", target, sizeof(float), true))
        return -1;
    add_section(rig, RIG_Y, &rig->y, y, true);
    add_section(rig, RIG_LOSS, &rig->loss, NNRUN_LANES, true);
    for (size_t k = 0; k < rig->inputs; k++) {
        const size_t x = input_values(rig->net, node, k) * NNRUN_LANES;
        if (create_input(rig, k, x) != 0)
            return -1;
        largest = x > largest ? x : largest;
    }
    if (create_single(&rig->hidden, "what is hidden from it", largest, sizeof(float), true) != 0)
        return -1;
    guarded_fill(&rig->hidden, 0xff);
    return 0;
}

/* Moves apart what begins alike. */
static void disturb(struct guarded *w, const struct net_tensor *tensor)
{
    const struct random_key key = random_key(2, RANDOM_CHECK, tensor->name);
    float *to = guarded_floats(w);

    for (size_t i = 0; i < tensor->count; i++) {
        uint32_t bits[4];
        random_block(key, (const uint32_t[4]){(uint32_t)i, 0, 0, 0}, bits);
        to[i] += random_unit(bits[0]) / 2 - 0.25f;
    }
}

static int create_tensor(struct rig *rig, size_t t, const float *from)
{
    const struct net_tensor *tensor = &rig->tensor[t];
    const bool state = tensor->made.role == NNRUN_STATE;
    const char *name = strchr(tensor->name, '.') + 1;
    char dw[PART_TEXT];

    snprintf(dw, sizeof dw, "%s of %s", state ? "the observation" : "dw", name);
    if (create_single(&rig->w[t], name, tensor->count, sizeof(float), true) != 0 ||
        create_single(&rig->dw[t], dw, tensor->count, sizeof(float), false) != 0)
        return -1;
    memcpy(guarded_floats(&rig->w[t]), from + tensor->offset, rig->w[t].bytes);
    if (tensor->made.init <= NNRUN_CONSTANT)
        disturb(&rig->w[t], tensor);
    add_section(rig, state ? RIG_OBSERVATION : RIG_DW, &rig->dw[t], tensor->count, false);
    return 0;
}

/* Weights as at the start of training, but none alike. */
static int create_tensors(struct rig *rig)
{
    float *weights = memory_array(rig->net->weights, sizeof *weights);
    float *states = memory_array(rig->net->states, sizeof *states);
    int failed = !weights || !states;

    if (!failed)
        net_initialise(rig->net, 1, weights, states);
    for (size_t t = 0; !failed && t < rig->tensors; t++)
        failed = create_tensor(rig, t, rig->tensor[t].made.role == NNRUN_STATE ? states : weights);
    free(weights);
    free(states);
    return failed ? -1 : 0;
}

struct rig *rig_create(const struct net *net, const struct net_node *node, struct failure_list *failures,
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
    rig->failures = failures;
    rig->instance = memory_array(rig->layer->instance_size, 1);
    rig->kept = memory_array(node->keep_bytes, 1);
    rig->fma_derived = memory_array(node->derived_bytes, 1);
    if (!rig->instance || !rig->kept || !rig->fma_derived || create_values(rig) != 0 ||
        create_tensors(rig) != 0)
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
        guarded_destroy(&rig->x[k]);
        guarded_destroy(&rig->dx[k]);
    }
    for (size_t t = 0; t < rig->tensors; t++) {
        guarded_destroy(&rig->w[t]);
        guarded_destroy(&rig->dw[t]);
    }
    guarded_destroy(&rig->y);
    guarded_destroy(&rig->dy);
    guarded_destroy(&rig->target);
    guarded_destroy(&rig->loss);
    guarded_destroy(&rig->keep);
    guarded_destroy(&rig->scratch);
    guarded_destroy(&rig->backward_scratch);
    guarded_destroy(&rig->making);
    guarded_destroy(&rig->derived);
    guarded_destroy(&rig->random);
    guarded_destroy(&rig->hidden);
    free(rig->instance);
    free(rig->kept);
    free(rig->fma_derived);
    free(rig);
}

void rig_report(struct rig *rig, const struct failure *failure)
{
    struct failure here = *failure;

    here.level = rig->level;
    here.as_loss = rig->as_loss;
    failure_add(rig->failures, &here);
}

struct failure rig_failure_at(enum failure_kind kind, const struct section *section, size_t i)
{
    return (struct failure){.kind = kind,
                            .part = section->buffer->part,
                            .at = section->lanes ? i / NNRUN_LANES : i,
                            .lane = section->lanes ? i % NNRUN_LANES : FAILURE_NO_LANE};
}

void rig_draw_floats(struct guarded *buffer, uint32_t lanes, uint32_t variant, float low, float high)
{
    const struct random_key key = random_key(variant, RANDOM_CHECK, buffer->name);
    float *to = guarded_floats(buffer);

    for (size_t i = 0; i < buffer->bytes / sizeof *to; i += 4) {
        uint32_t bits[4];
        random_block_at(key, i / 4, bits);
        for (size_t k = 0; k < 4 && i + k < buffer->bytes / sizeof *to; k++)
            if (lanes >> (i + k) % NNRUN_LANES & 1)
                to[i + k] = low + (high - low) * random_unit(bits[k]);
    }
}

void rig_draw(struct rig *rig, uint32_t lanes, uint32_t variant)
{
    const struct random_key key = random_key(variant, RANDOM_CHECK, "words");
    uint16_t *words = (uint16_t *)(void *)guarded_floats(&rig->random);
    uint32_t bits[4];

    for (size_t k = 0; k < rig->inputs; k++)
        rig_draw_floats(&rig->x[k], lanes, variant, -2, 2);
    rig_draw_floats(&rig->dy, lanes, variant, -1, 1);
    for (size_t i = 0; i < rig->random.bytes / sizeof *words; i++) {
        random_block_at(key, i, bits);
        if (lanes >> i % NNRUN_LANES & 1)
            words[i] = (uint16_t)bits[0];
    }
    if (rig->layer->target >= NNRUN_DENSE)
        rig_draw_floats(&rig->target, lanes, variant, 0, 1);
    for (uint32_t lane = 0; rig->layer->target == NNRUN_CLASS && lane < NNRUN_LANES; lane++) {
        random_block(key, (const uint32_t[4]){lane, 0, 1, 0}, bits);
        if (lanes >> lane & 1)
            ((int32_t *)(void *)guarded_floats(&rig->target))[lane] =
                (int32_t)(bits[0] % (uint32_t)rig->node->values);
    }
}

bool rig_is_like_first(const struct rig *rig, size_t k)
{
    return rig->x[k].bytes == rig->x[0].bytes;
}

bool rig_copy_x(struct rig *rig)
{
    bool copied = false;

    for (size_t k = 1; k < rig->inputs; k++)
        if (rig_is_like_first(rig, k)) {
            memcpy(guarded_floats(&rig->x[k]), guarded_floats(&rig->x[0]), rig->x[0].bytes);
            copied = true;
        }
    return copied;
}

static void repeat_last(struct guarded *buffer, size_t size, uint32_t count)
{
    unsigned char *at = (unsigned char *)guarded_floats(buffer);

    for (size_t row = 0; row < buffer->bytes / (size * NNRUN_LANES); row++, at += size * NNRUN_LANES)
        for (uint32_t lane = count; lane < NNRUN_LANES; lane++)
            memcpy(at + lane * size, at + (count - 1) * size, size);
}

void rig_repeat_last(struct rig *rig, uint32_t count)
{
    for (size_t k = 0; k < rig->inputs; k++)
        repeat_last(&rig->x[k], sizeof(float), count);
    repeat_last(&rig->target, sizeof(float), count);
    repeat_last(&rig->random, sizeof(uint16_t), count);
}

void rig_zero_dy(struct rig *rig, uint32_t count)
{
    float *dy = guarded_floats(&rig->dy);

    for (size_t i = 0; i < rig->dy.bytes / sizeof *dy; i++)
        if (i % NNRUN_LANES >= count)
            dy[i] = 0;
}
