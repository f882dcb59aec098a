/* unit_train.c: schedules, pixels to lanes, the reduction of groups, and steps: who owns what, in which
 * order. The rules themselves are held against PyTorch by unit_reference.c. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "base/random.h"
#include "net/net_create.h"
#include "data/lanes.h"
#include "train/loss_watch.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/executor.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static unsigned highest_level(void)
{
    struct error error UNIT_CLEARED = {0};
    const int level = plugin_level(getenv("NNRUN_ISA"), &error);

    if (level < 0)
        exit(99);
    return (unsigned)level;
}

static void *need(void *memory)
{
    if (!memory)
        exit(99);
    return memory;
}

static void draw(float *to, size_t count, const char *name)
{
    const struct random_key key = random_key(1, RANDOM_CHECK, name);

    for (size_t i = 0; i < count; i++) {
        uint32_t bits[4];
        random_block(key, (const uint32_t[4]){(uint32_t)i, 0, 0, 0}, bits);
        to[i] = 2 * random_unit(bits[0]) - 1;
    }
}

/* ---- schedule.h -------------------------------------------------------------------------------- */

static void constant_rate(void)
{
    const struct schedule_settings s = {.type = SCHEDULE_CONSTANT};

    CU_ASSERT_EQUAL(schedule_factor(&s, 0, 10, 3), 1);
    CU_ASSERT_EQUAL(schedule_factor(&s, 29, 10, 3), 1);
}

static void step_rate(void)
{
    const struct schedule_settings s = {.type = SCHEDULE_STEP, .every = 2, .factor = 0.5};

    CU_ASSERT_EQUAL(schedule_factor(&s, 19, 10, 6), 1);
    CU_ASSERT_EQUAL(schedule_factor(&s, 20, 10, 6), 0.5);
    CU_ASSERT_EQUAL(schedule_factor(&s, 40, 10, 6), 0.25);
}

static void cosine_rate(void)
{
    const struct schedule_settings s = {.type = SCHEDULE_COSINE, .final = 0.2};
    bool falls = true;

    CU_ASSERT_EQUAL(schedule_factor(&s, 0, 10, 4), 1);
    CU_ASSERT_DOUBLE_EQUAL(schedule_factor(&s, 20, 10, 4), 0.6, 1e-15);
    CU_ASSERT_EQUAL(schedule_factor(&s, 40, 10, 4), 0.2);
    CU_ASSERT_EQUAL(schedule_factor(&s, 1000, 10, 4), 0.2); /* resumed for longer, then again for less */
    for (uint64_t step = 1; step < 40; step++) {
        const double now = schedule_factor(&s, step, 10, 4);
        falls = falls && now < schedule_factor(&s, step - 1, 10, 4);
        CU_ASSERT_DOUBLE_EQUAL(now, 0.2 + 0.4 * (1 + cos(acos(-1) * (double)step / 40)), 1e-14);
    }
    CU_ASSERT(falls);
}

static void warm_up(void)
{
    const struct schedule_settings half = {.type = SCHEDULE_COSINE, .warmup = 0.5},
                                   longer = {.type = SCHEDULE_COSINE, .warmup = 9, .final = 0.1};

    CU_ASSERT_DOUBLE_EQUAL(schedule_factor(&half, 0, 10, 2), 0.2, 1e-15);
    CU_ASSERT_EQUAL(schedule_factor(&half, 4, 10, 2), 1);
    CU_ASSERT_EQUAL(schedule_factor(&half, 5, 10, 2), 1); /* the cosine begins here */
    CU_ASSERT(schedule_factor(&half, 6, 10, 2) < 1);
    CU_ASSERT_DOUBLE_EQUAL(schedule_factor(&longer, 19, 10, 2), 20.0 / 90, 1e-15);
}

/* ---- loss_watch.h ------------------------------------------------------------------------------ */

