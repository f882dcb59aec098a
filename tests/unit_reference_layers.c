/* unit_reference_layers.c: every shipped layer alone beside PyTorch, from tests/reference/make_layers.py:
 * output, gradients by inputs and weights, observed averages, evaluation, losses; at every code level of this
 * processor. */
#include "layer_harness.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/plugin.h"
#include "checkpoint/safetensors_read.h"

/* What a tensor may differ by at most, as a part of its largest element. */
#define TOLERANCE 1e-4

enum { NAME = 128, MOST_CASES = 64 };

struct reference_case {
    const char *name, *type;
    char *settings; /* KEY=NUMBER,KEY=NUMBER */
};

struct reference {
    struct safetensors *file;
    char *text; /* that the cases point into */
    struct reference_case cases[MOST_CASES];
    size_t count;
};

/* A run of a case at a level, for messages. */
struct trial {
    const struct reference *reference;
    const struct reference_case *now;
    struct harness *h;
    int level;
    double worst;
};

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    printf("\n  missing: %s\n", what);
    exit(99);
}

static void reference_open(struct reference *r)
{
    const char *source = getenv("NNRUN_SOURCE"), *cases;
    char path[1024], *rest, *word;
    struct error error UNIT_CLEARED = {0};

    need(source != NULL, "NNRUN_SOURCE");
    snprintf(path, sizeof path, "%s/tests/reference/layers.safetensors", source);
    r->file = safetensors_read(path, &error);
    need(r->file != NULL, path);
    cases = safetensors_value(r->file, "cases");
    need(cases != NULL, "cases");
    r->text = rest = memory_string(cases);
    need(r->text != NULL, "memory");
    for (r->count = 0; (word = strtok_r(rest, " ", &rest)) != NULL; r->count++) {
        struct reference_case *now = &r->cases[r->count];
        need(r->count < MOST_CASES, "room for cases");
        now->name = strtok_r(word, ":", &word);
        now->type = strtok_r(NULL, ":", &word);
        now->settings = word;
    }
}

static void reference_close(struct reference *r)
{
    safetensors_free(r->file);
    free(r->text);
}

/* NULL: there is none. */
static const struct tensor *find(const struct trial *t, const char *kind, const char *name)
{
    char full[NAME];

    snprintf(full, sizeof full, "%s.%s%s", t->now->name, kind, name);
    return safetensors_tensor(t->reference->file, full);
}

static const struct tensor *stored(const struct trial *t, const char *kind, const char *name)
{
    const struct tensor *tensor = find(t, kind, name);

    need(tensor && tensor->type == TENSOR_F32, kind);
    return tensor;
}

static const char *number(char text[16], int32_t k)
{
    snprintf(text, 16, "%d", (int)k);
    return text;
}

/* ---- comparing ----------------------------------------------------------------------------------- */

/* `lanes`: ours has the samples side by side, the stored one after the other. */
static void compare(struct trial *t, const char *what, const float *ours, size_t count,
                    const struct tensor *theirs, bool lanes)
{
    const float *reference = theirs->data;
    const size_t values = count / NNRUN_LANES;
    double largest = 0, difference = 0;

    CU_ASSERT_EQUAL_FATAL(theirs->bytes, count * sizeof(float));
    for (size_t i = 0; i < count; i++) {
        const size_t at = lanes ? i % values * NNRUN_LANES + i / values : i;
        const double d = fabs((double)ours[at] - (double)reference[i]);
        largest = fmax(largest, fabs((double)reference[i]));
        difference = d > difference || isnan(d) ? d : difference;
    }
    CU_ASSERT(largest > 0);
    difference /= largest;
    t->worst = fmax(t->worst, difference);
    if (!(difference <= TOLERANCE)) {
        printf("\n    %s, %s: %s differs by %.1e ", t->now->name, plugin_level_names[t->level], what,
               difference);
        CU_FAIL("differs from PyTorch");
    }
}

static void take(const struct tensor *from, float *to, size_t count, bool lanes)
{
    const float *values = from->data;

    CU_ASSERT_EQUAL_FATAL(from->bytes, count * sizeof(float));
    for (size_t i = 0; i < count; i++)
        to[lanes ? i % (count / NNRUN_LANES) * NNRUN_LANES + i / (count / NNRUN_LANES) : i] = values[i];
}

/* ---- a case --------------------------------------------------------------------------------------- */

static void apply_settings(struct harness *h, const char *settings)
{
    char *text = memory_string(settings), *rest = text, *word;

    need(text != NULL, "memory");
    while ((word = strtok_r(rest, ",", &rest)) != NULL) {
        char *value = strchr(word, '=');
        need(value != NULL, "a value");
        *value++ = '\0';
        harness_set(h, word, strtod(value, NULL));
    }
    free(text);
}

/* The stored inputs' shapes without their first dimension, the samples. */
static int32_t shapes_of(const struct trial *t, struct nnrun_shape shapes[HARNESS_INPUTS])
{
    const struct tensor *x;
    char text[16];
    int32_t inputs = 0;

    for (; inputs < HARNESS_INPUTS && (x = find(t, "x", number(text, inputs))) != NULL; inputs++) {
        need(x->rank >= 2 && x->dim[0] == NNRUN_LANES, "16 samples");
        shapes[inputs] = (struct nnrun_shape){.rank = (int32_t)x->rank - 1};
        for (uint32_t d = 1; d < x->rank; d++)
            shapes[inputs].dim[d - 1] = (int32_t)x->dim[d];
    }
    return inputs;
}

