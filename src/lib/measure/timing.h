/* timing.h: how fast a network trains and infers on this machine, and where the time goes. Samples are random
 * bytes held in memory, so that no file is opened; gathering them in a shuffled order is part of a step as in
 * training.
 *
 * All is measured in rounds, each with the processor's peak beside it: what is reported are medians, of
 * shares too, so that a machine that is busy or slows down now and then blurs them little. */
#ifndef MEASURE_TIMING_H
#define MEASURE_TIMING_H

#include "measure/layer_timing.h"
#include "measure/step_timing.h"
#include "model/model.h"

struct timing {
    struct timing_layer *layers;          /* [node_count] */
    double forward_flops, backward_flops; /* of a sample */
    struct timing_threads *threads;       /* [count] */
    size_t count;
    double latency; /* seconds for one sample alone, on one thread, by the layers that need no lanes for it */
};

struct timing_listener { /* called by the thread that calls timing_run, after each of all rounds */
    void *arg;
    void (*on_round)(void *arg, unsigned done, unsigned all); /* may be NULL */
};

/* Takes some two seconds for each number of threads. Returns 0 or -1; timing_finish in either case. */
int timing_run(const struct model *model, const unsigned *threads, size_t count,
               const struct timing_listener *listener, struct timing *timing, struct error *error);
void timing_finish(struct timing *timing);
#endif
