/* step_timing.h: how long a step of training and inference take with all threads of a pool. */
#ifndef MEASURE_STEP_TIMING_H
#define MEASURE_STEP_TIMING_H

#include "train/executor.h"

struct bench;

struct timing_threads {
    unsigned threads;
    double peak;              /* FLOP/s */
    double step;              /* seconds */
    struct step_times inside; /* of a step, summed over the threads; */
    double wait;              /* what is left of threads * step */
    double samples_per_s, share;
    double infer_per_s, infer_share;
};

/* Times steps and inference with the bench's executors, in BENCH_ROUNDS rounds; FLOPs are those of a sample, and
 * *latency is the seconds one sample alone takes, by the bench's predictor. Returns 0, or -1 after setting the bench's error. */
int step_timing_measure(struct bench *b, double forward_flops, double backward_flops,
                        struct timing_threads *found, double *latency);
#endif
