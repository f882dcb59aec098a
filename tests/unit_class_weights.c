/* unit_class_weights.c: a step with train.class_weights against PyTorch's formula, computed in double:
 *
 *     CrossEntropyLoss(weight=w, reduction="mean"): sum of w[label] x loss over the batch / sum of w[label]
 *     (https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html) */
#include "unit.h"
#include "unit_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/class_weights.h"
#include "train/executor.h"
#include "train/train_state.h"

enum { INPUTS = 5, CLASSES = 3, MOST = 50, WEIGHTS = INPUTS * CLASSES + CLASSES };

static const char config[] =
    "input = [5]; network = ( { type = \"dense\"; units = 3; }, { type = \"softmax\"; } );\n"
    "train: { seed = 5; };\n";

struct problem {
    uint8_t pixels[MOST][INPUTS], labels[MOST];
    const uint8_t *pixel[MOST], *label[MOST];
    size_t count;
    const float *weights; /* NULL: none */
    double clip;
};

static void make(struct problem *p, size_t count, const float *weights, double clip)
{
    *p = (struct problem){.count = count, .weights = weights, .clip = clip};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < INPUTS; k++)
            p->pixels[i][k] = (uint8_t)((i * 37 + k * 91 + i * k * 13) % 256);
        p->labels[i] = (uint8_t)(i % 7 == 0 ? 0 : i % 5 == 0 ? 1 : 2);
        p->pixel[i] = p->pixels[i];
        p->label[i] = &p->labels[i];
    }
}

struct outcome {
    float before[WEIGHTS], after[WEIGHTS]; /* [class][input], then biases */
    double loss;
};

/* The dense layer's two tensors, one behind the other. */
static void take(const struct model *model, const float *from, float to[WEIGHTS])
{
    const struct net_tensor *weight = &model->net->tensors[0], *bias = &model->net->tensors[1];

    memcpy(to, from + weight->offset, sizeof *to * INPUTS * CLASSES);
    memcpy(to + weight->count, from + bias->offset, sizeof *to * CLASSES);
}

/* One step at rate 1. */
static void step(const struct problem *p, unsigned threads, int32_t groups, struct outcome *out)
{
    const struct model_source source = {.bytes = config, .size = sizeof config - 1, .label = "net.cfg"};
    const struct model_options options = unit_options(false);
    const struct batch batch = {.count = p->count, .pixels = p->pixel, .labels = p->label, .label_width = 1};
    const struct optimizer_settings rule = {.type = OPTIMIZER_SGD};
    struct error error UNIT_CLEARED = {0};
    struct thread_pool *pool = thread_pool_create(threads, &error);
    struct step_sums sums = {0};
    struct optimizer optimizer;
    struct train_state state;
    struct executor *executor;
    struct model model;

    CU_ASSERT_FATAL(pool && model_open(&model, &source, &options, &error) == 0 &&
                    train_state_init(&state, &model, false, &error) == 0 &&
                    optimizer_init(&optimizer, &rule, model.net->weights, &error) == 0);
    CU_ASSERT_FATAL(model.net->tensor_count == 2 && model.net->tensors[0].count == INPUTS * CLASSES);
    const struct executor_spec spec = {.net = model.net,
                                       .pool = pool,
                                       .level = model.level,
                                       .batch = MOST,
                                       .groups = executor_groups(MOST, groups),
                                       .scaling = model.scaling,
                                       .class_weights = p->weights,
                                       .clip = p->clip,
                                       .weights = state.weights,
                                       .states = state.states,
                                       .optimizer = &optimizer};
    executor = executor_create(&spec, &error);
    CU_ASSERT_FATAL(executor != NULL);
    take(&model, state.weights, out->before);
    CU_ASSERT(executor_train(executor, &batch, 1, 0, &sums, &error) == 0);
    take(&model, state.weights, out->after);
    out->loss = sums.loss;
    executor_destroy(executor);
    optimizer_finish(&optimizer);
    train_state_finish(&state);
    model_finish(&model);
    thread_pool_destroy(pool);
}