/* `steps` of 32 samples with that mean loss; in how many of them it was told to have grown. */
static unsigned told(struct loss_watch *watch, unsigned steps, double loss)
{
    unsigned count = 0;

    for (unsigned i = 0; i < steps; i++)
        count += loss_watch_add(watch, 32 * loss, 32);
    return count;
}

static void loss_grows(void)
{
    struct loss_watch watch;

    loss_watch_init(&watch);
    CU_ASSERT_EQUAL(told(&watch, 1, 2), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS - 1, 2.51), 0);
    CU_ASSERT_EQUAL(told(&watch, 1, 2.51), 1);
    CU_ASSERT_DOUBLE_EQUAL(watch.least, 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(watch.last, 2.51, 1e-9);
    CU_ASSERT_EQUAL(told(&watch, 1000, 1000), 0);
    /* from the best that it was */
    loss_watch_init(&watch);
    CU_ASSERT_EQUAL(told(&watch, 1, 2), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS, 0.5), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS, 0.9), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS, 1.1), 1);
    /* what blows up after its first step: the step is enough of a beginning */
    loss_watch_init(&watch);
    CU_ASSERT_EQUAL(told(&watch, 1, 2), 0);
    CU_ASSERT_EQUAL(told(&watch, 2, 1e6), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS - 2, 2), 1);
}

static void loss_does_not_grow(void)
{
    struct loss_watch watch;

    loss_watch_init(&watch);
    CU_ASSERT_EQUAL(told(&watch, 1 + 2 * LOSS_WATCH_STEPS, 2), 0);
    for (unsigned i = 0; i < 50; i++) {
        CU_ASSERT_EQUAL(told(&watch, 5, 6), 0);
        CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS - 5, 1.0 / (1 + i)), 0);
    }
    /* samples one by one, of which the first is easy */
    loss_watch_init(&watch);
    CU_ASSERT_FALSE(loss_watch_add(&watch, 0.1, 1));
    for (unsigned i = 0; i < 1000; i++)
        CU_ASSERT_FALSE(loss_watch_add(&watch, i % 2 ? 1 : 4, 1));
}

static void resumed_loss_grows(void)
{
    struct loss_watch watch;

    loss_watch_resume(&watch, 0.6, 0.01);
    CU_ASSERT_EQUAL(told(&watch, 3 * LOSS_WATCH_STEPS, 0.6), 0);
    CU_ASSERT_EQUAL(told(&watch, LOSS_WATCH_STEPS, 0.62), 1);
}

/* ---- lanes.h ----------------------------------------------------------------------------------- */

static void gather(void)
{
    enum { CHANNELS = 3, AREA = 37, VALUES = CHANNELS * AREA };
    static const float scale[CHANNELS] = {0.01f, 0.5f, 2.0f}, shift[CHANNELS] = {-1, 0.25f, 3};
    const struct lanes_scaling scaling = {CHANNELS, AREA, scale, shift};
    static uint8_t bytes[NNRUN_LANES][VALUES];
    const uint8_t *pixels[NNRUN_LANES];
    static _Alignas(64) float first[VALUES * NNRUN_LANES], now[VALUES * NNRUN_LANES];

    for (int lane = 0; lane < NNRUN_LANES; lane++) {
        for (int i = 0; i < VALUES; i++)
            bytes[lane][i] = (uint8_t)(i * 7 + lane * 31);
        pixels[lane] = bytes[lane];
    }
    for (unsigned level = 0; level <= highest_level(); level++) {
        memset(now, 0xff, sizeof now);
        lanes_gather(level)(&scaling, pixels, now);
        for (int i = 0; i < VALUES; i++)
            for (int lane = 0; lane < NNRUN_LANES; lane++) {
                const double wanted =
                    (double)bytes[lane][i] * (double)scale[i / AREA] + (double)shift[i / AREA];
                if (fabs((double)now[i * NNRUN_LANES + lane] - wanted) > 1e-5 * fmax(1, fabs(wanted)))
                    CU_FAIL_FATAL("a pixel is elsewhere");
            }
        if (level <= 1)
            memcpy(first, now, sizeof first);
        else
            CU_ASSERT_EQUAL(memcmp(first, now, sizeof first), 0);
    }
}