static bool is_state(const struct nnrun_tensor *tensor)
{
    return tensor->role == NNRUN_STATE;
}

static void fill(const struct trial *t)
{
    struct harness *h = t->h;
    const struct tensor *words = find(t, "random", "");
    char text[16];

    for (int32_t k = 0; k < h->plan.inputs; k++)
        take(stored(t, "x", number(text, k)), h->x[k], h->x_floats[k], true);
    for (int32_t i = 0; i < h->tensors; i++) {
        const struct tensor *from = stored(t, "w.", h->tensor[i].name);
        CU_ASSERT_EQUAL(from->rank, (uint32_t)h->tensor[i].shape.rank);
        take(from, h->w[i], h->w_floats[i], false);
        memset(h->dw[i], 0, h->w_floats[i] * sizeof *h->dw[i]);
    }
    take(stored(t, "dy", ""), h->dy, h->y_floats, true);
    CU_ASSERT_EQUAL_FATAL(words ? words->bytes / sizeof(float) : 0, h->plan.random_words * NNRUN_LANES);
    for (size_t i = 0; words && i < h->plan.random_words * NNRUN_LANES; i++) {
        const size_t lane = i / h->plan.random_words, word = i % h->plan.random_words;
        h->random[word * NNRUN_LANES + lane] = (uint16_t)((const float *)words->data)[i];
    }
}

static void check_training(struct trial *t)
{
    struct harness *h = t->h;
    char text[16];

    harness_forward(h, t->level);
    compare(t, "y", h->y, h->y_floats, stored(t, "y", ""), true);
    harness_backward(h, t->level);
    for (int32_t k = 0; k < h->plan.inputs; k++)
        compare(t, "dx", h->dx[k], h->x_floats[k], stored(t, "dx", number(text, k)), true);
    for (int32_t i = 0; i < h->tensors; i++) {
        const char *kind = is_state(&h->tensor[i]) ? "observed." : "dw.";
        compare(t, h->tensor[i].name, h->dw[i], h->w_floats[i], stored(t, kind, h->tensor[i].name), false);
    }
}

static void check_evaluation(struct trial *t)
{
    const struct tensor *y = find(t, "evaluated", "");

    t->h->training = false;
    harness_forward(t->h, t->level);
    compare(t, "y in evaluation", t->h->y, t->h->y_floats, y ? y : stored(t, "y", ""), true);
    t->h->training = true;
}

static void check_loss(struct trial *t)
{
    struct harness *h = t->h;
    const struct tensor *target = stored(t, "target", "");
    const float *numbers = target->data;

    if (h->layer->target == NNRUN_CLASS)
        for (size_t lane = 0; lane < NNRUN_LANES; lane++)
            h->target[lane] = (int32_t)numbers[lane];
    else
        take(target, (float *)(void *)h->target, h->x_floats[0], true);
    h->with_target = true;
    harness_forward(h, t->level);
    compare(t, "the loss", h->loss, NNRUN_LANES, stored(t, "loss", ""), true);
    harness_backward(h, t->level);
    compare(t, "dx of the loss", h->dx[0], h->x_floats[0], stored(t, "dloss", "0"), true);
    h->with_target = false;
}

static double check_case(const struct reference *r, const struct reference_case *now, const char *folder)
{
    double worst = 0;

    for (int level = 0; level <= harness_level(); level++) {
        struct nnrun_shape shapes[HARNESS_INPUTS];
        struct harness h;
        struct trial t = {.reference = r, .now = now, .h = &h, .level = level};
        const int32_t inputs = shapes_of(&t, shapes);
        harness_open(&h, folder, now->type);
        apply_settings(&h, now->settings);
        CU_ASSERT_EQUAL_FATAL(harness_plan(&h, inputs, shapes), 0);
        fill(&t);
        check_training(&t);
        check_evaluation(&t);
        if (h.layer->target != NNRUN_NO_TARGET)
            check_loss(&t);
        CU_ASSERT(harness_intact(&h));
        harness_close(&h);
        worst = fmax(worst, t.worst);
    }
    return worst;
}

static const char *plugins(void)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");

    need(folder != NULL, "NNRUN_PLUGIN_PATH");
    return folder;
}

static void layers(void)
{
    struct reference r;

    reference_open(&r);
    for (size_t i = 0; i < r.count; i++)
        printf("\n    %-18s %.1e", r.cases[i].name, check_case(&r, &r.cases[i], plugins()));
    printf("\n  ");
    reference_close(&r);
}

static void none_is_missing(void)
{
    const char *const folder = plugins();
    struct reference r;
    struct error error UNIT_CLEARED = {0};
    size_t count = 0;
    struct registry *registry = registry_create(&folder, 1, 0, &error);
    const char *const *types = registry ? registry_types(registry, &count, &error) : NULL;

    CU_ASSERT_PTR_NOT_NULL_FATAL(types);
    CU_ASSERT(count >= 20);
    reference_open(&r);
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < r.count && strcmp(r.cases[k].type, types[i]) != 0)
            k++;
        if (k == r.count)
            printf("\n  no case of %s in tests/reference/make_layers.py ", types[i]);
        CU_ASSERT(k < r.count);
    }
    reference_close(&r);
    registry_destroy(registry);
}

static const struct unit_test tests[] = {
    {"each layer's outputs, gradients, averages and losses are PyTorch's", layers},
    {"every shipped layer is among them", none_is_missing},
};
UNIT_MAIN("reference_layers", tests)
