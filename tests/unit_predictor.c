/* unit_predictor.c: a checkpoint's answers for single samples are those of a whole evaluation, from any
 * thread. */
#include "unit.h"
#include "unit_options.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/thread_pool.h"
#include "predict/predictor.h"
#include "train/train_state.h"

enum { SAMPLES = 37, BYTES = 3 * 8 * 8, CLASSES = 7, THREADS = 4, ROUNDS = 50 };

/* Layers that write over their input, a branch, states that are not their initial values. */
static const char config[] =
    "input = [3, 8, 8]; data: { mean = [0.2, 0.3, 0.4]; std = [0.5, 0.6, 0.7]; };\n"
    "network = ( { type = \"conv\"; filters = 5; kernel = 3; }, { type = \"batchnorm\"; },\n"
    "    { type = \"relu\"; name = \"trunk\"; }, { type = \"conv\"; filters = 5; kernel = 3; pad = 1; },\n"
    "    { type = \"tanh\"; name = \"branch\"; }, { type = \"add\"; inputs = (\"trunk\", \"branch\"); },\n"
    "    { type = \"dropout\"; rate = 0.5; }, { type = \"dense\"; units = 7; }, { type = \"softmax\"; } );\n"
    "train: { epochs = 1; batch = 16; seed = 5; };";

static uint8_t pixels[SAMPLES][BYTES];
static float wanted[SAMPLES][CLASSES];

static void need(bool ok, const char *what, struct error *error)
{
    if (ok)
        return;
    printf("\n  %s: %s\n", what, error_text(error));
    exit(99);
}

/* What nnrun test does with the same weights. */
static void evaluate_all(const struct model *model, struct train_state *state, struct error *error)
{
    const uint8_t *rows[SAMPLES], *labels[SAMPLES], label = 0;
    const struct batch batch = {.count = SAMPLES, .pixels = rows, .labels = labels, .label_width = 1};
    struct thread_pool *pool = thread_pool_create(2, error);
    struct executor_spec spec = {.net = model->net,
                                 .pool = pool,
                                 .level = model->level,
                                 .batch = SAMPLES,
                                 .scaling = model->scaling,
                                 .weights = state->weights,
                                 .states = state->states};
    struct executor *executor = pool ? executor_create(&spec, error) : NULL;
    uint32_t said[SAMPLES];
    struct step_sums sums = {0};

    need(executor != NULL, "executor", error);
    for (size_t i = 0; i < SAMPLES; i++) {
        rows[i] = pixels[i];
        labels[i] = &label;
        for (size_t k = 0; k < BYTES; k++)
            pixels[i][k] = (uint8_t)((i * 131 + k * k * 7 + i * k) % 251);
    }
    executor_evaluate(executor, &batch, &sums, said, wanted[0]);
    executor_destroy(executor);
    thread_pool_destroy(pool);
}

/* The path of a checkpoint of the network above. */
static const char *checkpoint(void)
{
    static char path[512];
    const struct model_source source = {.bytes = config, .size = strlen(config), .label = "net.cfg"};
    const struct model_options evaluate = unit_options(true);
    struct train_state state;
    struct run_folder *run;
    struct error error UNIT_CLEARED = {0};
    struct model model;

    if (*path)
        return path;
    need(model_open(&model, &source, &evaluate, &error) == 0, "model", &error);
    need(train_state_init(&state, &model, false, &error) == 0, "state", &error);
    for (size_t i = 0; i < model.net->states; i++)
        state.states[i] += 0.25f;
    evaluate_all(&model, &state, &error);
    run = run_folder_create(unit_path("run"), true, &error);
    need(run && train_state_save(&state, &model, run, true, &error) == 0, "checkpoint", &error);
    snprintf(path, sizeof path, "%s/best.safetensors", run_folder_path(run));
    run_folder_close(run);
    train_state_finish(&state);
    model_finish(&model);
    return path;
}

static struct predictor *open_predictor(void)
{
    const struct model_options options = unit_options(false);
    struct predictor *predictor;
    struct error error UNIT_CLEARED = {0};

    predictor = predictor_open(&(struct model_source){.path = checkpoint()}, &options, &error);
    need(predictor != NULL, "predictor", &error);
    return predictor;
}

static struct predictor_context *make_context(const struct predictor *predictor, bool keep_layers)
{
    struct predictor_context *context;
    struct error error UNIT_CLEARED = {0};

    context = predictor_context_create(predictor, keep_layers, &error);
    need(context != NULL, "context", &error);
    return context;
}

/* Asks about all samples, `at_once` in a call; how many outputs are not the bits wanted. */
static size_t ask_all(struct predictor_context *context, size_t at_once)
{
    float outputs[NNRUN_LANES][CLASSES];
    size_t wrong = 0;

    for (size_t i = 0; i < SAMPLES; i += at_once) {
        const size_t count = SAMPLES - i < at_once ? SAMPLES - i : at_once;
        const uint8_t *samples[NNRUN_LANES];
        for (size_t k = 0; k < count; k++)
            samples[k] = pixels[i + k];
        predictor_predict(context, samples, count, outputs[0]);
        wrong += memcmp(outputs, wanted[i], count * sizeof outputs[0]) != 0;
    }
    return wrong;
}

static void same_bits(void)
{
    struct predictor *predictor = open_predictor();
    struct predictor_context *plain = make_context(predictor, false),
                             *keeping = make_context(predictor, true);

    CU_ASSERT_EQUAL(predictor_sample_bytes(predictor), BYTES);
    CU_ASSERT_EQUAL(predictor_values(predictor), CLASSES);
    for (size_t at_once = 1; at_once <= NNRUN_LANES; at_once++) {
        CU_ASSERT_EQUAL(ask_all(plain, at_once), 0);
        CU_ASSERT_EQUAL(ask_all(keeping, at_once), 0);
    }
    predictor_context_destroy(plain);
    predictor_context_destroy(keeping);
    predictor_close(predictor);
}