/* ---- optimizer.h ------------------------------------------------------------------------------- */

/* ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)) in floats, whatever the count. */
static float pairwise(float *const *gradients, unsigned groups, size_t i)
{
    float t[OPTIMIZER_MOST_GROUPS];

    for (unsigned g = 0; g < groups; g++)
        t[g] = gradients[g][i];
    for (unsigned stride = 1; stride < groups; stride *= 2)
        for (unsigned g = 0; g + stride < groups; g += 2 * stride)
            t[g] += t[g + stride];
    return t[0];
}

static void reduction(void)
{
    enum { FLOATS = 96, DECAYED = 48 };
    float *gradients[OPTIMIZER_MOST_GROUPS];
    char name[16];

    for (unsigned g = 0; g < OPTIMIZER_MOST_GROUPS; g++) {
        gradients[g] = need(memory_array(FLOATS, sizeof(float)));
        snprintf(name, sizeof name, "group%u", g);
        draw(gradients[g], FLOATS, name);
    }
    for (unsigned groups = 1; groups <= OPTIMIZER_MOST_GROUPS; groups += groups < 9 ? 1 : 11)
        for (unsigned level = 0; level <= highest_level(); level++) {
            _Alignas(64) float weights[FLOATS] = {0};
            const struct optimizer_step step = {.weights = weights,
                                                .gradients = gradients,
                                                .groups = groups,
                                                .decayed = DECAYED,
                                                .scale = 0.25f,
                                                .rate = 1};
            optimizer_code(level, OPTIMIZER_SGD)->update(&step, 0, FLOATS);
            for (size_t i = 0; i < FLOATS; i++)
                if (weights[i] != -0.25f * pairwise(gradients, groups, i))
                    CU_FAIL_FATAL("summed in another order");
        }
    for (unsigned g = 0; g < OPTIMIZER_MOST_GROUPS; g++)
        free(gradients[g]);
}

static void decay_border(void)
{
    enum { FLOATS = 64 };
    _Alignas(64) float zeros[FLOATS] = {0};
    float *gradients[] = {zeros};

    for (unsigned level = 0; level <= highest_level(); level++)
        for (size_t border = 0; border <= FLOATS; border += 16) {
            _Alignas(64) float weights[FLOATS];
            const struct optimizer_step step = {.weights = weights,
                                                .gradients = gradients,
                                                .groups = 1,
                                                .decayed = border,
                                                .scale = 1,
                                                .rate = 0.5f,
                                                .decay = 0.5f};
            for (size_t i = 0; i < FLOATS; i++)
                weights[i] = 1;
            optimizer_code(level, OPTIMIZER_SGD)->update(&step, 0, 32);
            optimizer_code(level, OPTIMIZER_SGD)->update(&step, 32, FLOATS);
            for (size_t i = 0; i < FLOATS; i++)
                CU_ASSERT_EQUAL(weights[i], i < border ? 0.75f : 1.0f);
        }
}

/* ---- executor.h -------------------------------------------------------------------------------- */

/* A loss with a weight for each of its values and a running mean: y = x, loss = sum of w x, whose gradient by
 * w is x; it observes the mean over the samples of the slice. */
enum { VALUES = 21 };

static int toy_plan(void *self, struct nnrun_plan *plan)
{
    struct nnrun_tensor weight = {
        .name = "weight", .shape = {1, {VALUES}}, .init = NNRUN_UNIFORM, .value = 1, .flags = NNRUN_DECAY};
    struct nnrun_tensor mean = {
        .name = "mean", .shape = {1, {VALUES}}, .role = NNRUN_STATE, .momentum = 0.25};

    (void)self;
    plan->output = plan->input[0];
    return plan->tensor(plan, &weight) != 0 ? -1 : plan->tensor(plan, &mean);
}

