/* export_check.h: whether a graph gives the answers of the network that it was made of. */
#ifndef EXPORT_EXPORT_CHECK_H
#define EXPORT_EXPORT_CHECK_H

#include "model/model.h"
#include "operators/graph.h"
#include "train/train_state.h"

/* How the answers of what is exported compare with the network's. */
struct export_check {
    uint64_t samples;
    uint64_t right, right_exported; /* of the network; of the graph */
    uint64_t differing;             /* samples with another class, or of several labels with others */
    double largest;                 /* of the network's outputs */
    double difference;              /* of an output, the largest */
};

/* What else computes the graph: from `x`, a sample as a data file has it, y, the outputs. Returns 0, or -1 after setting
 * error. Called by one thread. */
struct export_answerer {
    int (*answer)(void *arg, const float *x, float *y, struct error *error);
    void *arg;
};

enum { EXPORT_CHECK_OPERATORS, EXPORT_CHECK_OTHER, EXPORT_CHECKS };

/* On all of the model's test samples, with as many threads as it trains: of the definitions of the graph's operators, whose
 * results are rounded to float, and of `other`, NULL: there is none. `progress` returns whether to stop; it may be NULL.
 * Returns 0, or -1 after setting error. */
int export_check(const struct model *model, const struct train_state *state, const struct graph *graph,
                 const struct export_answerer *other,
                 bool (*progress)(void *arg, uint64_t done, uint64_t all), void *arg,
                 struct export_check results[EXPORT_CHECKS], struct error *error);
#endif
