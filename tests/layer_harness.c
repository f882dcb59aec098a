/* layer_harness.c: see layer_harness.h. */
#include "layer_harness.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 256 }; /* bytes before and behind a buffer; a multiple of 64 */

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "layer_harness: %s: %s\n", what, why);
    exit(99);
}

/* `bytes` behind a guard, its size in the guard's first bytes. */
static void *guarded(size_t bytes)
{
    const size_t whole = (2 * GUARD + bytes + 63) / 64 * 64;
    unsigned char *memory = aligned_alloc(64, whole);

    if (!memory)
        give_up("memory", "there is none");
    memset(memory, 0xa5, whole);
    memcpy(memory, &bytes, sizeof bytes);
    memset(memory + GUARD, 0, bytes);
    return memory + GUARD;
}

static void release(void *buffer)
{
    if (buffer)
        free((unsigned char *)buffer - GUARD);
}

static bool intact(const void *buffer)
{
    const unsigned char *memory = (const unsigned char *)buffer - GUARD;
    size_t bytes;

    memcpy(&bytes, memory, sizeof bytes);
    for (size_t i = sizeof bytes; i < GUARD; i++)
        if (memory[i] != 0xa5)
            return false;
    for (size_t i = 0; i < GUARD; i++)
        if (memory[GUARD + bytes + i] != 0xa5)
            return false;
    return true;
}

/* NaN in every float. */
static void spoil(void *buffer)
{
    size_t bytes;

    memcpy(&bytes, (unsigned char *)buffer - GUARD, sizeof bytes);
    memset(buffer, 0xff, bytes);
}

void harness_fill(float *to, size_t count, uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)i * 2654435761u ^ seed * 2246822519u;
        bits = (bits ^ bits >> 15) * 2246822519u;
        bits = (bits ^ bits >> 13) * 3266489917u;
        to[i] = (float)((bits ^ bits >> 16) >> 8) / 8388608.0f - 1.0f;
    }
}

int harness_level(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

static void store(struct harness *h, const struct nnrun_setting *s, int32_t count, const double value[2])
{
    char *at = (char *)h->self + s->offset;
    const int32_t whole = (int32_t)value[0];

    if (s->kind == NNRUN_REAL) {
        memcpy(at, &value[0], sizeof value[0]);
    } else if (s->kind == NNRUN_INTS) {
        const struct nnrun_ints list = {count, {whole, (int32_t)value[1]}};
        memcpy(at, &list, sizeof list);
    } else if (s->kind == NNRUN_REALS) {
        const struct nnrun_reals list = {.count = count, .value = {value[0], value[1]}};
        memcpy(at, &list, sizeof list);
    } else if (s->kind != NNRUN_STRING) {
        memcpy(at, &whole, sizeof whole);
    }
}

void harness_open(struct harness *h, const char *folder, const char *type)
{
    char path[1024];

    *h = (struct harness){.count = NNRUN_LANES, .training = true, .first = true};
    snprintf(path, sizeof path, "%s/%s.so", folder, type);
    h->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!h->library)
        give_up(path, dlerror());
    h->layer = dlsym(h->library, "nnrun_plugin");
    if (!h->layer)
        give_up(path, "no nnrun_plugin");
    h->self = guarded(h->layer->instance_size);
    for (uint32_t i = 0; i < h->layer->setting_count; i++)
        store(h, &h->layer->settings[i], 1, (const double[2]){h->layer->settings[i].fallback, 0});
}

static const struct nnrun_setting *setting(const struct harness *h, const char *key)
{
    for (uint32_t i = 0; i < h->layer->setting_count; i++)
        if (strcmp(h->layer->settings[i].name, key) == 0)
            return &h->layer->settings[i];
    give_up(key, "no such setting");
    return NULL;
}

void harness_set(struct harness *h, const char *key, double value)
{
    store(h, setting(h, key), 1, (const double[2]){value, 0});
}

void harness_set2(struct harness *h, const char *key, double first, double second)
{
    store(h, setting(h, key), 2, (const double[2]){first, second});
}

static int declare(struct nnrun_plan *plan, const struct nnrun_tensor *tensor)
{
    struct harness *h = plan->core;

    if (h->tensors == HARNESS_TENSORS)
        give_up(tensor->name, "too many tensors");
    h->tensor[h->tensors++] = *tensor;
    return 0;
}

static int __attribute__((format(printf, 3, 4)))
fail(struct nnrun_plan *plan, const char *key, const char *format, ...)
{
    struct harness *h = plan->core;
    const int at = key ? snprintf(h->message, sizeof h->message, "%s: ", key) : 0;
    va_list list;

    va_start(list, format);
    vsnprintf(h->message + at, sizeof h->message - (size_t)at, format, list);
    va_end(list);
    return -1;
}

static size_t values(const struct nnrun_shape *shape)
{
    size_t product = 1;

    for (int32_t i = 0; i < shape->rank; i++)
        product *= (size_t)shape->dim[i];
    return product;
}

/* What the layer wants to make of its weights. */
static void ask_derived(struct harness *h)
{
    const struct nnrun_capability *entry = h->layer->head.minor > 0 ? h->layer->capabilities : NULL;

    for (; entry && entry->id; entry++)
        if (strcmp(entry->id, NNRUN_DERIVED_1) == 0) {
            h->maker = entry->table;
            h->maker->need(h->self, &h->need);
            if (h->need.bytes == 0)
                h->maker = NULL;
        }
    h->derived = guarded(h->need.bytes);
}

