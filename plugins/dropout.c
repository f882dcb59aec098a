/* dropout.c: in training each value is dropped with probability `rate`, the others are divided by 1 - rate
 * (PyTorch's Dropout); in evaluation y = x. A value has 16 random bits: the rate is rounded to n / 65536, n <
 * 65536, and so is what the others are divided by. */
#ifndef NNRUN_LEVEL
#include <nnrun/layer.h>

#include <string.h>

struct dropout {
    double rate;
    size_t values;
    int32_t least; /* random words from here on keep their value */
    float factor;
};

#define NNRUN_LEVEL 0
#include "dropout.c"
#define NNRUN_LEVEL 1
#include "dropout.c"
#define NNRUN_LEVEL 2
#include "dropout.c"

static const struct nnrun_setting settings[] = {
    {.name = "rate",
     .kind = NNRUN_REAL,
     .flags = NNRUN_OPEN_HIGH,
     .offset = offsetof(struct dropout, rate),
     .low = 0,
     .high = 1,
     .fallback = 0.5,
     .doc = "probability that a value is dropped"},
};

static int plan(void *self, struct nnrun_plan *plan)
{
    struct dropout *dropout = self;

    plan->output = plan->input[0];
    dropout->values = nnrun_values(&plan->output);
    if (dropout->values > UINT32_MAX / NNRUN_LANES)
        return plan->fail(plan, NULL, "the input is too large");
    dropout->least = (int32_t)(dropout->rate * 65536 + 0.5);
    if (dropout->least > 65535)
        dropout->least = 65535;
    dropout->factor = (float)(65536.0 / (65536 - dropout->least));
    plan->random_words = (uint32_t)dropout->values;
    plan->keep_bytes = dropout->values * NNRUN_LANES * sizeof(int16_t);
    plan->forward_flops = plan->dx_flops = (double)dropout->values;
    return 0;
}

const struct nnrun_layer nnrun_plugin = {
    .head = NNRUN_HEAD,
    .type = "dropout",
    .doc = "drops values at random in training",
    .flags = NNRUN_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .instance_size = sizeof(struct dropout),
    .setting_count = sizeof settings / sizeof settings[0],
    .settings = settings,
    .plan = plan,
    .code = NNRUN_CODE(forward, backward),
};

#else
#include <nnrun/math.h>

typedef uint16_t NNRUN_FN(words) __attribute__((vector_size(2 * NNRUN_WIDTH)));
typedef int16_t NNRUN_FN(marks) __attribute__((vector_size(2 * NNRUN_WIDTH)));

/* value * factor where the mark is -1, 0 where it is 0 */
NNRUN_INLINE nnrun_vec NNRUN_FN(sift)(NNRUN_FN(marks) marks, nnrun_vec value, nnrun_vec factor)
{
    return nnrun_select(__builtin_convertvector(marks, nnrun_ivec), value * factor, nnrun_set(0.0f));
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct dropout *dropout = self;
    const nnrun_vec factor = nnrun_set(dropout->factor);
    int16_t *kept = s->keep;

    if (!s->training) {
        if (s->y != s->x[0])
            memcpy(s->y, s->x[0], dropout->values * NNRUN_LANES * sizeof *s->y);
        return;
    }
    for (size_t i = 0; i < dropout->values * NNRUN_LANES; i += NNRUN_WIDTH) {
        NNRUN_FN(words) words;
        NNRUN_FN(marks) marks;

        memcpy(&words, s->random + i, sizeof words);
        marks = (NNRUN_FN(marks))(words >= (uint16_t)dropout->least);
        memcpy(kept + i, &marks, sizeof marks);
        nnrun_store(s->y + i, NNRUN_FN(sift)(marks, nnrun_load(s->x[0] + i), factor));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct dropout *dropout = self;
    const nnrun_vec factor = nnrun_set(dropout->factor);
    const int16_t *kept = s->keep;

    for (size_t i = 0; s->dx[0] && i < dropout->values * NNRUN_LANES; i += NNRUN_WIDTH) {
        NNRUN_FN(marks) marks;

        memcpy(&marks, kept + i, sizeof marks);
        nnrun_store(s->dx[0] + i, NNRUN_FN(sift)(marks, nnrun_load(s->dy + i), factor));
    }
}
#include <nnrun/math_end.h>
#endif
