/* bench.c: see bench.h. */
#include "measure/bench.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "train/memory_need.h"

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void bench_end_round(struct bench *b)
{
    b->rounds++;
    if (b->on_round)
        b->on_round(b->arg, b->rounds, b->all_rounds);
}

static int draw_samples(struct bench *b)
{
    const struct model *model = b->model;
    const size_t values = model->net->input_values;
    const struct random_key key = random_key(1, RANDOM_CHECK, "timing");
    const uint32_t classes = model->rule.classes;
    size_t pixels = 0, all = 0;

    if (size_multiply(values, BENCH_SAMPLES, &pixels) && size_add(pixels, BENCH_SAMPLES, &all))
        b->bytes = memory_array(all, 1);
    b->pixels = memory_array(BENCH_SAMPLES, sizeof *b->pixels);
    b->labels = memory_array(BENCH_SAMPLES, sizeof *b->labels);
    b->numbers = memory_array(BENCH_SAMPLES, sizeof *b->numbers);
    if (!b->bytes || !b->pixels || !b->labels || !b->numbers)
        return error_memory(b->error);
    for (size_t i = 0; i < all; i++) {
        uint32_t bits[4];
        random_block_at(key, i, bits);
        b->bytes[i] = (uint8_t)(i < pixels || classes == 0 ? bits[0] : bits[0] % classes);
    }
    random_permutation(key, 0, 0, b->numbers, BENCH_SAMPLES);
    for (size_t i = 0; i < BENCH_SAMPLES; i++) {
        b->pixels[i] = b->bytes + b->numbers[i] * values;
        b->labels[i] = b->bytes + pixels + b->numbers[i];
    }
    return 0;
}

/* Of training and of inference. */
static void specify(struct bench *b, struct executor_spec specs[2])
{
    const struct train_settings *train = &b->model->settings.train;

    specs[0] = specs[1] = (struct executor_spec){.net = b->model->net,
                                                 .pool = b->pool,
                                                 .level = b->model->level,
                                                 .batch = (size_t)train->batch,
                                                 .scaling = b->model->scaling,
                                                 .seed = (uint64_t)train->seed,
                                                 .clip = train->clip,
                                                 .weights = b->weights,
                                                 .states = b->states,
                                                 .derived = &b->derived,
                                                 .optimizer = &b->optimizer};
    specs[0].groups = executor_groups((size_t)train->batch, train->groups);
    specs[0].augment = b->model->augment;
    specs[0].times = b->times;
    specs[1].batch = BENCH_INFER_BATCH;
}

static int create_executors(struct bench *b, unsigned threads)
{
    struct executor_spec specs[2];

    if (!(b->pool = thread_pool_create(threads, b->error)))
        return -1;
    if (!(b->times = memory_array(threads, sizeof *b->times)))
        return error_memory(b->error);
    specify(b, specs);
    if (!(b->executor = executor_create(&specs[0], b->error)))
        return -1;
    return (b->evaluator = executor_create(&specs[1], b->error)) ? 0 : -1;
}

static void destroy_executors(struct bench *b)
{
    executor_destroy(b->executor);
    executor_destroy(b->evaluator);
    thread_pool_destroy(b->pool);
    free(b->times);
    b->executor = b->evaluator = NULL;
    b->pool = NULL;
    b->times = NULL;
}

/* Besides executors: weights, slots, the gradient and the arena of who times layers, the predictor, samples. */
static int check_memory(struct bench *b, unsigned threads)
{
    const struct net *net = b->model->net;
    struct executor_spec specs[2];
    struct memory_need need = {
        .executors = specs, .count = 2, .copies = 2 + optimizer_slots(&b->model->settings.train.optimizer)};

    if (!(b->pool = thread_pool_create(threads, b->error)))
        return -1;
    specify(b, specs);
    if (!size_multiply(net->input_values, BENCH_SAMPLES, &need.more) ||
        !size_add(need.more, net->arena_bytes, &need.more) ||
        !size_add(need.more, predictor_context_bytes(b->model, false), &need.more) ||
        !size_add(need.more, net->one_weight_bytes, &need.more) ||
        !size_add(need.more, net->derived_bytes, &need.more))
        need.more = SIZE_MAX;
    return memory_need_check(b->model, &need, b->error);
}

static int create_predictor(struct bench *b)
{
    const struct net *net = b->model->net;

    b->state.weights = b->weights;
    b->state.states = b->states;
    if (normalization_init(&b->state.normalization, b->model, b->error) != 0)
        return -1;
    b->predictor = predictor_create(b->model, &b->state, b->error);
    b->asked = b->predictor ? predictor_context_create(b->predictor, false, b->error) : NULL;
    if (!b->asked)
        return -1;
    b->outputs = memory_array(net->nodes[net->last].values, sizeof *b->outputs);
    return b->outputs ? 0 : error_memory(b->error);
}

int bench_init(struct bench *b, unsigned most_threads)
{
    const struct net *net = b->model->net;

    if (check_memory(b, most_threads) != 0)
        return -1;
    b->weights = memory_array(net->weights, sizeof *b->weights);
    b->states = memory_array(net->states, sizeof *b->states);
    if (!b->weights || !b->states)
        return error_memory(b->error);
    net_initialise(net, (uint64_t)b->model->settings.train.seed, b->weights, b->states);
    if (derived_weights_init(&b->derived, net, b->weights, b->error) != 0)
        return -1;
    if (optimizer_init(&b->optimizer, &b->model->settings.train.optimizer, net->learned, b->error) != 0)
        return -1;
    return create_predictor(b) != 0 ? -1 : draw_samples(b);
}

void bench_finish(struct bench *b)
{
    destroy_executors(b);
    optimizer_finish(&b->optimizer);
    derived_weights_finish(&b->derived);
    predictor_context_destroy(b->asked);
    predictor_destroy(b->predictor);
    normalization_finish(&b->state.normalization);
    free(b->outputs);
    free(b->weights);
    free(b->states);
    free(b->bytes);
    free(b->pixels);
    free(b->labels);
    free(b->numbers);
}

int bench_set_threads(struct bench *b, unsigned threads)
{
    destroy_executors(b);
    return create_executors(b, threads);
}

struct batch bench_batch(const struct bench *b, size_t first, size_t most)
{
    const size_t left = BENCH_SAMPLES - first;

    return (struct batch){
        .count = left < most ? left : most,
        .pixels = b->pixels + first,
        .labels = b->labels + first,
        .label_width = 1,
        .numbers = b->numbers + first,
    };
}