static void make_derived(struct harness *h, int level)
{
    if (!h->maker)
        return;
    spoil(h->derived);
    while (level > 0 && !h->maker->make[level])
        level--;
    for (uint32_t part = 0; part < h->need.parts; part++)
        h->maker->make[level](h->self, (const float *const *)h->w, h->derived, part);
}

int harness_plan(struct harness *h, int32_t inputs, const struct nnrun_shape *input)
{
    memcpy(h->input, input, (size_t)inputs * sizeof *input);
    h->plan = (struct nnrun_plan){.minor = NNRUN_ABI_MINOR,
                                  .training = 1,
                                  .inputs = inputs,
                                  .input = h->input,
                                  .tensor = declare,
                                  .fail = fail,
                                  .core = h};
    if (h->layer->plan(h->self, &h->plan) != 0)
        return -1;
    for (int32_t i = 0; i < inputs; i++) {
        h->x_floats[i] = values(&input[i]) * NNRUN_LANES;
        h->x[i] = guarded(h->x_floats[i] * sizeof(float));
        h->dx[i] = guarded(h->x_floats[i] * sizeof(float));
        harness_fill(h->x[i], h->x_floats[i], 1 + (uint32_t)i);
    }
    for (int32_t i = 0; i < h->tensors; i++) {
        h->w_floats[i] = values(&h->tensor[i].shape);
        h->w[i] = guarded(h->w_floats[i] * sizeof(float));
        h->dw[i] = guarded(h->w_floats[i] * sizeof(float));
        harness_fill(h->w[i], h->w_floats[i], 11 + (uint32_t)i);
    }
    h->y_floats = values(&h->plan.output) * NNRUN_LANES;
    h->y = guarded(h->y_floats * sizeof(float));
    h->dy = guarded(h->y_floats * sizeof(float));
    harness_fill(h->dy, h->y_floats, 21);
    h->loss = guarded(NNRUN_LANES * sizeof(float));
    h->target = guarded(h->layer->target < NNRUN_DENSE ? NNRUN_LANES * sizeof(int32_t)
                                                       : h->x_floats[0] * sizeof(float));
    h->keep = guarded(h->plan.keep_bytes);
    h->scratch = guarded(h->plan.scratch_bytes);
    h->backward_scratch =
        guarded(h->layer->head.needs > 0 ? h->plan.backward_scratch_bytes : h->plan.scratch_bytes);
    h->random = guarded(h->plan.random_words * (size_t)NNRUN_LANES * sizeof(uint16_t));
    ask_derived(h);
    return 0;
}

static void call(struct harness *h, int level, bool backward)
{
    const uint32_t flags = h->layer->flags;
    const bool reads_x = !backward || (flags & NNRUN_READS_X), reads_y = !backward || (flags & NNRUN_READS_Y);
    const float *none[HARNESS_INPUTS] = {NULL};
    float *no_dx[HARNESS_INPUTS] = {NULL};
    const struct nnrun_slice slice = {.count = h->count,
                                      .training = h->training,
                                      .first = h->first,
                                      .inputs = (uint32_t)h->plan.inputs,
                                      .x = reads_x ? (const float *const *)h->x : none,
                                      .y = reads_y ? h->y : NULL,
                                      .w = (const float *const *)h->w,
                                      .dw = h->training ? h->dw : NULL,
                                      .dy = backward && !h->with_target ? h->dy : NULL,
                                      .dx = h->no_dx ? no_dx : h->dx,
                                      .target = h->with_target ? h->target : NULL,
                                      .loss = h->with_target && !backward ? h->loss : NULL,
                                      .keep = h->training ? h->keep : NULL,
                                      .scratch = backward ? h->backward_scratch : h->scratch,
                                      .random = h->training ? h->random : NULL,
                                      .derived = h->maker ? h->derived : NULL};

    spoil(h->scratch);
    spoil(h->backward_scratch);
    make_derived(h, level);
    if (backward) {
        for (int32_t i = 0; i < h->plan.inputs; i++)
            spoil(h->dx[i]);
    } else {
        spoil(h->y);
        spoil(h->keep);
    }
    while (level > 0 && !h->layer->code[level].forward)
        level--;
    if (backward)
        h->layer->code[level].backward(h->self, &slice);
    else
        h->layer->code[level].forward(h->self, &slice);
}

void harness_forward(struct harness *h, int level)
{
    call(h, level, false);
}

void harness_backward(struct harness *h, int level)
{
    call(h, level, true);
}

bool harness_intact(const struct harness *h)
{
    bool whole = intact(h->y) && intact(h->dy) && intact(h->loss) && intact(h->target) && intact(h->keep) &&
                 intact(h->scratch) && intact(h->backward_scratch) && intact(h->random) && intact(h->derived);

    for (int32_t i = 0; i < h->plan.inputs; i++)
        whole = whole && intact(h->x[i]) && intact(h->dx[i]);
    for (int32_t i = 0; i < h->tensors; i++)
        whole = whole && intact(h->w[i]) && intact(h->dw[i]);
    return whole;
}

void harness_close(struct harness *h)
{
    for (int32_t i = 0; i < h->plan.inputs; i++) {
        release(h->x[i]);
        release(h->dx[i]);
    }
    for (int32_t i = 0; i < h->tensors; i++) {
        release(h->w[i]);
        release(h->dw[i]);
    }
    release(h->y);
    release(h->dy);
    release(h->loss);
    release(h->target);
    release(h->keep);
    release(h->scratch);
    release(h->backward_scratch);
    release(h->random);
    release(h->derived);
    release(h->self);
    /* The library stays open, as in the core: sanitizers still want its symbols. */
}
