/* loss_watch.h: tells a loss that grows from one that goes up and down. Pure, [any thread]. */
#ifndef TRAIN_LOSS_WATCH_H
#define TRAIN_LOSS_WATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { LOSS_WATCH_STEPS = 100 };

/* The losses of LOSS_WATCH_STEPS steps have a mean. The loss has grown if a mean exceeds the least one so far, or the
 * loss at the beginning, by `margin` times the loss at the beginning: much more than chance does. */
struct loss_watch {
    double begin;       /* mean loss of the first samples, 16 at least */
    double margin;      /* a factor */
    double least, last; /* means */
    double sum;         /* over samples, since the last mean */
    size_t samples, steps, begun;
    bool grown; /* it was told */
};

/* Of a training that begins with its first step. */
void loss_watch_init(struct loss_watch *watch);

/* Of a resumed one: its mean losses early on, when the network had learned something already, and of late. The former
 * stands for that at the beginning, so that more growth is wanted: all of it. */
void loss_watch_resume(struct loss_watch *watch, double early, double late);

/* Adds a step, by the sum of its samples' losses. True once: the loss has grown from `least` to `last`. */
bool loss_watch_add(struct loss_watch *watch, double sum, size_t samples);
#endif
