/* unit_optimizer.c: with given gradients, the rules of optimizer.h are PyTorch's formulas in double, to 1e-6 of the
 * largest element of each tensor, at every code level. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "net/plugin.h"
#include "train/optimizer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TOLERANCE    1e-6

enum { FLOATS = 256, DECAYED = 128, STEPS = 20 };

/* ---- the reference -------------------------------------------------------------------------------------- */

/* What a rule has of each weight: exp_avg and exp_avg_sq, or momentum_buffer in the first. */
struct reference {
    double weights[FLOATS], slot[OPTIMIZER_MOST_SLOTS][FLOATS];
};

/* torch/optim/sgd.py of PyTorch 2.1, _single_tensor_sgd, with dampening 0. */
static void sgd(struct reference *r, const struct optimizer_settings *s, const float *gradient, int step)
{
    for (size_t i = 0; i < FLOATS; i++) {
        double grad = (double)gradient[i] + (i < DECAYED ? s->decay : 0) * r->weights[i],
               *buf = &r->slot[0][i];
        if (s->momentum > 0) {
            *buf = step == 1 ? grad : s->momentum * *buf + grad;
            grad = s->nesterov ? grad + s->momentum * *buf : *buf;
        }
        r->weights[i] -= s->rate * grad;
    }
}

/* torch/optim/adam.py and adamw.py of PyTorch 2.1, _single_tensor_adam and _single_tensor_adamw. */
static void adam(struct reference *r, const struct optimizer_settings *s, const float *gradient, int step)
{
    const double bias_correction1 = 1 - pow(s->beta1, step), bias_correction2 = 1 - pow(s->beta2, step);
    const double step_size = s->rate / bias_correction1, bias_correction2_sqrt = sqrt(bias_correction2);

    for (size_t i = 0; i < FLOATS; i++) {
        const double decay = i < DECAYED ? s->decay : 0;
        double *param = &r->weights[i], *exp_avg = &r->slot[0][i], *exp_avg_sq = &r->slot[1][i];
        double grad = (double)gradient[i], denom;
        if (s->type == OPTIMIZER_ADAM)
            grad += decay * *param;
        else
            *param *= 1 - s->rate * decay;
        *exp_avg += (1 - s->beta1) * (grad - *exp_avg);
        *exp_avg_sq = s->beta2 * *exp_avg_sq + (1 - s->beta2) * grad * grad;
        denom = sqrt(*exp_avg_sq) / bias_correction2_sqrt + s->epsilon;
        *param -= step_size * (*exp_avg / denom);
    }
}

/* ---- the comparison ------------------------------------------------------------------------------------- */

static void draw(float *to, const char *what, int step, double size)
{
    char name[32];

    snprintf(name, sizeof name, "%s%d", what, step);
    const struct random_key key = random_key(1, RANDOM_CHECK, name);
    for (size_t i = 0; i < FLOATS; i++) {
        uint32_t bits[4];
        random_block(key, (const uint32_t[4]){(uint32_t)i, 0, 0, 0}, bits);
        to[i] = (float)(size * (2 * (double)random_unit(bits[0]) - 1));
    }
}

/* The largest difference, as a part of the largest element. */
static double difference(const float *ours, const double *theirs)
{
    double largest = 0, worst = 0;

    for (size_t i = 0; i < FLOATS; i++) {
        if (!isfinite(ours[i]))
            return INFINITY;
        largest = fmax(largest, fabs(theirs[i]));
        worst = fmax(worst, fabs((double)ours[i] - theirs[i]));
    }
    return largest > 0 ? worst / largest : worst;
}

