/* unit_one.c: one sample, which layers evaluate without lanes where they can, gives the bits that it has among others, and
 * costs no allocation, lock or wake-up. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>
#include <pthread.h>

enum { SAMPLES = 6, MOST_INPUTS = 2000, MOST_OUTPUTS = 40 };

/* Layers with their ways to go: sizes that fill no vector, windows of all kinds, values that several take, in lanes and
 * without. */
static const char *const networks[] = {
    "input = [3, 10, 14]; data: { mean = [0.2, 0.3, 0.4]; std = [0.5, 0.6, 0.7]; };\n"
    "network = ( { type = \"pool\"; kernel = 2; }, { type = \"scale\"; }, { type = \"elu\"; },\n"
    "    { type = \"conv\"; filters = 5; kernel = 3; pad = 1; name = \"trunk\"; }, { type = \"batchnorm\"; },\n"
    "    { type = \"gelu\"; name = \"left\"; }, { type = \"swish\"; name = \"right\"; inputs = (\"trunk\"); },\n"
    "    { type = \"add\"; inputs = (\"left\", \"right\", \"trunk\"); name = \"sum\"; },\n"
    "    { type = \"concat\"; inputs = (\"sum\", \"trunk\", \"left\"); },\n"
    "    { type = \"pool\"; kernel = 3; stride = 2; pad = 1; }, { type = \"leaky_relu\"; },\n"
    "    { type = \"pool\"; kernel = [2, 1]; stride = 1; mode = \"average\"; }, { type = \"tanh\"; },\n"
    "    { type = \"flatten\"; }, { type = \"dense\"; units = 83; }, { type = \"batchnorm\"; affine = false; },\n"
    "    { type = \"dropout\"; }, { type = \"dense\"; units = 33; bias = false; }, { type = \"sigmoid\"; },\n"
    "    { type = \"dense\"; units = 7; }, { type = \"softmax\"; } );\n",
    "input = [2, 7, 5]; network = ( { type = \"conv\"; filters = 17; kernel = 2; },\n"
    "    { type = \"conv\"; filters = 3; kernel = 2; name = \"c\"; }, { type = \"global_pool\"; },\n"
    "    { type = \"global_pool\"; mode = \"max\"; inputs = (\"c\"); },\n"
    "    { type = \"concat\"; inputs = (\"global_pool1\", \"global_pool2\"); }, { type = \"logistic\"; } );\n",
    "input = [1, 4, 4]; network = ( { type = \"conv\"; filters = 1; kernel = 1; },\n"
    "    { type = \"add\"; inputs = (\"conv1\", \"input\"); }, { type = \"scale\"; bias = false; },\n"
    "    { type = \"mse\"; } );\n",
    /* conv by Toom-Cook with 5, 3 and 7 taps, along filters, of which there are few and more than fill a block, and along
     * columns */
    "input = [3, 18, 19]; network = ( { type = \"conv\"; filters = 17; kernel = 5; pad = [2, 1]; },\n"
    "    { type = \"conv\"; filters = 9; kernel = 3; bias = false; },\n"
    "    { type = \"conv\"; filters = 33; kernel = 7; },\n"
    "    { type = \"conv\"; filters = 20; kernel = [2, 3]; stride = [1, 2]; pad = [1, 0]; },\n"
    "    { type = \"conv\"; filters = 3; kernel = 1; }, { type = \"conv\"; filters = 2; kernel = [1, 2]; stride = 3; pad = 1; },\n"
    "    { type = \"flatten\"; }, { type = \"softmax\"; } );\n",
    "input = [1, 40, 35]; network = ( { type = \"conv\"; filters = 3; kernel = [4, 9]; pad = [0, 4]; bias = false; },\n"
    "    { type = \"conv\"; filters = 7; kernel = [6, 20]; }, { type = \"pool\"; kernel = 2; },\n"
    "    { type = \"conv\"; filters = 39; kernel = [16, 8]; }, { type = \"flatten\"; }, { type = \"softmax\"; } );\n",
    /* conv by Toom-Cook along rows */
    "input = [1, 28, 27]; network = ( { type = \"conv\"; filters = 6; kernel = 5; pad = [2, 1]; name = \"a\"; },\n"
    "    { type = \"conv\"; filters = 3; kernel = 3; bias = false; }, { type = \"conv\"; filters = 5; kernel = 7; pad = 3; },\n"
    "    { type = \"dense\"; units = 7; }, { type = \"softmax\"; } );\n",
    "input = 1; network = ( { type = \"dense\"; units = 1; }, { type = \"relu\"; }, { type = \"mse\"; } );\n",
};
static const char training[] = "train: { epochs = 1; batch = 16; };";

