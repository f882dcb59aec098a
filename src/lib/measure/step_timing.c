/* step_timing.c: see step_timing.h. */
#include "measure/step_timing.h"

#include <string.h>

#include "base/clock.h"
#include "measure/bench.h"
#include "measure/peak.h"

static const size_t insides[] = {offsetof(struct step_times, gather), offsetof(struct step_times, forward),
                                 offsetof(struct step_times, backward), offsetof(struct step_times, judge),
                                 offsetof(struct step_times, update)};
enum { INSIDES = sizeof insides / sizeof insides[0] };

static double *inside(struct step_times *times, size_t i)
{
    return (double *)(void *)((char *)times + insides[i]);
}

/* Steps for a while: the seconds of one, and what they are spent on. */
static int time_steps(struct bench *b, size_t batch, double *step, struct step_times *spent)
{
    const unsigned threads = thread_pool_threads(b->pool);
    const double began = clock_seconds();
    struct step_sums sums = {0};
    uint64_t steps = 0;
    size_t at = 0;

    memset(b->times, 0, threads * sizeof *b->times);
    do {
        const struct batch now = bench_batch(b, at, batch);
        if (executor_train(b->executor, &now, 0, steps++, &sums, b->error) != 0)
            return -1;
        at = at + 2 * batch <= BENCH_SAMPLES ? at + batch : 0;
    } while (clock_seconds() - began < BENCH_PART_SECONDS);
    *step = (clock_seconds() - began) / (double)steps;
    memset(spent, 0, sizeof *spent);
    for (unsigned t = 0; t < threads; t++)
        for (size_t i = 0; i < INSIDES; i++)
            *inside(spent, i) += *inside(&b->times[t], i) / (double)steps;
    return 0;
}

/* Infers for a while; returns the seconds of a sample. */
static double time_inference(struct bench *b)
{
    const double began = clock_seconds();
    struct step_sums sums = {0};
    size_t done = 0, at = 0;

    do {
        const struct batch now = bench_batch(b, at, BENCH_INFER_BATCH);
        executor_evaluate(b->evaluator, &now, &sums, NULL, NULL);
        done += now.count;
        at = at + 2 * BENCH_INFER_BATCH <= BENCH_SAMPLES ? at + BENCH_INFER_BATCH : 0;
    } while (clock_seconds() - began < BENCH_PART_SECONDS);
    return (clock_seconds() - began) / (double)done;
}

/* Asks about one sample after the other, as a program does; returns the seconds of one. */
static double time_samples(struct bench *b)
{
    enum { BETWEEN_LOOKS = 8 }; /* at the clock */
    const double began = clock_seconds();
    size_t done = 0;

    do
        for (int i = 0; i < BETWEEN_LOOKS; i++, done++)
            predictor_predict(b->asked, &(struct predictor_samples){.bytes = b->pixels[done % BENCH_SAMPLES]},
                              1, b->outputs);
    while (clock_seconds() - began < BENCH_PART_SECONDS);
    return (clock_seconds() - began) / (double)done;
}

/* What was measured in each round. */
struct rounds {
    double peak[BENCH_ROUNDS], step[BENCH_ROUNDS], spent[INSIDES][BENCH_ROUNDS];
    double infer[BENCH_ROUNDS], latency[BENCH_ROUNDS]; /* seconds a sample */
};

static int measure_rounds(struct bench *b, size_t batch, struct rounds *rounds)
{
    struct step_times spent;

    for (size_t r = 0; r < BENCH_ROUNDS; r++) {
        rounds->peak[r] = peak_flops(b->pool, b->model->level, BENCH_PEAK_SECONDS);
        if (time_steps(b, batch, &rounds->step[r], &spent) != 0)
            return -1;
        for (size_t i = 0; i < INSIDES; i++)
            rounds->spent[i][r] = *inside(&spent, i);
        rounds->infer[r] = time_inference(b);
        rounds->latency[r] = time_samples(b);
        bench_end_round(b);
    }
    return 0;
}

/* The median share of the peak of something with so many FLOPs. */
static double median_share(double flops, const double *seconds, const double *peaks)
{
    double share[BENCH_ROUNDS];

    for (size_t r = 0; r < BENCH_ROUNDS; r++)
        share[r] = flops / seconds[r] / peaks[r];
    return bench_median(share, BENCH_ROUNDS);
}

int step_timing_measure(struct bench *b, double forward_flops, double backward_flops,
                        struct timing_threads *found, double *latency)
{
    const size_t most = (size_t)b->model->settings.train.batch;
    const size_t batch = most < BENCH_SAMPLES ? most : BENCH_SAMPLES;
    struct rounds rounds;

    if (measure_rounds(b, batch, &rounds) != 0)
        return -1;
    /* shares first: a median sorts what it is of */
    found->share = median_share((forward_flops + backward_flops) * (double)batch, rounds.step, rounds.peak);
    found->infer_share = median_share(forward_flops, rounds.infer, rounds.peak);
    found->threads = thread_pool_threads(b->pool);
    found->peak = bench_median(rounds.peak, BENCH_ROUNDS);
    found->step = bench_median(rounds.step, BENCH_ROUNDS);
    found->wait = found->step * found->threads;
    for (size_t i = 0; i < INSIDES; i++) {
        *inside(&found->inside, i) = bench_median(rounds.spent[i], BENCH_ROUNDS);
        found->wait -= *inside(&found->inside, i);
    }
    found->samples_per_s = (double)batch / found->step;
    found->infer_per_s = 1 / bench_median(rounds.infer, BENCH_ROUNDS);
    *latency = bench_median(rounds.latency, BENCH_ROUNDS);
    return 0;
}
