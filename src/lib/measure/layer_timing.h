/* layer_timing.h: how long each layer of a net takes. */
#ifndef MEASURE_LAYER_TIMING_H
#define MEASURE_LAYER_TIMING_H

#include <stddef.h>

struct bench;

/* One pass of a layer over a slice of 16 samples, on one thread, amid the passes of the others. */
struct timing_pass {
    double seconds;
    double flops; /* of the slice */
    double share; /* of one thread's peak */
    size_t bytes; /* of the tensors and values that it reads and writes */
};

struct timing_layer {
    struct timing_pass forward, backward; /* backward: seconds 0 where there is none */
};

/* Times the layers of the bench's net on one thread, in BENCH_ROUNDS rounds. Returns 0, or -1 after setting the
 * bench's error. */
int layer_timing_measure(struct bench *b, struct timing_layer *layers);
#endif
