/* timing.c: see timing.h. */
#include "measure/timing.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "train/optimizer.h"
#include "measure/peak.h"

enum { ROUNDS = 9, SAMPLES = 4096, PASSES = 24, INFER_BATCH = 1024 };
static const double peak_seconds = 0.01, part_seconds = 0.08; /* of a round */

/* What is measured with. */
struct bench {
    const struct model *model;
    struct thread_pool *pool;
    struct executor *executor, *evaluator;
    struct optimizer optimizer;
    struct step_times *times; /* [threads] */
    float *weights, *states;
    uint8_t *bytes;                   /* [SAMPLES][values] pixels, then [SAMPLES] labels */
    const uint8_t **pixels, **labels; /* [SAMPLES], shuffled */
    uint32_t *numbers;                /* [SAMPLES] */
    const struct timing_listener *listener;
    unsigned rounds, all_rounds; /* done, of all */
    struct error *error;
};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void end_round(struct bench *b)
{
    b->rounds++;
    if (b->listener->round)
        b->listener->round(b->listener->arg, b->rounds, b->all_rounds);
}

/* ---- samples and executors ------------------------------------------------------------------------ */

static int make_samples(struct bench *b)
{
    const struct model *model = b->model;
    const size_t values = model->net->input_values;
    const struct random_key key = random_key(1, RANDOM_CHECK, "timing");
    const uint32_t classes = model->rule.classes;
    size_t pixels, all;

    if (size_multiply(values, SAMPLES, &pixels) && size_add(pixels, SAMPLES, &all))
        b->bytes = memory_array(all, 1);
    b->pixels = memory_array(SAMPLES, sizeof *b->pixels);
    b->labels = memory_array(SAMPLES, sizeof *b->labels);
    b->numbers = memory_array(SAMPLES, sizeof *b->numbers);
    if (!b->bytes || !b->pixels || !b->labels || !b->numbers)
        return error_memory(b->error);
    for (size_t i = 0; i < all; i++) {
        uint32_t bits[4];
        random_block(key, (const uint32_t[4]){(uint32_t)i, (uint32_t)(i >> 32), 0, 0}, bits);
        b->bytes[i] = (uint8_t)(i < pixels || classes == 0 ? bits[0] : bits[0] % classes);
    }
    random_permutation(key, 0, 0, b->numbers, SAMPLES);
    for (size_t i = 0; i < SAMPLES; i++) {
        b->pixels[i] = b->bytes + b->numbers[i] * values;
        b->labels[i] = b->bytes + pixels + b->numbers[i];
    }
    return 0;
}

static int make_executors(struct bench *b, unsigned threads)
{
    const struct train_settings *train = &b->model->settings.train;
    struct executor_spec spec = {.net = b->model->net,
                                 .level = b->model->level,
                                 .batch = (size_t)train->batch,
                                 .groups = executor_groups((size_t)train->batch, train->groups),
                                 .scaling = b->model->scaling,
                                 .augment = b->model->augment,
                                 .seed = (uint64_t)train->seed,
                                 .clip = (float)train->clip,
                                 .weights = b->weights,
                                 .states = b->states,
                                 .optimizer = &b->optimizer};

    if (!(b->pool = thread_pool_create(threads, b->error)))
        return -1;
    spec.pool = b->pool;
    if (!(b->times = memory_array(threads, sizeof *b->times)))
        return error_memory(b->error);
    spec.times = b->times;
    if (!(b->executor = executor_create(&spec, b->error)))
        return -1;
    spec.times = NULL;
    spec.augment = NULL;
    spec.batch = INFER_BATCH;
    spec.groups = 0;
    return (b->evaluator = executor_create(&spec, b->error)) ? 0 : -1;
}

static void drop_executors(struct bench *b)
{
    executor_destroy(b->executor);
    executor_destroy(b->evaluator);
    thread_pool_destroy(b->pool);
    free(b->times);
    b->executor = b->evaluator = NULL;
    b->pool = NULL;
    b->times = NULL;
}

static int make_bench(struct bench *b)
{
    const struct net *net = b->model->net;

    b->weights = memory_array(net->weights, sizeof *b->weights);
    b->states = memory_array(net->states, sizeof *b->states);
    if (!b->weights || !b->states)
        return error_memory(b->error);
    net_initialise(net, (uint64_t)b->model->settings.train.seed, b->weights, b->states);
    if (optimizer_init(&b->optimizer, &b->model->settings.train.optimizer, net->weights, b->error) != 0)
        return -1;
    return make_samples(b);
}

static void drop_bench(struct bench *b)
{
    drop_executors(b);
    optimizer_finish(&b->optimizer);
    free(b->weights);
    free(b->states);
    free(b->bytes);
    free(b->pixels);
    free(b->labels);
    free(b->numbers);
}