/* ---- calls that are counted: the linker has them come here (local.mk) -------------------------------------------- */

static _Atomic unsigned calls;

#define COUNTED(type, name, parameters, arguments)                                                           \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        calls++;                                                                                             \
        return __real_##name arguments;                                                                      \
    }
COUNTED(void *, malloc, (size_t size), (size))
COUNTED(void *, calloc, (size_t count, size_t size), (count, size))
COUNTED(void *, realloc, (void *memory, size_t size), (memory, size))
COUNTED(void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size))
COUNTED(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
COUNTED(int, pthread_cond_signal, (pthread_cond_t * condition), (condition))
COUNTED(int, pthread_cond_broadcast, (pthread_cond_t * condition), (condition))
COUNTED(int, pthread_create, (pthread_t * thread, const pthread_attr_t *how, void *(*run)(void *), void *arg),
        (thread, how, run, arg))

/* ---- networks ---------------------------------------------------------------------------------------------------- */

static void require(bool ok, const char *what, const nnrun_error *error)
{
    if (ok)
        return;
    printf("\n  %s: %s\n", what, error->text);
    exit(99);
}

static nnrun_options options_of(const char *level)
{
    static const char *folder;
    nnrun_options options = NNRUN_OPTIONS_INIT;

    folder = getenv("NNRUN_PLUGIN_PATH");
    options.plugin_folders = &folder;
    options.plugin_folder_count = folder != NULL;
    options.level = level;
    options.expect = NNRUN_CONFIG;
    return options;
}

static nnrun_model *open_network(size_t number, const char *level)
{
    const nnrun_options options = options_of(level);
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model;
    char text[4096];

    snprintf(text, sizeof text, "%s%s", networks[number], training);
    model = nnrun_open_bytes(text, strlen(text), "net.cfg", &options, &error);
    require(model != NULL, "a network", &error);
    return model;
}

static nnrun_model *open_config(const char *name, const char *level)
{
    const nnrun_options options = options_of(level);
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model;
    char path[4096];

    snprintf(path, sizeof path, "%s/configs/%s", getenv("NNRUN_SOURCE"), name);
    model = nnrun_open(path, &options, &error);
    require(model != NULL, name, &error);
    return model;
}

static nnrun_context *make_context(const nnrun_model *model)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_context *context = nnrun_context_create(model, NNRUN_KEEP_LAYERS, &error);

    require(context != NULL, "a context", &error);
    return context;
}

/* ---- the same bits ----------------------------------------------------------------------------------------------- */

struct asked {
    const nnrun_model *model;
    size_t inputs, outputs;
    nnrun_context *alone, *among;
    uint8_t bytes[SAMPLES * MOST_INPUTS];
    float floats[SAMPLES * MOST_INPUTS];
    float one[MOST_OUTPUTS], all[SAMPLES * MOST_OUTPUTS];
};

static void draw(struct asked *asked)
{
    uint32_t state = 1;

    for (size_t i = 0; i < SAMPLES * asked->inputs; i++) {
        state = state * 1664525u + 1013904223u;
        asked->bytes[i] = (uint8_t)(state >> 24);
        asked->floats[i] = (float)(state >> 8) / 65536.0f - 40.0f;
    }
}

