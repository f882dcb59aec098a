/* unit_ask.c: a checkpoint's answers for single samples are those of a whole evaluation, from any
 * thread. */
#include "unit.h"
#include "unit_options.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>

#include "base/file_io.h"
#include "base/thread_pool.h"
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

static nnrun_options public_options(enum nnrun_source expect)
{
    static const char *folder;
    nnrun_options options = NNRUN_OPTIONS_INIT;

    folder = getenv("NNRUN_PLUGIN_PATH");
    options.plugin_folders = &folder;
    options.plugin_folder_count = folder != NULL;
    options.level = getenv("NNRUN_ISA");
    options.expect = (int32_t)expect;
    return options;
}

static void require(bool ok, const char *what, const nnrun_error *error)
{
    if (ok)
        return;
    printf("\n  %s: %s\n", what, error->text);
    exit(99);
}

static nnrun_model *open_model(void)
{
    const nnrun_options options = public_options(NNRUN_CHECKPOINT);
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = nnrun_open(checkpoint(), &options, &error);

    require(model != NULL, "model", &error);
    return model;
}

static nnrun_context *make_context(const nnrun_model *model, uint32_t flags)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_context *context = nnrun_context_create(model, flags, &error);

    require(context != NULL, "context", &error);
    return context;
}

/* Asks about all samples, `at_once` in a call; how many calls gave other bits than those wanted. */
static size_t ask_all(nnrun_context *context, size_t at_once)
{
    static const size_t most = SAMPLES;
    float outputs[SAMPLES][CLASSES], floats[SAMPLES][BYTES];
    size_t wrong = 0;

    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t k = 0; k < BYTES; k++)
            floats[i][k] = pixels[i][k];
    for (size_t i = 0; i < most; i += at_once) {
        const size_t count = most - i < at_once ? most - i : at_once;
        nnrun_predict(context, pixels[i], count, outputs[0]);
        wrong += memcmp(outputs, wanted[i], count * sizeof outputs[0]) != 0;
        nnrun_predict_floats(context, floats[i], count, outputs[0]);
        wrong += memcmp(outputs, wanted[i], count * sizeof outputs[0]) != 0;
    }
    return wrong;
}

static void same_bits(void)
{
    nnrun_model *model = open_model();
    nnrun_context *plain = make_context(model, 0), *keeping = make_context(model, NNRUN_KEEP_LAYERS);

    CU_ASSERT_EQUAL(nnrun_describe(model)->inputs, BYTES);
    CU_ASSERT_EQUAL(nnrun_describe(model)->outputs, CLASSES);
    for (size_t at_once = 1; at_once <= SAMPLES; at_once++) {
        CU_ASSERT_EQUAL(ask_all(plain, at_once), 0);
        CU_ASSERT_EQUAL(ask_all(keeping, at_once), 0);
    }
    nnrun_context_destroy(plain);
    nnrun_context_destroy(keeping);
    nnrun_close(model);
}

static void *ask_often(void *arg)
{
    nnrun_context *context = make_context(arg, 0);
    size_t *wrong = calloc(1, sizeof *wrong);

    for (size_t round = 0; wrong && round < ROUNDS; round++)
        *wrong += ask_all(context, 1 + round % NNRUN_LANES);
    nnrun_context_destroy(context);
    return wrong;
}

static void any_thread(void)
{
    nnrun_model *model = open_model();
    pthread_t threads[THREADS];

    for (size_t t = 0; t < THREADS; t++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[t], NULL, ask_often, model), 0);
    for (size_t t = 0; t < THREADS; t++) {
        void *wrong;
        CU_ASSERT_EQUAL_FATAL(pthread_join(threads[t], &wrong), 0);
        CU_ASSERT(wrong && *(size_t *)wrong == 0);
        free(wrong);
    }
    nnrun_close(model);
}

static size_t values_of(const nnrun_layer_info *layer)
{
    size_t values = 1;

    for (uint32_t i = 0; i < layer->rank; i++)
        values *= (size_t)layer->dim[i];
    return values;
}

static void layers(void)
{
    enum { LAYERS = 9 };
    static const char *const names[LAYERS] = {"conv1", "batchnorm1", "trunk",  "conv2",   "branch",
                                              "add1",  "dropout1",   "dense1", "softmax1"};
    nnrun_model *model = open_model();
    nnrun_context *context = make_context(model, NNRUN_KEEP_LAYERS);
    const float *output[LAYERS];
    float outputs[SAMPLES][CLASSES];
    bool negative = false;

    nnrun_predict(context, pixels[3], 20, outputs[0]);
    CU_ASSERT_EQUAL_FATAL(nnrun_describe(model)->layers, LAYERS);
    for (size_t i = 0; i < LAYERS; i++) {
        const nnrun_layer_info *layer = nnrun_describe_layer(model, i);
        output[i] = nnrun_layer_output(context, i);
        CU_ASSERT_STRING_EQUAL(layer->name, names[i]);
        CU_ASSERT_EQUAL(layer->values, values_of(layer));
    }
    CU_ASSERT_PTR_NULL(nnrun_describe_layer(model, LAYERS));
    CU_ASSERT_PTR_NULL(nnrun_layer_output(context, LAYERS));
    CU_ASSERT_STRING_EQUAL(nnrun_describe_layer(model, 2)->type, "relu");
    CU_ASSERT_EQUAL(nnrun_describe_layer(model, 0)->dim[0], 5);
    CU_ASSERT_EQUAL(nnrun_describe_layer(model, 0)->dim[2], 6);
    /* relu writes over its input, which was kept before */
    for (size_t i = 0; i < nnrun_describe_layer(model, 1)->values; i++) {
        negative = negative || output[1][i] < 0;
        CU_ASSERT_EQUAL(output[2][i], output[1][i] > 0 ? output[1][i] : 0);
        CU_ASSERT_EQUAL(output[5][i], output[2][i] + output[4][i]);
        CU_ASSERT_EQUAL(output[6][i], output[5][i]);
    }
    CU_ASSERT(negative);
    CU_ASSERT_EQUAL(memcmp(output[8], wanted[3], sizeof wanted[3]), 0);
    nnrun_context_destroy(context);
    nnrun_close(model);
}

