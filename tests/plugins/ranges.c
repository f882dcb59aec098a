/* ranges.c: y = x, with settings whose ranges have none of the small numbers that gradcheck draws first. */
#include "fixture.h"

#include <string.h>

struct ranges {
    size_t floats;
    int32_t optional, end, beyond;
    double between;
    struct nnrun_reals list;
};

static const struct nnrun_setting settings[] = {
    {.name = "optional",
     .kind = NNRUN_INT,
     .offset = offsetof(struct ranges, optional),
     .low = 100,
     .high = 200,
     .default_value = 150,
     .doc = "has a default"},
    {.name = "end",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED,
     .offset = offsetof(struct ranges, end),
     .low = 100,
     .high = 200,
     .doc = "has a low end"},
    {.name = "beyond",
     .kind = NNRUN_INT,
     .flags = NNRUN_REQUIRED | NNRUN_OPEN_LOW,
     .offset = offsetof(struct ranges, beyond),
     .low = 100,
     .high = 200,
     .doc = "begins above it"},
    {.name = "between",
     .kind = NNRUN_REAL,
     .flags = NNRUN_REQUIRED | NNRUN_OPEN_LOW | NNRUN_OPEN_HIGH,
     .offset = offsetof(struct ranges, between),
     .low = 100,
     .high = 100.5,
     .doc = "lies between two numbers"},
    {.name = "list",
     .kind = NNRUN_REALS,
     .offset = offsetof(struct ranges, list),
     .max_count = 2,
     .low = 100,
     .high = 200,
     .default_value = 120,
     .doc = "is a list of numbers"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct ranges *ranges = self;

    ranges->floats = floats_of(&plan->input[0]);
    plan->output = plan->input[0];
    if (ranges->optional < 100 || ranges->end < 100 || ranges->beyond <= 100 || !(ranges->between > 100) ||
        ranges->list.count < 1 || ranges->list.value[0] < 100)
        return -1; /* without a reason: broken */
    return 0;
}

static void forward(const void *self, const struct nnrun_slice *s)
{
    memcpy(s->y, s->x[0], ((const struct ranges *)self)->floats * sizeof *s->y);
}

static void backward(const void *self, const struct nnrun_slice *s)
{
    if (s->dx[0])
        memcpy(s->dx[0], s->dy, ((const struct ranges *)self)->floats * sizeof *s->dy);
}

const struct nnrun_layer nnrun_plugin = {.head = NNRUN_HEAD,
                                         .type = "ranges",
                                         .doc = "the identity",
                                         .min_inputs = 1,
                                         .max_inputs = 1,
                                         .instance_size = sizeof(struct ranges),
                                         .setting_count = sizeof settings / sizeof settings[0],
                                         .settings = settings,
                                         .plan = plan,
                                         .code = {{forward, backward}}};