/* Of a sample and those after it, or of it alone. */
static void ask(struct asked *asked, bool floats, size_t sample, size_t count, nnrun_context *context,
                float *outputs)
{
    if (floats)
        nnrun_predict_floats(context, asked->floats + sample * asked->inputs, count, outputs);
    else
        nnrun_predict(context, asked->bytes + sample * asked->inputs, count, outputs);
}

/* What each layer gave for the first sample of the last call. */
static bool same_layers(const struct asked *asked)
{
    for (size_t i = 0; i < nnrun_describe(asked->model)->layers; i++) {
        const nnrun_layer_info *layer = nnrun_describe_layer(asked->model, i);
        if (memcmp(nnrun_layer_output(asked->alone, i), nnrun_layer_output(asked->among, i),
                   layer->values * sizeof(float)) != 0) {
            printf("\n  layer %s differs ", layer->name);
            return false;
        }
    }
    return true;
}

static void compare(const nnrun_model *model)
{
    struct asked *asked = calloc(1, sizeof *asked);

    CU_ASSERT_FATAL(asked && nnrun_describe(model)->inputs <= MOST_INPUTS &&
                    nnrun_describe(model)->outputs <= MOST_OUTPUTS);
    asked->model = model;
    asked->inputs = nnrun_describe(model)->inputs;
    asked->outputs = nnrun_describe(model)->outputs;
    asked->alone = make_context(model);
    asked->among = make_context(model);
    draw(asked);
    for (int floats = 0; floats < 2; floats++) {
        for (size_t i = 0; i + 1 < SAMPLES; i++) {
            ask(asked, floats, i, SAMPLES - i, asked->among, asked->all);
            ask(asked, floats, i, 1, asked->alone, asked->one);
            CU_ASSERT_EQUAL(memcmp(asked->one, asked->all, asked->outputs * sizeof(float)), 0);
            CU_ASSERT(same_layers(asked));
        }
    }
    nnrun_context_destroy(asked->alone);
    nnrun_context_destroy(asked->among);
    free(asked);
}

/* Calls use(level) for each that this processor has. */
static void each_level(void (*use)(const char *level))
{
    static const char *const levels[] = {"portable", "avx2", "avx512"};
    nnrun_model *model = open_network(0, NULL);
    const char *highest = nnrun_describe(model)->level;

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        use(levels[i]);
        if (strcmp(levels[i], highest) == 0)
            break;
    }
    nnrun_close(model);
}

static void compare_networks(const char *level)
{
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        nnrun_model *model = open_network(i, level);
        compare(model);
        nnrun_close(model);
    }
}

static void compare_configs(const char *level)
{
    static const char *const configs[] = {"mlp.cfg", "lenet.cfg", "resnet-mini.cfg"};

    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++) {
        nnrun_model *model = open_config(configs[i], level);
        compare(model);
        nnrun_close(model);
    }
}

static void networks_agree(void)
{
    each_level(compare_networks);
}

static void configs_agree(void)
{
    each_level(compare_configs);
}

static void costs_nothing(void)
{
    static const uint8_t sample[784] = {1, 2, 3};
    static const float floats[784] = {1, 2, 3};
    nnrun_model *model = open_config("lenet.cfg", NULL);
    nnrun_context *context = make_context(model);
    float outputs[10];

    CU_ASSERT(calls > 0); /* they are counted */
    calls = 0;
    for (int i = 0; i < 100; i++) {
        nnrun_predict(context, sample, 1, outputs);
        nnrun_predict_floats(context, floats, 1, outputs);
    }
    CU_ASSERT_EQUAL(calls, 0);
    nnrun_context_destroy(context);
    nnrun_close(model);
}

static const struct unit_test tests[] = {
    {"one sample has the bits that it has among others, in each layer, at each code level", networks_agree},
    {"so it has in configs that come with nnrun", configs_agree},
    {"asking about one allocates nothing, takes no lock and wakes no thread", costs_nothing},
};
UNIT_MAIN("one", tests)