static void compare(const struct optimizer_settings *settings, unsigned level, double start)
{
    static const char *const names[] = {"exp_avg or momentum", "exp_avg_sq"};
    struct reference reference = {0};
    struct optimizer optimizer;
    struct error error UNIT_CLEARED = {0};
    _Alignas(64) float weights[FLOATS], gradient[FLOATS];
    float *gradients[] = {gradient};

    CU_ASSERT_EQUAL_FATAL(optimizer_init(&optimizer, settings, FLOATS, &error), 0);
    draw(weights, "weights", 0, start);
    for (size_t i = 0; i < FLOATS; i++)
        reference.weights[i] = (double)weights[i];
    for (int step = 1; step <= STEPS; step++) {
        struct optimizer_step now = {
            .weights = weights, .gradients = gradients, .groups = 1, .decayed = DECAYED, .scale = 1};
        draw(gradient, "gradient", step, step % 3 == 0 ? 0.01 : 1);
        optimizer_begin(&optimizer, settings->rate, &now);
        optimizer_code(level, settings->type)->update(&now, 0, FLOATS);
        (settings->type == OPTIMIZER_SGD ? sgd : adam)(&reference, settings, gradient, step);
    }
    for (size_t i = 0; i <= optimizer.slots; i++) {
        const double worst = i ? difference(optimizer.slot[i - 1], reference.slot[i - 1])
                               : difference(weights, reference.weights);
        if (worst > TOLERANCE || getenv("NNRUN_SHOW"))
            printf(
                "\n  %s, rate %g, decay %g, beta1 %.9g, beta2 %.9g, epsilon %g, level %u, from %g: %s off by %.2g",
                settings->type == OPTIMIZER_SGD    ? "sgd"
                : settings->type == OPTIMIZER_ADAM ? "adam"
                                                   : "adamw",
                settings->rate, settings->decay, settings->beta1, settings->beta2, settings->epsilon, level,
                start, i ? names[i - 1] : "weights", worst);
        CU_ASSERT(worst <= TOLERANCE);
    }
    optimizer_finish(&optimizer);
}

/* At every level, from weights of usual size and from none, so that the updates show. */
static void compare_all(const struct optimizer_settings *settings)
{
    struct error error UNIT_CLEARED = {0};
    const int highest = plugin_level(getenv("NNRUN_ISA"), &error);

    CU_ASSERT_FATAL(highest >= 0);
    for (int level = 0; level <= highest; level++) {
        compare(settings, (unsigned)level, 1);
        compare(settings, (unsigned)level, 0);
    }
}

static void sgd_is_theirs(void)
{
    static const double momenta[] = {0, 0.5, 0.9, 0.99999};

    for (size_t i = 0; i < COUNT(momenta); i++)
        for (int nesterov = 0; nesterov <= (momenta[i] > 0); nesterov++)
            for (int decays = 0; decays <= 1; decays++)
                compare_all(&(struct optimizer_settings){.type = OPTIMIZER_SGD,
                                                         .rate = 0.01,
                                                         .momentum = momenta[i],
                                                         .nesterov = nesterov,
                                                         .decay = decays ? 1e-3 : 0});
}

static void adams_are_theirs(void)
{
    static const double beta1s[] = {0, 0.3, 0.7, 0.9, 0.999, 0.99999, 1 - 1e-7};
    static const double beta2s[] = {0.5, 0.99, 0.999, 0.99999, 1 - 1e-6, 1 - 1e-7, 0.99999999};
    static const double decays[] = {0, 1e-2, 0.3};

    for (int32_t type = OPTIMIZER_ADAM; type <= OPTIMIZER_ADAMW; type++)
        for (size_t i = 0; i < COUNT(beta1s); i++)
            for (size_t k = 0; k < COUNT(beta2s); k++)
                for (size_t n = 0; n < COUNT(decays); n++)
                    compare_all(&(struct optimizer_settings){.type = type,
                                                             .rate = 1e-3,
                                                             .decay = decays[n],
                                                             .beta1 = beta1s[i],
                                                             .beta2 = beta2s[k],
                                                             .epsilon = 1e-8});
}

