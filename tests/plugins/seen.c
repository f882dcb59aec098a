/* seen.c: a fixture that prints each call and which pointers of it are not NULL, a line each on standard error. y = x, with a
 * weight and a state that change nothing. The settings are what the test knows of the layer's place. -DTARGET=NNRUN_CLASS: a
 * loss of zero. */
#define NNRUN_NEEDS 1
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#ifndef TARGET
#define TARGET NNRUN_NO_TARGET
#endif

struct seen {
    int32_t asked, wanted, target; /* 0, 1; -1: the test does not know */
    size_t floats;
};

static const struct nnrun_setting settings[] = {
    {.name = "asked",
     .kind = NNRUN_INT,
     .offset = offsetof(struct seen, asked),
     .high = 1,
     .doc = "1: it asks for keep, scratch, random words and derived weights"},
    {.name = "wanted",
     .kind = NNRUN_INT,
     .offset = offsetof(struct seen, wanted),
     .low = -1,
     .high = 1,
     .default_value = -1,
     .doc = "1: dx is wanted of it"},
    {.name = "target",
     .kind = NNRUN_INT,
     .offset = offsetof(struct seen, target),
     .low = -1,
     .high = 1,
     .default_value = -1,
     .doc = "1: it ends the network"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct seen *seen = self;
    struct nnrun_tensor weight = {.name = "weight", .shape = {.rank = 1, .dim = {3}}};
    struct nnrun_tensor state = {
        .name = "state", .shape = {.rank = 1, .dim = {3}}, .role = NNRUN_STATE, .momentum = 0.5};

    fprintf(stderr, "call plan training=%u\n", (unsigned)plan->training);
    seen->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    if (seen->asked) {
        plan->keep_bytes = plan->scratch_bytes = plan->backward_scratch_bytes = 64;
        plan->random_words = 1;
    }
    return plan->tensor(plan, &weight) || plan->tensor(plan, &state) ? -1 : 0;
}

static void need(const void *self, struct nnrun_derived_need *need)
{
    fprintf(stderr, "call need\n");
    if (((const struct seen *)self)->asked) {
        need->bytes = 8;
        need->parts = 2;
        need->evaluation_parts = 1;
    }
}

static void make(const void *self, const float *const *w, void *derived, uint32_t part)
{
    (void)self;
    fprintf(stderr, "call make part=%u w[0]=%d w[1]=%d\n", (unsigned)part, w[0] != NULL, w[1] != NULL);
    ((float *)derived)[part] = w[0][0] + w[0][1] + w[0][2];
}

static void print(const struct seen *seen, const char *call, const struct nnrun_slice *s)
{
    fprintf(
        stderr,
        "call %s training=%u asked=%d wanted=%d target-given=%d x=%d x[i]=%d y=%d w=%d w[i]=%d dw=%d dw[i],weight=%d "
        "dw[i],state=%d dy=%d dx=%d dx[i]=%d target=%d loss=%d keep=%d scratch=%d random=%d derived=%d\n",
        call, (unsigned)s->training, (int)seen->asked, (int)seen->wanted, (int)seen->target, s->x != NULL,
        s->x[0] != NULL, s->y != NULL, s->w != NULL, s->w[0] != NULL && s->w[1] != NULL, s->dw != NULL,
        s->dw && s->dw[0], s->dw && s->dw[1], s->dy != NULL, s->dx != NULL, s->dx && s->dx[0],
        s->target != NULL, s->loss != NULL, s->keep != NULL, s->scratch != NULL, s->random != NULL,
        s->derived != NULL);
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    const struct seen *seen = self;

    print(seen, "forward", s);
    memcpy(s->y, s->x[0], seen->floats * sizeof *s->y);
    if (s->loss)
        memset(s->loss, 0, NNRUN_LANES * sizeof *s->loss);
    if (s->training)
        memset(s->dw[1], 0, 3 * sizeof *s->dw[1]);
    if (s->keep && s->training)
        memset(s->keep, 0, 64);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    const struct seen *seen = self;

    print(seen, "backward", s);
    if (s->dx[0] && s->dy)
        memcpy(s->dx[0], s->dy, seen->floats * sizeof *s->dy);
    else if (s->dx[0])
        memset(s->dx[0], 0, seen->floats * sizeof *s->dy);
}

static const struct nnrun_derived derived = {.need = need, .make = {make}};
static const struct nnrun_capability capabilities[] = {{.id = NNRUN_DERIVED_1, .table = &derived},
                                                       {.id = NULL}};

const struct nnrun_layer nnrun_plugin = {.head = NNRUN_HEAD,
                                         .type = TYPE,
                                         .doc = "prints what it sees",
                                         .target = TARGET,
                                         .min_inputs = 1,
                                         .max_inputs = 1,
                                         .instance_size = sizeof(struct seen),
                                         .setting_count = sizeof settings / sizeof settings[0],
                                         .settings = settings,
                                         .plan = plan,
                                         .code = {{forward, backward}},
                                         .capabilities = capabilities};
