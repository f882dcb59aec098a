/* layer_timing.c: see layer_timing.h. */
#include "measure/layer_timing.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "measure/bench.h"
#include "measure/peak.h"

enum { PASSES = 24 }; /* of a median */

/* A slice through the net, again and again, each layer's passes timed. */
struct passes {
    const struct bench *bench;
    struct net_slice slice;
    float *gradients, *observations;
    void *arena, *target;
    _Alignas(64) float loss[NNRUN_LANES];
    double *seconds; /* [2 * node_count][PASSES] */
    double
        *rows; /* [2 * node_count][BENCH_ROUNDS], a round's best each; then [2 * node_count] of this round */
    double clock; /* what looking at it costs */
};

static void run_passes(void *arg, unsigned part, unsigned thread)
{
    struct passes *p = arg;
    const struct model *model = p->bench->model;
    const struct net *net = model->net;
    const size_t n = net->node_count;

    (void)part, (void)thread;
    for (size_t pass = 0; pass < PASSES; pass++) {
        double now, before;
        lanes_gather(model->level)(&model->scaling, p->bench->pixels, net_input(net, p->slice.arena));
        before = clock_seconds();
        for (size_t i = 0; i < n; i++, before = now) {
            net_forward_node(net, i, &p->slice);
            now = clock_seconds();
            p->seconds[i * PASSES + pass] = now - before - p->clock;
        }
        for (size_t i = n; net->backward && i-- > 0; before = now) {
            if (net->nodes[i].learns)
                net_backward_node(net, i, &p->slice);
            now = clock_seconds();
            p->seconds[(n + i) * PASSES + pass] = now - before - p->clock;
        }
    }
}

/* The least of many tries: where another process came between, a look seems to cost more than a small layer. */
static double clock_cost(void)
{
    enum { TRIES = 50, LOOKS = 20 };
    double least = 0;

    for (int try = 0; try < TRIES; try++) {
        const double began = clock_seconds();
        double now = began;
        for (int i = 0; i < LOOKS; i++)
            now = clock_seconds();
        if (try == 0 || now - began < least)
            least = now - began;
    }
    return least / LOOKS;
}

static size_t tensor_bytes(const struct net *net, const struct net_node *node)
{
    size_t floats = 0;

    for (size_t t = node->first_tensor; t < node->first_tensor + node->tensor_count; t++)
        floats += net->tensors[t].count;
    return floats * sizeof(float);
}

static void count_bytes(const struct net *net, const struct net_node *node, struct timing_layer *layer)
{
    const uint32_t flags = node->plugin->layer.flags;
    const size_t slice = NNRUN_LANES * sizeof(float), w = tensor_bytes(net, node), y = node->values * slice;
    size_t x = 0, dx = 0;

    for (size_t k = 0; k < node->input_count; k++) {
        const size_t value = node->inputs[k];
        const size_t bytes = (value == 0 ? net->input_values : net->nodes[value - 1].values) * slice;
        x += bytes;
        dx += value > 0 && net->nodes[value - 1].learns ? bytes : 0;
    }
    layer->forward.bytes = x + w + y + node->keep_bytes;
    if (node->learns)
        layer->backward.bytes = y + dx + 2 * w + node->keep_bytes + (flags & NNRUN_READS_X ? x : 0) +
                                (flags & NNRUN_READS_Y ? y : 0);
}

/* `row` holds what the pass took in each round, `peaks` the peak of each. */
static void sum_up_pass(struct timing_pass *pass, double flops, double *row, const double *peaks)
{
    double shares[BENCH_ROUNDS];

    pass->flops = flops * NNRUN_LANES;
    for (size_t r = 0; r < BENCH_ROUNDS; r++)
        shares[r] = row[r] > 0 ? pass->flops / row[r] / peaks[r] : 0;
    pass->share = bench_median(shares, BENCH_ROUNDS);
    pass->seconds = bench_median(row, BENCH_ROUNDS);
}

static void measure_rounds(struct bench *b, struct passes *p, double *peaks)
{
    const size_t passes = 2 * b->model->net->node_count;

    thread_pool_run(b->pool, 1, run_passes, p); /* to warm up */
    for (size_t r = 0; r < BENCH_ROUNDS; r++) {
        const double end = clock_seconds() + BENCH_PART_SECONDS;
        double *best = p->rows + passes * BENCH_ROUNDS;
        peaks[r] = peak_flops(b->pool, b->model->level, BENCH_PEAK_SECONDS);
        for (size_t i = 0; i < passes; i++)
            best[i] = 0;
        do {
            thread_pool_run(b->pool, 1, run_passes, p);
            for (size_t i = 0; i < passes; i++) {
                const double now = bench_median(p->seconds + i * PASSES, PASSES);
                best[i] = best[i] == 0 || now < best[i] ? now : best[i];
            }
        } while (clock_seconds() < end);
        for (size_t i = 0; i < passes; i++)
            p->rows[i * BENCH_ROUNDS + r] = best[i];
        bench_end_round(b);
    }
}

static int create_passes(struct passes *p, const struct bench *b)
{
    const struct net *net = b->model->net;
    const struct train_settings *train = &b->model->settings.train;
    const size_t slices = ((size_t)train->batch + NNRUN_LANES - 1) / NNRUN_LANES,
                 groups = executor_groups((size_t)train->batch, train->groups);

    *p = (struct passes){.bench = b,
                         .gradients = memory_array(net->weights, sizeof *p->gradients),
                         .observations = memory_array(net->states, sizeof *p->observations),
                         .arena = memory_array(net->arena_bytes, 1),
                         .target = memory_array(net_target_values(net) * NNRUN_LANES, sizeof(float)),
                         .seconds = memory_array(2 * net->node_count * PASSES, sizeof *p->seconds),
                         .rows = memory_array(2 * net->node_count * (BENCH_ROUNDS + 1), sizeof *p->rows),
                         .clock = clock_cost()};
    p->slice = (struct net_slice){.arena = p->arena,
                                  .count = NNRUN_LANES,
                                  .training = true,
                                  .first = groups >= slices, /* else most are not */
                                  .weights = b->weights,
                                  .states = b->states,
                                  .derived = b->derived.memory,
                                  .gradients = p->gradients,
                                  .observations = p->observations,
                                  .target = p->target,
                                  .loss = p->loss};
    if (p->gradients && p->observations && p->arena && p->target && p->seconds && p->rows)
        return 0;
    return error_memory(b->error);
}

static void free_passes(struct passes *p)
{
    free(p->gradients);
    free(p->observations);
    free(p->arena);
    free(p->target);
    free(p->seconds);
    free(p->rows);
}

int layer_timing_measure(struct bench *b, struct timing_layer *layers)
{
    const struct net *net = b->model->net;
    const size_t n = net->node_count;
    double peaks[BENCH_ROUNDS];
    struct passes p;
    const int failed = create_passes(&p, b);

    if (!failed) {
        derived_weights_make(&b->derived, b->pool, true);
        measure_rounds(b, &p, peaks);
    }
    for (size_t i = 0; !failed && i < n; i++) {
        const struct net_node *node = &net->nodes[i];
        sum_up_pass(&layers[i].forward, node->forward_flops, p.rows + i * BENCH_ROUNDS, peaks);
        if (node->learns)
            sum_up_pass(&layers[i].backward, node->dx_flops + node->dw_flops, p.rows + (n + i) * BENCH_ROUNDS,
                        peaks);
        count_bytes(net, node, &layers[i]);
    }
    free_passes(&p);
    return failed;
}