static void toy_forward(const void *self, const struct nnrun_slice *s)
{
    (void)self;
    memcpy(s->y, s->x[0], VALUES * NNRUN_LANES * sizeof(float));
    for (int lane = 0; s->loss && lane < NNRUN_LANES; lane++) {
        s->loss[lane] = 0;
        for (int i = 0; i < VALUES; i++)
            s->loss[lane] += s->w[0][i] * s->x[0][i * NNRUN_LANES + lane];
    }
    for (int i = 0; s->training && i < VALUES; i++) {
        float sum = 0;
        for (uint32_t lane = 0; lane < s->count; lane++)
            sum += s->x[0][i * NNRUN_LANES + (int)lane];
        s->dw[1][i] = sum / (float)s->count;
    }
}

static void toy_backward(const void *self, const struct nnrun_slice *s)
{
    (void)self;
    for (int i = 0; i < VALUES; i++)
        for (uint32_t lane = 0; lane < s->count; lane++)
            s->dw[0][i] += s->x[0][i * NNRUN_LANES + (int)lane];
}

static const struct plugin toy = {.layer = {.head = NNRUN_HEAD,
                                            .type = "toy",
                                            .target = NNRUN_CLASS,
                                            .min_inputs = 1,
                                            .max_inputs = 1,
                                            .instance_size = 1,
                                            .plan = toy_plan,
                                            .code = {{toy_forward, toy_backward}}},
                                  .code = {toy_forward, toy_backward}};

/* What some steps over drawn samples come to. */
struct outcome {
    float weights[32], states[32];
    double loss;
};

enum { SAMPLES = 100 };

static const uint8_t *sample(size_t i)
{
    static uint8_t bytes[SAMPLES][VALUES];

    for (size_t k = 0; k < VALUES; k++)
        bytes[i][k] = (uint8_t)((i * 37 + k * k * 11) % 251);
    return bytes[i];
}

static struct net *toy_net(void)
{
    const struct nnrun_shape input = {1, {VALUES}};
    const struct net_layer layer = {
        .name = "toy", .type = "toy", .plugin = &toy, .instance = need(memory_array(1, 1))};
    struct net_faults faults;
    struct error error UNIT_CLEARED = {0};

    return need(net_create(&input, &layer, 1, true, &faults, &error));
}

/* One step of `count` samples with batches of `batch` in `groups`, at rate 1 without momentum. */
static struct outcome one_step(unsigned threads, size_t batch, int32_t groups, size_t count)
{
    static const float scale = 1, shift = 0;
    static const uint8_t label = 0;
    struct net *net = toy_net();
    struct outcome out = {0};
    struct error error UNIT_CLEARED = {0};
    struct optimizer optimizer;
    const struct optimizer_settings settings = {.type = OPTIMIZER_SGD};
    const uint8_t *pixels[SAMPLES], *labels[SAMPLES];
    float *weights = need(memory_array(net->weights, sizeof *weights)),
          *states = need(memory_array(net->states, sizeof *states));
    struct thread_pool *pool = need(thread_pool_create(threads, &error));
    struct executor_spec spec = {.net = net,
                                 .pool = pool,
                                 .batch = batch,
                                 .groups = executor_groups(batch, groups),
                                 .scaling = {1, VALUES, &scale, &shift},
                                 .weights = weights,
                                 .states = states,
                                 .optimizer = &optimizer};
    const struct batch now = {.count = count, .pixels = pixels, .labels = labels, .label_width = 1};
    struct executor *executor;
    struct step_sums sums = {0};