/* The loss, and its gradient by the weights. */
static double formula(const struct problem *p, const float *w, double gradient[WEIGHTS])
{
    double loss = 0, sum = 0;

    memset(gradient, 0, sizeof(double) * WEIGHTS);
    for (size_t i = 0; i < p->count; i++) {
        const double factor = p->weights ? (double)p->weights[p->labels[i]] : 1;
        double y[CLASSES], all = 0;
        for (size_t c = 0; c < CLASSES; c++) {
            y[c] = (double)w[INPUTS * CLASSES + c];
            for (size_t k = 0; k < INPUTS; k++)
                y[c] += (double)w[c * INPUTS + k] * p->pixels[i][k] / 255;
            all += exp(y[c]);
        }
        loss += factor * (log(all) - y[p->labels[i]]);
        sum += factor;
        for (size_t c = 0; c < CLASSES; c++) {
            const double d = factor * (exp(y[c]) / all - (c == p->labels[i]));
            for (size_t k = 0; k < INPUTS; k++)
                gradient[c * INPUTS + k] += d * p->pixels[i][k] / 255;
            gradient[INPUTS * CLASSES + c] += d;
        }
    }
    for (size_t k = 0; k < WEIGHTS; k++)
        gradient[k] /= sum;
    return loss / sum;
}

static void follows(const struct problem *p)
{
    double gradient[WEIGHTS], norm = 0, loss;
    struct outcome out;

    step(p, 2, 0, &out);
    loss = formula(p, out.before, gradient);
    for (size_t k = 0; k < WEIGHTS; k++)
        norm += gradient[k] * gradient[k];
    norm = sqrt(norm);
    CU_ASSERT_DOUBLE_EQUAL(out.loss, loss * (double)p->count, 1e-5);
    for (size_t k = 0; k < WEIGHTS; k++) {
        const double wanted = p->clip > 0 && norm > p->clip ? gradient[k] * p->clip / norm : gradient[k];
        CU_ASSERT_DOUBLE_EQUAL((double)out.before[k] - (double)out.after[k], wanted, 1e-6);
    }
}

static const float weights[CLASSES] = {5, 0.25f, 1}, large[CLASSES] = {1e6f, 1, 1e-6f};

static void pytorch(void)
{
    static const size_t counts[] = {1, 15, 16, 17, 33, MOST};
    struct problem p;

    for (size_t n = 0; n < sizeof counts / sizeof counts[0]; n++)
        for (int clip = 0; clip < 2; clip++) {
            make(&p, counts[n], weights, clip ? 0.1 : 0);
            follows(&p);
            make(&p, counts[n], large, clip ? 0.1 : 0);
            follows(&p);
            make(&p, counts[n], NULL, clip ? 0.1 : 0);
            follows(&p);
        }
}

static void same_bits(void)
{
    struct outcome one, other;
    struct problem p;

    make(&p, MOST, weights, 0);
    step(&p, 1, 3, &one);
    for (unsigned threads = 2; threads < 6; threads++) {
        step(&p, threads, 3, &other);
        CU_ASSERT(memcmp(one.after, other.after, sizeof one.after) == 0 && one.loss == other.loss);
    }
}

/* Equal weights are the unweighed mean again. */
static void equal_weights(void)
{
    static const float equal[CLASSES] = {4, 4, 4};
    struct outcome one, other;
    struct problem p;

    make(&p, 32, equal, 0);
    step(&p, 1, 0, &one);
    make(&p, 32, NULL, 0);
    step(&p, 1, 0, &other);
    CU_ASSERT(memcmp(one.after, other.after, sizeof one.after) == 0);
    CU_ASSERT_DOUBLE_EQUAL(one.loss, other.loss, 1e-9);
}

/* ---- the setting ------------------------------------------------------------------------------------------- */

/* An IDX file of the labels 0, 1, 1, 2, 2, 2, 2, 1, 0, 0 and one of as many samples. */
static void files(char data[2048], const char *more)
{
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 10, 0, 1, 1, 2, 2, 2, 2, 1, 0, 0};
    static uint8_t images[12 + 10 * INPUTS] = {0, 0, 8, 2, 0, 0, 0, 10, 0, 0, 0, INPUTS};
    const char *one = unit_file("images", images, sizeof images),
               *other = unit_file("labels", labels, sizeof labels);

    snprintf(data, 2048,
             "input = [5]; network = ( { type = \"dense\"; units = 4; }, { type = \"softmax\"; } );\n"
             "data: { train: { images = \"%s\"; labels = \"%s\"; }; validation = 3; };\n"
             "train: { class_weights = %s; };\n",
             one, other, more);
}