static void *ask_often(void *arg)
{
    struct predictor_context *context = make_context(arg, false);
    size_t *wrong = calloc(1, sizeof *wrong);

    for (size_t round = 0; wrong && round < ROUNDS; round++)
        *wrong += ask_all(context, 1 + round % NNRUN_LANES);
    predictor_context_destroy(context);
    return wrong;
}

static void any_thread(void)
{
    struct predictor *predictor = open_predictor();
    pthread_t threads[THREADS];

    for (size_t t = 0; t < THREADS; t++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[t], NULL, ask_often, predictor), 0);
    for (size_t t = 0; t < THREADS; t++) {
        void *wrong;
        CU_ASSERT_EQUAL_FATAL(pthread_join(threads[t], &wrong), 0);
        CU_ASSERT(wrong && *(size_t *)wrong == 0);
        free(wrong);
    }
    predictor_close(predictor);
}

static void layers(void)
{
    static const char *const names[] = {"conv1", "batchnorm1", "trunk",  "conv2",   "branch",
                                        "add1",  "dropout1",   "dense1", "softmax1"};
    struct predictor *predictor = open_predictor();
    struct predictor_context *context = make_context(predictor, true);
    struct predictor_layer layer[9];
    const uint8_t *samples[] = {pixels[3], pixels[4]};
    float outputs[2][CLASSES];
    bool negative = false;

    predictor_predict(context, samples, 2, outputs[0]);
    CU_ASSERT_EQUAL_FATAL(predictor_layer_count(predictor), 9);
    for (size_t i = 0; i < 9; i++) {
        layer[i] = predictor_layer(context, i);
        CU_ASSERT_STRING_EQUAL(layer[i].name, names[i]);
        CU_ASSERT_EQUAL(layer[i].values, net_shape_count(&layer[i].shape));
    }
    CU_ASSERT_STRING_EQUAL(layer[2].type, "relu");
    CU_ASSERT_EQUAL(layer[0].shape.dim[0], 5);
    CU_ASSERT_EQUAL(layer[0].shape.dim[2], 6);
    for (size_t i = 0; i < layer[1].values; i++) { /* relu writes over its input, which was kept before */
        negative = negative || layer[1].output[i] < 0;
        CU_ASSERT_EQUAL(layer[2].output[i], layer[1].output[i] > 0 ? layer[1].output[i] : 0);
        CU_ASSERT_EQUAL(layer[5].output[i], layer[2].output[i] + layer[4].output[i]);
        CU_ASSERT_EQUAL(layer[6].output[i], layer[5].output[i]);
    }
    CU_ASSERT(negative);
    CU_ASSERT_EQUAL(memcmp(layer[8].output, wanted[3], sizeof wanted[3]), 0);
    predictor_context_destroy(context);
    predictor_close(predictor);
}

static void best(void)
{
    const float outputs[] = {0.1f, NAN, 0.5f, -1, 0.5f, 0.2f};
    size_t order[8];

    CU_ASSERT_EQUAL(predictor_best_classes(outputs, 6, order, 3), 3);
    CU_ASSERT(order[0] == 2 && order[1] == 4 && order[2] == 5);
    CU_ASSERT_EQUAL(predictor_best_classes(outputs, 6, order, 8), 6);
    CU_ASSERT(order[0] == 2 && order[3] == 0 && order[4] == 3 && order[5] == 1);
    CU_ASSERT_EQUAL(predictor_best_classes(outputs + 1, 1, order, 5), 1);
    CU_ASSERT_EQUAL(order[0], 0);
}

static void refused(void)
{
    const struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};
    const struct model_source missing = {.path = unit_path("missing")}, folder = {.path = unit_folder()},
                              other = {.path = unit_file("x.safetensors", config, 100)};

    CU_ASSERT_PTR_NULL(predictor_open(&missing, &options, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    error_clear(&error);
    CU_ASSERT_PTR_NULL(predictor_open(&folder, &options, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "name a checkpoint in it"));
    error_clear(&error);
    CU_ASSERT_PTR_NULL(predictor_open(&other, &options, &error));
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "is a config, but a checkpoint is expected"));
}

/* With the file gone, and from an address of any alignment. */
static void from_memory(void)
{
    const struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};
    size_t size = 0;
    char *bytes = file_load(checkpoint(), 1 << 20, &size, &error), *odd = malloc(size + 1);
    struct predictor_context *context;
    struct predictor *predictor;

    CU_ASSERT_FATAL(bytes && odd);
    memcpy(odd + 1, bytes, size);
    predictor = predictor_open(&(struct model_source){.bytes = odd + 1, .size = size, .label = "a model"},
                               &options, &error);
    need(predictor != NULL, "predictor", &error);
    memset(odd, 0xff, size + 1);
    free(odd);
    free(bytes);
    context = make_context(predictor, false);
    CU_ASSERT_EQUAL(ask_all(context, 16), 0);
    predictor_context_destroy(context);
    predictor_close(predictor);
}

static const struct unit_test tests[] = {
    {"1 to 16 samples give the bits of an evaluation, with layers kept or not", same_bits},
    {"several threads ask one predictor at once", any_thread},
    {"what each layer gave can be looked at, though the next one wrote over it", layers},
    {"the best classes come in order, the first of equals first, no number last", best},
    {"a checkpoint in memory gives the same bits", from_memory},
    {"what is no checkpoint is refused", refused},
};
UNIT_MAIN("predictor", tests)
