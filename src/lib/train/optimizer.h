/* optimizer.h: the rules by which a step's gradient changes the weights. PyTorch's SGD, Adam and AdamW. */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include <stddef.h>

#include "base/error.h"
#include "nnrun/layer.h"
#include "model/settings.h"

enum { OPTIMIZER_MOST_SLOTS = 2, OPTIMIZER_MOST_GROUPS = 64 };

struct optimizer {
    struct optimizer_settings settings;
    size_t weights; /* floats in each slot, laid out like the net's learned weights */
    size_t slots;
    float *slot[OPTIMIZER_MOST_SLOTS]; /* what it remembers of each weight */
    double power[2];                   /* Adam: beta1^steps, beta2^steps, as running products */
};

/* The slots' names in a checkpoint, "momentum"; NULL: it has no i-th. */
const char *optimizer_slot_name(const struct optimizer_settings *settings, size_t i);

/* How many it has. */
size_t optimizer_slots(const struct optimizer_settings *settings);

/* Zeroed slots. Returns 0 or -1. */
int optimizer_init(struct optimizer *optimizer, const struct optimizer_settings *settings, size_t weights,
                   struct error *error);
void optimizer_finish(struct optimizer *optimizer);

/* One step's constants; the groups' gradients are summed pairwise by index: ((0 + 1) + (2 + 3)) + ... */
struct optimizer_step {
    float *weights;
    float *const *gradients; /* [groups] */
    unsigned groups;
    size_t decayed; /* weights below it decay */
    float *slot[OPTIMIZER_MOST_SLOTS];
    /* Constants are computed in double from the config's numbers, and rounded once. */
    float scale;                 /* of the summed gradient: 1 / samples, times the clipping factor */
    float rate, momentum;        /* SGD */
    float nesterov;              /* SGD: not 0 with Nesterov's momentum */
    float decay;                 /* AdamW: times the rate */
    float beta1, beta2;          /* Adam, as the next ones */
    float rest1, rest2;          /* 1 - beta1, 1 - beta2 */
    float step_size, root_scale; /* rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t) */
    float epsilon;
};

/* Advances the running products and fills in all but weights, gradients, groups, decayed and scale. */
void optimizer_begin(struct optimizer *optimizer, double rate, struct optimizer_step *step);

/* The same step at another rate, for weights that have one of their own. */
void optimizer_set_rate(const struct optimizer *optimizer, double rate, struct optimizer_step *step);

/* [worker], on floats [from, to), multiples of 16. `sum` leaves the groups' sum in gradients[0] and returns
 * its squared norm; `update` changes weights and slots. */
struct optimizer_code {
    double (*sum)(const struct optimizer_step *step, size_t from, size_t to);
    void (*update)(const struct optimizer_step *step, size_t from, size_t to);
};

/* By code level and type of optimizer. */
const struct optimizer_code *optimizer_code(unsigned level, int type);
#endif