/* A mean square of the last gradient alone: without decay, as one near 0 divided by itself says nothing. */
static void nothing_kept(void)
{
    for (int32_t type = OPTIMIZER_ADAM; type <= OPTIMIZER_ADAMW; type++)
        compare_all(&(struct optimizer_settings){.type = type, .rate = 1e-3, .epsilon = 1e-8});
}

static void any_epsilon(void)
{
    static const double epsilons[] = {1e-37, 1e-20, 1e-12, 1e-4, 1};

    for (int32_t type = OPTIMIZER_ADAM; type <= OPTIMIZER_ADAMW; type++)
        for (size_t i = 0; i < COUNT(epsilons); i++)
            compare_all(&(struct optimizer_settings){.type = type,
                                                     .rate = 1e-3,
                                                     .decay = 1e-2,
                                                     .beta1 = 0.9,
                                                     .beta2 = 1 - 1e-7,
                                                     .epsilon = epsilons[i]});
}

/* ---- what is near 0 ------------------------------------------------------------------------------------- */

/* Twice what the rules below halve, and what is left of it: 2^-100 stays. */
static const struct {
    float from, to;
} edges[] = {{0x1p-99f, 0x1p-100f},
             {-0x1p-99f, -0x1p-100f},
             {0x1.fffffep-100f, 0},
             {-0x1.fffffep-100f, 0},
             {0x1.000002p-99f, 0x1.000002p-100f},
             {0x1p-125f, 0},
             {0, 0},
             {-0.0f, 0},
             {NAN, NAN}};

static float edge_at(size_t i, bool left)
{
    return left ? edges[i % COUNT(edges)].to : edges[i % COUNT(edges)].from;
}