static void best(void)
{
    float outputs[CLASSES] = {0.1f, -7, 0.5f, -1, 0.5f, 0.2f, 0};
    static const float none[] = {NAN, -NAN, INFINITY, -INFINITY};
    nnrun_model *model = open_model();
    nnrun_best_class order[8];

    CU_ASSERT_EQUAL(nnrun_best(model, outputs, order, 3), 3);
    CU_ASSERT(order[0].index == 2 && order[1].index == 4 && order[2].index == 5);
    CU_ASSERT_EQUAL(order[2].value, 0.2f);
    CU_ASSERT_EQUAL(nnrun_best(model, outputs, order, 8), CLASSES);
    CU_ASSERT(order[0].index == 2 && order[3].index == 0 && order[5].index == 3 && order[6].index == 1);
    for (size_t i = 0; i < CLASSES; i++)
        for (size_t k = 0; k < sizeof none / sizeof none[0]; k++) {
            const float kept = outputs[i];
            outputs[i] = none[k];
            CU_ASSERT_EQUAL(nnrun_best(model, outputs, order, 8), 0);
            outputs[i] = kept;
        }
    nnrun_close(model);
}

static void one_output(void)
{
    static const char text[] = "input = [4]; network = ( { type = \"dense\"; units = 1; }, "
                               "{ type = \"logistic\"; } ); train: { epochs = 1; batch = 1; };";
    const nnrun_options options = public_options(NNRUN_CONFIG);
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = nnrun_open_bytes(text, strlen(text), "one.cfg", &options, &error);
    nnrun_best_class order[3];
    float output = 0.25f;

    require(model != NULL, "one output", &error);
    CU_ASSERT_EQUAL(nnrun_describe(model)->outputs, 1);
    CU_ASSERT_EQUAL(nnrun_describe(model)->classes, 2);
    CU_ASSERT_EQUAL(nnrun_best(model, &output, order, 3), 2);
    CU_ASSERT(order[0].index == 0 && order[0].value == 0.75f && order[1].value == 0.25f);
    nnrun_close(model);
}

static void refuse(const char *path, int32_t code, const char *text)
{
    const nnrun_options options = public_options(NNRUN_CHECKPOINT);
    nnrun_error error = NNRUN_ERROR_INIT;

    CU_ASSERT_PTR_NULL(nnrun_open(path, &options, &error));
    CU_ASSERT_EQUAL(error.code, code);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.text, text));
    nnrun_error_clear(&error);
}

static void refused(void)
{
    refuse(unit_path("missing"), NNRUN_ERROR_DATA, "missing");
    refuse(unit_folder(), NNRUN_ERROR_DATA, "name a checkpoint in it");
    refuse(unit_file("x.safetensors", config, 100), NNRUN_ERROR_DATA,
           "is a config, but a checkpoint is expected");
}

/* With the file gone, and from an address of any alignment. */
static void from_memory(void)
{
    const nnrun_options options = public_options(NNRUN_CHECKPOINT);
    nnrun_error failure = NNRUN_ERROR_INIT;
    struct error error UNIT_CLEARED = {0};
    size_t size = 0;
    char *bytes = file_load(checkpoint(), 1 << 20, &size, &error), *odd = malloc(size + 1);
    nnrun_context *context;
    nnrun_model *model;

    CU_ASSERT_FATAL(bytes && odd);
    memcpy(odd + 1, bytes, size);
    model = nnrun_open_bytes(odd + 1, size, "a model", &options, &failure);
    require(model != NULL, "model in memory", &failure);
    memset(odd, 0xff, size + 1);
    free(odd);
    free(bytes);
    context = make_context(model, 0);
    CU_ASSERT_EQUAL(ask_all(context, 16), 0);
    nnrun_context_destroy(context);
    nnrun_close(model);
}

/* What is saved is the checkpoint that was opened, but for what only a run has. */
static void saved(void)
{
    const nnrun_options options = public_options(NNRUN_CHECKPOINT);
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = open_model(), *again;
    nnrun_context *context;
    char path[512];

    snprintf(path, sizeof path, "%s/copy.safetensors", unit_folder());
    CU_ASSERT_EQUAL(nnrun_save(model, path, &error), 0);
    again = nnrun_open(path, &options, &error);
    require(again != NULL, "saved model", &error);
    context = make_context(again, 0);
    CU_ASSERT_EQUAL(ask_all(context, 16), 0);
    CU_ASSERT_EQUAL(nnrun_save(model, unit_path("nowhere/copy.safetensors"), &error), NNRUN_ERROR_FAILED);
    nnrun_error_clear(&error);
    nnrun_context_destroy(context);
    nnrun_close(again);
    nnrun_close(model);
}

static const struct unit_test tests[] = {
    {"any number of samples, bytes or floats, give the bits of an evaluation, with layers kept or not",
     same_bits},
    {"several threads ask one model at once", any_thread},
    {"what each layer gave can be looked at, though the next one wrote over it", layers},
    {"the best classes come in order, the first of equals first, no number last", best},
    {"one output that is a probability tells two classes apart", one_output},
    {"a checkpoint in memory gives the same bits", from_memory},
    {"a model that was saved gives the same bits", saved},
    {"what is no checkpoint is refused", refused},
};
UNIT_MAIN("ask", tests)
