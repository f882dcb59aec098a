/* bench.h: what timing measures with: executors, a predictor, samples in memory, rounds. */
#ifndef MEASURE_BENCH_H
#define MEASURE_BENCH_H

#include "model/model.h"
#include "predict/predictor.h"
#include "train/executor.h"
#include "train/optimizer.h"

enum { BENCH_ROUNDS = 9, BENCH_SAMPLES = 4096, BENCH_INFER_BATCH = 1024 };

/* Of a round: for the peak, and at least for each part. */
#define BENCH_PEAK_SECONDS 0.01
#define BENCH_PART_SECONDS 0.08

struct bench {
    const struct model *model;
    struct thread_pool *pool;
    struct executor *executor, *evaluator;
    struct optimizer optimizer;
    struct step_times *times; /* [threads] */
    float *weights, *states;
    struct derived_weights derived; /* of these weights */
    struct train_state state; /* these weights, for the predictor: it keeps what it made of them at first */
    struct predictor *predictor;      /* of one sample at a time */
    struct predictor_context *asked;  /* its memory */
    float *outputs;                   /* of the sample */
    uint8_t *bytes;                   /* [BENCH_SAMPLES][values] pixels, then [BENCH_SAMPLES] labels */
    const uint8_t **pixels, **labels; /* [BENCH_SAMPLES], shuffled */
    uint32_t *numbers;                /* [BENCH_SAMPLES] */
    void (*on_round)(void *arg, unsigned done, unsigned all); /* may be NULL */
    void *arg;
    unsigned rounds, all_rounds; /* done, of all */
    struct error *error;
};

/* Weights, optimizer, predictor and samples of b->model; no executors yet, but memory for those of so many threads is known
 * to be there. Returns 0, or -1 after setting *b->error; bench_finish in either case. */
int bench_init(struct bench *b, unsigned most_threads);
void bench_finish(struct bench *b);

/* Replaces the executors by those of so many threads. Returns 0, or -1 after setting *b->error. */
int bench_set_threads(struct bench *b, unsigned threads);

/* At most so many samples from `first` on. */
struct batch bench_batch(const struct bench *b, size_t first, size_t most);

void bench_end_round(struct bench *b);

/* Sorts the values. */
double bench_median(double *values, size_t count);
#endif