static int made(const char *value, bool draw, float result[CLASS_WEIGHTS_MOST])
{
    char text[2048];
    struct error error UNIT_CLEARED = {0};
    const struct model_options options = unit_options(false);
    struct samples *samples;
    struct model model;
    int wanted;

    files(text, value);
    const struct model_source source = {.bytes = text, .size = strlen(text), .label = "net.cfg"};
    CU_ASSERT_FATAL(model_open(&model, &source, &options, &error) == 0);
    model.settings.data.split = draw ? SPLIT_STRATIFIED : SPLIT_TAIL;
    samples = model_samples(&model, MODEL_TRAINING, &error);
    CU_ASSERT_FATAL(samples != NULL);
    wanted = class_weights_make(result, &model, samples, 7, &error);
    samples_close(samples);
    model_finish(&model);
    return wanted;
}

static void of_the_setting(void)
{
    float w[CLASS_WEIGHTS_MOST];

    CU_ASSERT(made("1", false, w) == 0);
    CU_ASSERT(made("3.5", false, w) == 0);
    CU_ASSERT(made("[1, 2.5, 3, 0.1]", false, w) == 1);
    CU_ASSERT(w[0] == 1 && w[1] == 2.5f && w[2] == 3 && w[3] == 0.1f);
    /* the first seven: one of class 0, two of 1, four of 2, none of 3 */
    CU_ASSERT(made("\"balanced\"", false, w) == 1);
    CU_ASSERT(w[0] == (float)(7 / 3.0) && w[1] == (float)(7 / 6.0) && w[2] == (float)(7 / 12.0) && w[3] == 1);
    /* one of each class is kept back: two of 0, two of 1, three of 2 */
    CU_ASSERT(made("\"balanced\"", true, w) == 1);
    CU_ASSERT(w[0] == (float)(7 / 6.0) && w[1] == (float)(7 / 6.0) && w[2] == (float)(7 / 9.0));
}

static void is_refused(const char *loss, const char *value, const char *part)
{
    char text[600];
    struct error error UNIT_CLEARED = {0};
    const struct model_options options = unit_options(false);
    struct model model;

    snprintf(text, sizeof text,
             "input = [5]; network = ( { type = \"dense\"; units = 3; }, { type = \"%s\"; } );\n"
             "train: { class_weights = %s; };\n",
             loss, value);
    const struct model_source source = {.bytes = text, .size = strlen(text), .label = "net.cfg"};
    CU_ASSERT(model_open(&model, &source, &options, &error) != 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), part));
    if (!strstr(error_text(&error), part))
        printf("\n  \"%s\" is not in \"%s\"\n", part, error_text(&error));
    model_finish(&model);
}

static void wrong_settings(void)
{
    is_refused("softmax", "[1, 2]", "2 numbers for the 3 classes of layer \"softmax1\" (softmax)");
    is_refused("softmax", "[1, 2, 0]", "item 3: 0 is out of range, expected a number from 1e-06 to 1000000");
    is_refused("softmax", "\"balance\"", "\"balance\" is not known; did you mean \"balanced\"?");
    is_refused("softmax", "true",
               "expected \"balanced\", a number from 1e-06 to 1000000 or a list of up to 256, got true");
    is_refused("logistic", "\"balanced\"",
               "layer \"logistic1\" (logistic) does not compare its values with one class per sample");
    is_refused("mse", "[1, 2, 3]",
               "layer \"mse1\" (mse) does not compare its values with one class per sample");
}

static const struct unit_test tests[] = {
    {"loss and step are those of PyTorch's weighed mean, clipped or not", pytorch},
    {"the bits are the same on any number of threads", same_bits},
    {"equal weights change nothing", equal_weights},
    {"numbers are taken as they are, and balanced weights come from the samples to train on", of_the_setting},
    {"weights that do not fit the network are refused", wrong_settings},
};

UNIT_MAIN("class_weights", tests)
