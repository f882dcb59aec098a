/* optimizer.c: see optimizer.h. */
#include "train/optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

const char *optimizer_slot_name(const struct optimizer_settings *settings, size_t i)
{
    static const char *const adam[OPTIMIZER_MOST_SLOTS] = {"exp_avg", "exp_avg_sq"};

    if (settings->type != OPTIMIZER_SGD)
        return i < OPTIMIZER_MOST_SLOTS ? adam[i] : NULL;
    return i == 0 && settings->momentum > 0 ? "momentum" : NULL;
}

size_t optimizer_slots(const struct optimizer_settings *settings)
{
    size_t slots = 0;

    while (slots < OPTIMIZER_MOST_SLOTS && optimizer_slot_name(settings, slots))
        slots++;
    return slots;
}

int optimizer_init(struct optimizer *optimizer, const struct optimizer_settings *settings, size_t weights,
                   struct error *error)
{
    *optimizer = (struct optimizer){.settings = *settings, .weights = weights, .power = {1, 1}};
    while (optimizer->slots < optimizer_slots(settings)) {
        float *slot = memory_array(weights, sizeof *slot);
        if (!slot) {
            optimizer_finish(optimizer);
            return error_memory(error);
        }
        optimizer->slot[optimizer->slots++] = slot;
    }
    return 0;
}

void optimizer_finish(struct optimizer *optimizer)
{
    for (size_t i = 0; i < optimizer->slots; i++)
        free(optimizer->slot[i]);
    optimizer->slots = 0;
}

void optimizer_set_rate(const struct optimizer *optimizer, double rate, struct optimizer_step *step)
{
    const struct optimizer_settings *settings = &optimizer->settings;

    step->rate = (float)rate;
    if (settings->type == OPTIMIZER_SGD)
        return;
    step->step_size = (float)(rate / (1 - optimizer->power[0]));
    if (settings->type == OPTIMIZER_ADAMW)
        step->decay = (float)(rate * settings->decay);
}

void optimizer_begin(struct optimizer *optimizer, double rate, struct optimizer_step *step)
{
    const struct optimizer_settings *settings = &optimizer->settings;

    for (size_t i = 0; i < OPTIMIZER_MOST_SLOTS; i++)
        step->slot[i] = i < optimizer->slots ? optimizer->slot[i] : NULL;
    step->decay = (float)settings->decay;
    step->momentum = (float)settings->momentum;
    step->nesterov = (float)settings->nesterov;
    if (settings->type != OPTIMIZER_SGD) {
        optimizer->power[0] *= settings->beta1;
        optimizer->power[1] *= settings->beta2;
        step->beta1 = (float)settings->beta1;
        step->beta2 = (float)settings->beta2;
        step->rest1 = (float)(1 - settings->beta1);
        step->rest2 = (float)(1 - settings->beta2);
        step->epsilon = (float)settings->epsilon;
        step->root_scale = (float)(1 / sqrt(1 - optimizer->power[1]));
    }
    optimizer_set_rate(optimizer, rate, step);
}
