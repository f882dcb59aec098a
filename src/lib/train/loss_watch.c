/* loss_watch.c: see loss_watch.h. */
#include "train/loss_watch.h"

enum { BEGIN_SAMPLES = 16 };

void loss_watch_init(struct loss_watch *watch)
{
    *watch = (struct loss_watch){.margin = 0.25};
}

void loss_watch_resume(struct loss_watch *watch, double early, double late)
{
    *watch = (struct loss_watch){.margin = 1, .begin = early, .least = late, .begun = BEGIN_SAMPLES};
}

/* A step of the beginning is part of no mean: what blows up does it in the first steps. */
static void add_to_begin(struct loss_watch *watch, double sum, size_t samples)
{
    watch->sum += sum;
    watch->begun += samples;
    if (watch->begun < BEGIN_SAMPLES)
        return;
    watch->begin = watch->least = watch->sum / (double)watch->begun;
    watch->sum = 0;
}

bool loss_watch_add(struct loss_watch *watch, double sum, size_t samples)
{
    if (watch->grown)
        return false;
    if (watch->begun < BEGIN_SAMPLES) {
        add_to_begin(watch, sum, samples);
        return false;
    }
    watch->sum += sum;
    watch->samples += samples;
    if (++watch->steps < LOSS_WATCH_STEPS)
        return false;
    watch->last = watch->sum / (double)watch->samples;
    watch->grown = watch->last > watch->least + watch->margin * watch->begin;
    if (!watch->grown && watch->last < watch->least)
        watch->least = watch->last;
    watch->sum = 0;
    watch->samples = watch->steps = 0;
    return watch->grown;
}