    CU_ASSERT_EQUAL_FATAL(optimizer_init(&optimizer, &settings, net->weights, &error), 0);
    net_initialise(net, 3, weights, states);
    for (size_t i = 0; i < SAMPLES; i++) {
        pixels[i] = sample(i);
        labels[i] = &label;
    }
    executor = need(executor_create(&spec, &error));
    CU_ASSERT_EQUAL(executor_train(executor, &now, 1, 0, &sums, &error), 0);
    memcpy(out.weights, weights, sizeof out.weights);
    memcpy(out.states, states, sizeof out.states);
    out.loss = sums.loss;
    executor_destroy(executor);
    thread_pool_destroy(pool);
    optimizer_finish(&optimizer);
    net_destroy(net);
    free(weights);
    free(states);
    return out;
}

static void groups_of(void)
{
    CU_ASSERT_EQUAL(executor_groups(64, 0), 4);
    CU_ASSERT_EQUAL(executor_groups(65, 0), 5);
    CU_ASSERT_EQUAL(executor_groups(1, 0), 1);
    CU_ASSERT_EQUAL(executor_groups(1024, 0), 8);
    CU_ASSERT_EQUAL(executor_groups(1024, 3), 3);
    CU_ASSERT_EQUAL(executor_groups(32, 64), 2);
}

/* Gradients of whole numbers are exact: the mean over the samples, each counted once. */
static void mean_gradient(void)
{
    static const size_t counts[] = {1, 15, 16, 17, 37, 64, 100};
    float before[32];
    struct net *net = toy_net();
    float *states = need(memory_array(net->states, sizeof *states));

    net_initialise(net, 3, before, states);
    for (size_t n = 0; n < COUNT(counts); n++)
        for (int32_t groups = 1; groups <= 7; groups += 2) {
            const struct outcome out = one_step(2, SAMPLES, groups, counts[n]);
            double loss = 0;
            for (size_t k = 0; k < VALUES; k++) {
                double sum = 0;
                for (size_t i = 0; i < counts[n]; i++) {
                    sum += sample(i)[k];
                    loss += (double)before[k] * sample(i)[k];
                }
                CU_ASSERT_DOUBLE_EQUAL((double)before[k] - (double)out.weights[k], sum / (double)counts[n],
                                       1e-4);
                /* 0 + 1/4 (mean - 0), slices weighed by their samples */
                CU_ASSERT_DOUBLE_EQUAL((double)out.states[k], 0.25 * sum / (double)counts[n], 1e-4);
            }
            CU_ASSERT_DOUBLE_EQUAL(out.loss, loss, 1e-2);
            CU_ASSERT_EQUAL(out.weights[VALUES], 0); /* the gap behind the tensor */
        }
    free(states);
    net_destroy(net);
}

static void same_for_threads(void)
{
    static const size_t counts[] = {100, 49, 5};

    for (size_t n = 0; n < COUNT(counts); n++)
        for (int32_t groups = 0; groups <= 7; groups++) {
            const struct outcome one = one_step(1, SAMPLES, groups, counts[n]);
            for (unsigned threads = 2; threads <= 5; threads++) {
                const struct outcome other = one_step(threads, SAMPLES, groups, counts[n]);
                CU_ASSERT_EQUAL(memcmp(&one, &other, sizeof one), 0);
            }
        }
}

static const struct unit_test tests[] = {
    {"the constant schedule is 1", constant_rate},
    {"the step schedule falls every so many epochs", step_rate},
    {"the cosine schedule falls from 1 to its end, and stays there", cosine_rate},
    {"the warm-up rises to 1, then the schedule begins", warm_up},
    {"a loss has grown if the mean of 100 steps is far above an earlier one, which is told once", loss_grows},
    {"a loss that falls, stays or jumps for a few steps has not", loss_does_not_grow},
    {"of a resumed training it has if all is lost that was learned since", resumed_loss_grows},
    {"pixels go to their lanes, scaled by channel, at every level", gather},
    {"groups are summed pairwise by index, at every level", reduction},
    {"weight decay ends where it should, in blocks too", decay_border},
    {"the number of groups follows batch and config alone", groups_of},
    {"a step takes the mean gradient and observation of its samples, each once", mean_gradient},
    {"threads do not change a bit of it", same_for_threads},
};
UNIT_MAIN("train", tests)