/* All NaNs are one. */
static bool same_float(float a, float b)
{
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

/* One update at a level of FLOATS weights, all of which decay. */
static void update_edges(const struct optimizer_settings *settings, const float *gradient, float *weights,
                         float slots[OPTIMIZER_MOST_SLOTS][FLOATS], unsigned level)
{
    struct error error UNIT_CLEARED = {0};
    struct optimizer optimizer;
    _Alignas(64) float own_gradient[FLOATS], own_weights[FLOATS];
    float *gradients[] = {own_gradient};
    struct optimizer_step now = {
        .weights = own_weights, .gradients = gradients, .groups = 1, .decayed = FLOATS, .scale = 1};

    memcpy(own_gradient, gradient, sizeof own_gradient);
    memcpy(own_weights, weights, sizeof own_weights);
    CU_ASSERT_EQUAL_FATAL(optimizer_init(&optimizer, settings, FLOATS, &error), 0);
    for (size_t s = 0; s < optimizer.slots; s++)
        memcpy(optimizer.slot[s], slots[s], sizeof slots[s]);
    optimizer_begin(&optimizer, settings->rate, &now);
    optimizer_code(level, settings->type)->update(&now, 0, FLOATS);
    memcpy(weights, own_weights, sizeof own_weights);
    for (size_t s = 0; s < optimizer.slots; s++)
        memcpy(slots[s], optimizer.slot[s], sizeof slots[s]);
    optimizer_finish(&optimizer);
}

enum kept { WEIGHTS, FIRST, SECOND };

/* Starts one of the three at the edges, the others at 0, and halves it; a gradient of 0 if there is none. */
static void halve(const struct optimizer_settings *settings, enum kept kept, const float *gradient)
{
    struct error error UNIT_CLEARED = {0};
    const int highest = plugin_level(getenv("NNRUN_ISA"), &error);
    static const float none[FLOATS];

    CU_ASSERT_FATAL(highest >= 0);
    for (unsigned level = 0; level <= (unsigned)highest; level++) {
        float weights[FLOATS] = {0}, slots[OPTIMIZER_MOST_SLOTS][FLOATS] = {{0}};
        float *tensor = kept == WEIGHTS ? weights : slots[kept - FIRST];
        size_t wrong = 0;

        for (size_t i = 0; !gradient && i < FLOATS; i++)
            tensor[i] = edge_at(i, false);
        update_edges(settings, gradient ? gradient : none, weights, slots, level);
        for (size_t i = 0; i < FLOATS; i++) {
            const float want = edge_at(i, true);
            wrong += !same_float(tensor[i], want);
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static const struct optimizer_settings halving_sgd = {.type = OPTIMIZER_SGD, .rate = 0.5, .momentum = 0.5};

static void momenta_become_0(void)
{
    halve(&halving_sgd, FIRST, NULL);
    for (int32_t type = OPTIMIZER_ADAM; type <= OPTIMIZER_ADAMW; type++) {
        const struct optimizer_settings adam = {
            .type = type, .rate = 0.5, .beta1 = 0.5, .beta2 = 0.5, .epsilon = 1};
        halve(&adam, FIRST, NULL);
        halve(&adam, SECOND, NULL);
    }
}

/* Adam's decay is a part of its gradient, of which nothing but epsilon, 1, is a measure then. */
static void weights_that_decay_become_0(void)
{
    halve(&(struct optimizer_settings){.type = OPTIMIZER_SGD, .rate = 0.5, .decay = 1}, WEIGHTS, NULL);
    halve(&(struct optimizer_settings){.type = OPTIMIZER_ADAMW, .rate = 0.5, .decay = 1, .epsilon = 1},
          WEIGHTS, NULL);
}

static void gradients_become_0(void)
{
    const struct optimizer_settings keeps_last = {.type = OPTIMIZER_ADAM, .rate = 0.5, .epsilon = 1};
    float gradient[FLOATS];

    for (size_t i = 0; i < FLOATS; i++)
        gradient[i] = edge_at(i, true);
    halve(&halving_sgd, FIRST, gradient);
    for (size_t i = 0; i < FLOATS; i++)
        gradient[i] = edge_at(i, false) * 0.5f;
    halve(&halving_sgd, FIRST, gradient);
    halve(&keeps_last, FIRST, gradient);
}

/* 2^-50 squared is 2^-100. */
static void squares_become_0(void)
{
    static const struct optimizer_settings keeps_last = {.type = OPTIMIZER_ADAM, .rate = 0.5, .epsilon = 1};
    static const float roots[][2] = {{0x1p-50f, 0x1p-100f}, {-0x1p-50f, 0x1p-100f}, {0x1.fffffep-51f, 0},
                                     {-0x1.fffffep-51f, 0}, {0x1p-70f, 0},          {NAN, NAN}};
    struct error error UNIT_CLEARED = {0};
    const int highest = plugin_level(getenv("NNRUN_ISA"), &error);
    float gradient[FLOATS];

    for (size_t i = 0; i < FLOATS; i++)
        gradient[i] = roots[i % COUNT(roots)][0];
    CU_ASSERT_FATAL(highest >= 0);
    for (unsigned level = 0; level <= (unsigned)highest; level++) {
        float weights[FLOATS] = {0}, slots[OPTIMIZER_MOST_SLOTS][FLOATS] = {{0}};
        size_t wrong = 0;

        update_edges(&keeps_last, gradient, weights, slots, level);
        for (size_t i = 0; i < FLOATS; i++) {
            const float want = roots[i % COUNT(roots)][1];
            wrong += !same_float(slots[1][i], want);
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static const struct unit_test tests[] = {
    {"SGD is PyTorch's in double, to 1e-6", sgd_is_theirs},
    {"Adam and AdamW are, with beta1 and beta2 up to 1 - 1e-7, and with decay", adams_are_theirs},
    {"they are if they keep nothing", nothing_kept},
    {"they are with any epsilon", any_epsilon},
    {"momenta and second moments below 2^-100 become 0, with the same bits at every level", momenta_become_0},
    {"so do weights that decay", weights_that_decay_become_0},
    {"so do gradients", gradients_become_0},
    {"a gradient below 2^-50 counts as 0 in its square", squares_become_0},
};
UNIT_MAIN("optimizer", tests)
