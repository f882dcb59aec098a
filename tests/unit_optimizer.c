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

static const struct unit_test tests[] = {
    {"SGD is PyTorch's in double, to 1e-6", sgd_is_theirs},
    {"Adam and AdamW are, with beta1 and beta2 up to 1 - 1e-7, and with decay", adams_are_theirs},
    {"they are if they keep nothing", nothing_kept},
    {"they are with any epsilon", any_epsilon},
};
UNIT_MAIN("optimizer", tests)