static struct batch batch_at(const struct bench *b, size_t first, size_t most)
{
    const size_t left = SAMPLES - first;

    return (struct batch){
        left < most ? left : most, b->pixels + first, b->labels + first, 1, b->numbers + first, 0};
}

/* ---- layers -------------------------------------------------------------------------------------- */

/* A slice through the net, again and again, each layer's passes timed. */
struct passes {
    const struct bench *bench;
    struct net_slice slice;
    double *seconds; /* [2 * node_count][PASSES] */
    double clock;    /* what looking at it costs */
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

static double clock_cost(void)
{
    enum { LOOKS = 1000 };
    const double began = clock_seconds();
    double now = began;

    for (int i = 0; i < LOOKS; i++)
        now = clock_seconds();
    return (now - began) / LOOKS;
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

/* `rows` holds, a row for each pass of each layer, a round's median; `peaks` the peak of each round. */
static void conclude(struct timing_pass *pass, double flops, double *row, const double *peaks)
{
    double shares[ROUNDS];

    pass->flops = flops * NNRUN_LANES;
    for (size_t r = 0; r < ROUNDS; r++)
        shares[r] = row[r] > 0 ? pass->flops / row[r] / peaks[r] : 0;
    pass->share = median(shares, ROUNDS);
    pass->seconds = median(row, ROUNDS);
}

static void measure_rounds(struct bench *b, struct passes *p, double *rows, double *peaks)
{
    const size_t passes = 2 * b->model->net->node_count;

    thread_pool_run(b->pool, 1, run_passes, p); /* to warm up */
    for (size_t r = 0; r < ROUNDS; r++) {
        const double end = clock_seconds() + part_seconds;
        double *best = rows + passes * ROUNDS; /* a row of its own */
        peaks[r] = peak_flops(b->pool, b->model->level, peak_seconds);
        for (size_t i = 0; i < passes; i++)
            best[i] = 0;
        do {
            thread_pool_run(b->pool, 1, run_passes, p);
            for (size_t i = 0; i < passes; i++) {
                const double now = median(p->seconds + i * PASSES, PASSES);
                best[i] = best[i] == 0 || now < best[i] ? now : best[i];
            }
        } while (clock_seconds() < end);
        for (size_t i = 0; i < passes; i++)
            rows[i * ROUNDS + r] = best[i];
        end_round(b);
    }
}

static int time_layers(struct bench *b, struct timing *timing)
{
    const struct train_settings *train = &b->model->settings.train;
    const size_t slices = ((size_t)train->batch + NNRUN_LANES - 1) / NNRUN_LANES,
                 groups = executor_groups((size_t)train->batch, train->groups);
    const struct net *net = b->model->net;
    const size_t n = net->node_count;
    struct passes p = {.bench = b, .clock = clock_cost()};
    double peaks[ROUNDS], *rows = memory_array(2 * n * (ROUNDS + 1), sizeof *rows);
    float *gradients = memory_array(net->weights, sizeof *gradients),
          *observations = memory_array(net->states, sizeof *observations);
    void *arena = memory_array(net->arena_bytes, 1);
    _Alignas(64) float loss[NNRUN_LANES];
    void *target = memory_array(net_target_values(net) * NNRUN_LANES, sizeof(float));
    int failed = -1;

    p.seconds = memory_array(2 * n * PASSES, sizeof *p.seconds);
    if (!rows || !gradients || !observations || !arena || !target || !p.seconds) {
        error_memory(b->error);
        goto done;
    }
    p.slice = (struct net_slice){.arena = arena,
                                 .count = NNRUN_LANES,
                                 .training = true,
                                 .first = groups >= slices, /* else most are not */
                                 .weights = b->weights,
                                 .states = b->states,
                                 .gradients = gradients,
                                 .observations = observations,
                                 .target = target,
                                 .loss = loss};
    measure_rounds(b, &p, rows, peaks);
    for (size_t i = 0; i < n; i++) {
        const struct net_node *node = &net->nodes[i];
        struct timing_layer *layer = &timing->layers[i];
        conclude(&layer->forward, node->forward_flops, rows + i * ROUNDS, peaks);
        if (node->learns)
            conclude(&layer->backward, node->dx_flops + node->dw_flops, rows + (n + i) * ROUNDS, peaks);
        count_bytes(net, node, layer);
        timing->forward_flops += node->forward_flops;
        timing->backward_flops += node->dx_flops + node->dw_flops;
    }
    failed = 0;
done:
    free(rows);
    free(gradients);
    free(observations);
    free(arena);
    free(target);
    free(p.seconds);
    return failed;
}

/* ---- steps --------------------------------------------------------------------------------------- */

static const size_t insides[] = {offsetof(struct step_times, gather), offsetof(struct step_times, forward),
                                 offsetof(struct step_times, backward), offsetof(struct step_times, judge),
                                 offsetof(struct step_times, update)};
enum { INSIDES = sizeof insides / sizeof insides[0] };

static double *inside(struct step_times *times, size_t i)
{
    return (double *)(void *)((char *)times + insides[i]);
}

/* Steps for a while; returns the seconds of one, and what they are spent on. */
static int some_steps(struct bench *b, double *step, struct step_times *spent)
{
    const size_t most = (size_t)b->model->settings.train.batch, batch = most < SAMPLES ? most : SAMPLES;
    const unsigned threads = thread_pool_threads(b->pool);
    const double began = clock_seconds();
    struct step_sums sums = {0};
    uint64_t steps = 0;
    size_t at = 0;

    memset(b->times, 0, threads * sizeof *b->times);
    do {
        const struct batch now = batch_at(b, at, batch);
        if (executor_train(b->executor, &now, 0, steps++, &sums, b->error) != 0)
            return -1;
        at = at + 2 * batch <= SAMPLES ? at + batch : 0;
    } while (clock_seconds() - began < part_seconds);
    *step = (clock_seconds() - began) / (double)steps;
    memset(spent, 0, sizeof *spent);
    for (unsigned t = 0; t < threads; t++)
        for (size_t i = 0; i < INSIDES; i++)
            *inside(spent, i) += *inside(&b->times[t], i) / (double)steps;
    return 0;
}

static double some_inference(struct bench *b, size_t batch)
{
    const double began = clock_seconds();
    struct step_sums sums = {0};
    size_t done = 0, at = 0;

    do {
        const struct batch now = batch_at(b, at, batch);
        executor_evaluate(b->evaluator, &now, &sums, NULL, NULL);
        done += now.count;
        at = at + 2 * batch <= SAMPLES ? at + batch : 0;
    } while (clock_seconds() - began < part_seconds);
    return (clock_seconds() - began) / (double)done;
}

static int time_steps(struct bench *b, struct timing *timing, struct timing_threads *found)
{
    const size_t most = (size_t)b->model->settings.train.batch, batch = most < SAMPLES ? most : SAMPLES;
    const double flops = (timing->forward_flops + timing->backward_flops) * (double)batch;
    double step[ROUNDS], share[ROUNDS], infer[ROUNDS], infer_share[ROUNDS], peak[ROUNDS], latency[ROUNDS];
    double spent[INSIDES][ROUNDS];
    struct step_times times;

    for (size_t r = 0; r < ROUNDS; r++) {
        peak[r] = peak_flops(b->pool, b->model->level, peak_seconds);
        if (some_steps(b, &step[r], &times) != 0)
            return -1;
        for (size_t i = 0; i < INSIDES; i++)
            spent[i][r] = *inside(&times, i);
        infer[r] = some_inference(b, INFER_BATCH);
        latency[r] = some_inference(b, 1);
        share[r] = flops / step[r] / peak[r];
        infer_share[r] = timing->forward_flops / infer[r] / peak[r];
        end_round(b);
    }
    found->threads = thread_pool_threads(b->pool);
    found->peak = median(peak, ROUNDS);
    found->step = median(step, ROUNDS);
    found->wait = found->step * found->threads;
    for (size_t i = 0; i < INSIDES; i++) {
        *inside(&found->inside, i) = median(spent[i], ROUNDS);
        found->wait -= *inside(&found->inside, i);
    }
    found->samples_per_s = (double)batch / found->step;
    found->share = median(share, ROUNDS);
    found->infer_per_s = 1 / median(infer, ROUNDS);
    found->infer_share = median(infer_share, ROUNDS);
    timing->latency = median(latency, ROUNDS);
    return 0;
}

static int run(struct bench *b, const unsigned *threads, size_t count, struct timing *timing)
{
    if (make_bench(b) != 0 || make_executors(b, 1) != 0 || time_layers(b, timing) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        drop_executors(b);
        if (make_executors(b, threads[i]) != 0 || time_steps(b, timing, &timing->threads[i]) != 0)
            return -1;
    }
    return 0;
}

int timing_run(const struct model *model, const unsigned *threads, size_t count,
               const struct timing_listener *listener, struct timing *timing, struct error *error)
{
    struct bench bench = {
        .model = model, .error = error, .listener = listener, .all_rounds = ROUNDS * (1 + (unsigned)count)};
    int failed = -1;

    memset(timing, 0, sizeof *timing);
    timing->layers = memory_array(model->net->node_count, sizeof *timing->layers);
    timing->threads = memory_array(count, sizeof *timing->threads);
    timing->count = count;
    if (timing->layers && timing->threads)
        failed = run(&bench, threads, count, timing);
    else
        error_memory(error);
    drop_bench(&bench);
    return failed;
}

void timing_finish(struct timing *timing)
{
    free(timing->layers);
    free(timing->threads);
    memset(timing, 0, sizeof *timing);
}
