/* unit_model.c: configs and checkpoints are opened alike, from files and from memory, by what is in them. */
#include "unit.h"
#include "unit_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "checkpoint/safetensors_write.h"
#include "run/run_files.h"
#include "run/run_info.h"
#include "run/run_model.h"
#include "train/train_state.h"

static const char config[] =
    "name = \"n\"; input = [1, 6, 6]; data: { directory = \"there\"; mean = 0.5; };\n"
    "network = ( { type = \"conv\"; filters = 4; kernel = 3; }, { type = \"batchnorm\"; },\n"
    "    { type = \"dense\"; units = 5; }, { type = \"softmax\"; } );\n"
    "train: { batch = 4; seed = 7; };\n";
static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\3",
                  idx[] = "\0\0\x08\3\0\0\0\1\0\0\0\x1c", pnm[] = "P5\n28 28 255\n";

static void need(bool ok, struct error *error)
{
    if (ok)
        return;
    printf("\n  %s\n", error_text(error));
    exit(99);
}

/* The folder of a run with a step file and best.safetensors, whose data are known. */
static const char *run_with_checkpoints(void)
{
    static const char *const overrides[] = {"train.epochs=3", "data.directory=elsewhere"};
    static char path[512];
    const struct model_source source = {.bytes = config, .size = strlen(config), .label = "net.cfg"};
    struct model_options options = unit_options(false);
    const struct run_info info = {.config_path = "net.cfg", .threads = 1, .samples = 10};
    struct error error UNIT_CLEARED = {0};
    struct train_state state;
    struct run_folder *run;
    struct model model;

    if (*path)
        return path;
    options.overrides = overrides;
    options.override_count = 2;
    need(model_open(&model, &source, &options, &error) == 0, &error);
    CU_ASSERT_PTR_NULL(model.file);
    CU_ASSERT_STRING_EQUAL(model.paths.train_images, "elsewhere/train-images-idx3-ubyte.gz");
    need(train_state_init(&state, &model, true, &error) == 0, &error);
    run = run_folder_create(unit_path("run"), true, &error);
    need(run && train_state_save(&state, &model, run, false, &error) == 0 &&
             train_state_save(&state, &model, run, true, &error) == 0 &&
             run_info_write(run, &model, &info, &error) == 0,
         &error);
    snprintf(path, sizeof path, "%s", run_folder_path(run));
    run_folder_close(run);
    train_state_finish(&state);
    model_finish(&model);
    return path;
}

static const char *checkpoint(void)
{
    static char path[600];

    snprintf(path, sizeof path, "%s/" RUN_BEST, run_with_checkpoints());
    return path;
}

static char *load(const char *path, size_t *size)
{
    struct error error UNIT_CLEARED = {0};
    char *bytes = file_load(path, 1 << 20, size, &error);

    need(bytes != NULL, &error);
    return bytes;
}

/* The weights that both models load are the same bits, and not all zero. */
static void same_weights(const struct model *a, const struct model *b)
{
    struct train_state of_a = {0}, of_b = {0};
    struct error error UNIT_CLEARED = {0};
    const size_t bytes = a->net->weights * sizeof(float), states = a->net->states * sizeof(float);
    float sum = 0;

    CU_ASSERT_EQUAL_FATAL(a->net->weights, b->net->weights);
    need(train_state_load(&of_a, a, a->file, true, &error) == 0, &error);
    need(train_state_load(&of_b, b, b->file, true, &error) == 0, &error);
    for (size_t i = 0; i < a->net->weights; i++)
        sum += of_a.weights[i] * of_a.weights[i];
    CU_ASSERT(sum > 0);
    CU_ASSERT_EQUAL(memcmp(of_a.weights, of_b.weights, bytes), 0);
    CU_ASSERT_EQUAL(memcmp(of_a.states, of_b.states, states), 0);
    train_state_finish(&of_a);
    train_state_finish(&of_b);
}

static void config_from_memory(void)
{
    const char *path = unit_file("a.safetensors", config, strlen(config));
    const struct model_source file = {.path = path},
                              memory = {.bytes = config, .size = strlen(config), .label = "bytes"};
    const struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};
    struct model a, b;
    char folder[512];

    need(model_open(&a, &file, &options, &error) == 0, &error);
    need(model_open(&b, &memory, &options, &error) == 0, &error);
    CU_ASSERT(!a.file && !b.file);
    CU_ASSERT_STRING_EQUAL(config_text(a.config), config_text(b.config));
    CU_ASSERT_EQUAL(a.net->weights, b.net->weights);
    CU_ASSERT_EQUAL(a.net->arena_bytes, b.net->arena_bytes);
    CU_ASSERT_EQUAL(b.settings.train.seed, 7);
    snprintf(folder, sizeof folder, "%s/there/train-labels-idx1-ubyte.gz", unit_folder());
    CU_ASSERT_STRING_EQUAL(a.paths.train_labels, folder);
    CU_ASSERT_STRING_EQUAL(b.paths.train_labels, "there/train-labels-idx1-ubyte.gz");
    model_finish(&a);
    model_finish(&b);
}

static void checkpoint_from_memory(void)
{
    size_t size;
    char *bytes = load(checkpoint(), &size);
    const struct model_source file = {.path = unit_file("a.cfg", bytes, size)},
                              memory = {.bytes = bytes, .size = size, .label = "bytes"};
    const struct model_options options = unit_options(true);
    struct error error UNIT_CLEARED = {0};
    struct model a, b;

    need(model_open(&a, &file, &options, &error) == 0, &error);
    need(model_open(&b, &memory, &options, &error) == 0, &error);
    memset(bytes, 0, size);
    free(bytes);
    CU_ASSERT_EQUAL(unlink(file.path), 0); /* nothing is read again */
    CU_ASSERT_FATAL(a.file && b.file);
    CU_ASSERT_STRING_EQUAL(safetensors_label(a.file), file.path);
    CU_ASSERT_STRING_EQUAL(safetensors_label(b.file), "bytes");
    CU_ASSERT_EQUAL(b.settings.train.epochs, 3);
    CU_ASSERT_PTR_NULL(b.paths.train_images);
    same_weights(&a, &b);
    model_release_file(&b);
    CU_ASSERT_PTR_NULL(b.file);
    model_finish(&a);
    model_finish(&b);
}

static void handed_over(void)
{
    const struct model_options options = unit_options(true);
    struct error error UNIT_CLEARED = {0};
    struct safetensors *read = safetensors_read(checkpoint(), &error);
    struct model_source source = {.file = read};
    struct model model;

    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    need(model_open(&model, &source, &options, &error) == 0, &error);
    CU_ASSERT_PTR_EQUAL(model.file, read);
    model_finish(&model);
    /* also one that is no model's: freed all the same */
    need(safetensors_write(unit_path("bare"), NULL, 0, NULL, 0, &error) == 0, &error);
    source.file = safetensors_read(unit_path("bare"), &error);
    CU_ASSERT_EQUAL(model_open(&model, &source, &options, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "/bare is not a checkpoint of nnrun"));
    model_finish(&model);
}

/* What a source of that kind is refused for, from a file and from memory. */
static void refused(const void *bytes, size_t size, enum model_kind kind, enum error_code code,
                    const char *why)
{
    const char *path = unit_file("file", bytes, size);
    const struct model_source sources[] = {{.path = path, .kind = kind},
                                           {.bytes = bytes, .size = size, .label = path, .kind = kind}};
    const struct model_options options = unit_options(false);
    char expected[1024];

    snprintf(expected, sizeof expected, "%s%s%s", path, *why ? " " : ":", why);
    for (size_t i = 0; i < 2; i++) {
        struct error error UNIT_CLEARED = {0};
        struct model model;

        CU_ASSERT_EQUAL(model_open(&model, &sources[i], &options, &error), -1);
        CU_ASSERT_EQUAL(error.code, code);
        if (strncmp(error_text(&error), expected, strlen(expected)) != 0) {
            printf("\n  %s\n  expected: %s ", error_text(&error), expected);
            CU_FAIL("another message");
        }
        model_finish(&model);
    }
}

static void refusals(void)
{
    size_t size;
    char *bytes = load(checkpoint(), &size);

    refused(config, strlen(config), MODEL_CHECKPOINT, ERROR_DATA,
            "is a config, but a checkpoint is expected");
    refused(bytes, size, MODEL_CONFIG, ERROR_CONFIG, "is a checkpoint, but a config is expected");
    refused(png, sizeof png, MODEL_ANY, ERROR_CONFIG,
            "is a PNG picture, but a config or a checkpoint is expected");
    refused(gzip, sizeof gzip, MODEL_CONFIG, ERROR_CONFIG, "is a gzip file, but a config is expected");
    refused(idx, sizeof idx, MODEL_CHECKPOINT, ERROR_DATA,
            "is an IDX file, but a checkpoint (.safetensors) is expected");
    refused(pnm, sizeof pnm - 1, MODEL_ANY, ERROR_CONFIG,
            "is a PNM picture, but a config or a checkpoint is expected");
    refused("", 0, MODEL_CHECKPOINT, ERROR_DATA, "is only 0 bytes long: not a checkpoint, or truncated");
    refused(bytes, 8, MODEL_ANY, ERROR_DATA, "ends within its header");
    refused(bytes, 4, MODEL_ANY, ERROR_DATA, "is only 4 bytes long: not a checkpoint, or truncated");
    refused("\xff\xfen\0a\0", 6, MODEL_ANY, ERROR_CONFIG, "");
    refused(bytes, size - 1, MODEL_ANY, ERROR_DATA, "");
    refused("text", 4, MODEL_CHECKPOINT, ERROR_DATA, "is only 4 bytes long: not a checkpoint, or truncated");
    free(bytes);
}

/* The place in a text that is in no file is said with its label. */
static void labels(void)
{
    static const char wrong[] = "name = \"n\";\nfoo = 1;\n";
    const struct model_source source = {.bytes = wrong, .size = strlen(wrong), .label = "bytes"};
    const struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};
    struct model model;

    CU_ASSERT_EQUAL(model_open(&model, &source, &options, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "bytes:2: foo: unknown key"));
    CU_ASSERT_STRING_EQUAL(error_entry(&error, 0)->facts.file, "bytes");
    model_finish(&model);
}

static void kinds(void)
{
    const char *pipe = unit_path("pipe");
    size_t size;
    char *bytes = load(checkpoint(), &size);

    CU_ASSERT_EQUAL(model_kind(bytes, size), MODEL_CHECKPOINT);
    CU_ASSERT_EQUAL(model_kind(config, strlen(config)), MODEL_CONFIG);
    CU_ASSERT_EQUAL(model_kind(png, sizeof png), MODEL_ANY);
    CU_ASSERT_EQUAL(model_kind("", 0), MODEL_ANY);
    CU_ASSERT_EQUAL(model_file_kind(unit_file("x.cfg", bytes, size)), MODEL_CHECKPOINT);
    CU_ASSERT_EQUAL(model_file_kind(unit_file("x.cfg", bytes, 9)), MODEL_CHECKPOINT);
    CU_ASSERT_EQUAL(model_file_kind(unit_file("x.cfg", bytes, 8)), MODEL_ANY);
    CU_ASSERT_EQUAL(model_file_kind(unit_file("x.bin", config, strlen(config))), MODEL_CONFIG);
    CU_ASSERT_EQUAL(model_file_kind(unit_path("missing.cfg")), MODEL_ANY);
    CU_ASSERT_EQUAL(model_file_kind(unit_folder()), MODEL_ANY);
    CU_ASSERT_EQUAL_FATAL(mkfifo(pipe, 0600), 0);
    CU_ASSERT_EQUAL(model_file_kind(pipe), MODEL_ANY);
    free(bytes);
}

/* Opens a file of a run and says where its training images are, "": not known. */
static const char *data_of(const char *path, const char *override)
{
    static char text[1024];
    struct model_options options = unit_options(true);
    struct error error UNIT_CLEARED = {0};
    struct model model;

    options.overrides = &override;
    options.override_count = override != NULL;
    need(run_model_open(&model, path, MODEL_ANY, &options, &error) == 0, &error);
    snprintf(text, sizeof text, "%s", model.paths.train_images ? model.paths.train_images : "");
    model_finish(&model);
    return text;
}

static void data_paths(void)
{
    size_t size;
    char *bytes = load(checkpoint(), &size), here[512], expected[1024];
    const char *name = "train-images-idx3-ubyte.gz";

    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(here, sizeof here));
    snprintf(expected, sizeof expected, "%s/elsewhere/%s", here, name);
    CU_ASSERT_STRING_EQUAL(data_of(checkpoint(), NULL), expected);
    CU_ASSERT_STRING_EQUAL(data_of(checkpoint(), "data.directory=d"), "d/train-images-idx3-ubyte.gz");
    CU_ASSERT_STRING_EQUAL(data_of(checkpoint(), "train.epochs=4"), expected);
    /* of a checkpoint elsewhere nothing is known; of a config what it says */
    CU_ASSERT_STRING_EQUAL(data_of(unit_file("alone", bytes, size), NULL), "");
    snprintf(expected, sizeof expected, "%s/there/%s", unit_folder(), name);
    CU_ASSERT_STRING_EQUAL(data_of(unit_file("alone", config, strlen(config)), NULL), expected);
    free(bytes);
}

static void newest_of_a_run(void)
{
    const char *const folder = run_with_checkpoints();
    const struct model_options options = unit_options(true);
    struct error error UNIT_CLEARED = {0};
    struct model model, best;
    char step[600];

    need(run_model_peek(&model, folder, &options, &error) == 0, &error);
    snprintf(step, sizeof step, "%s/step-000000000.safetensors", folder);
    CU_ASSERT_STRING_EQUAL(safetensors_label(model.file), step);
    CU_ASSERT_PTR_NOT_NULL(model.paths.test_labels);
    need(run_model_open(&best, checkpoint(), MODEL_CHECKPOINT, &options, &error) == 0, &error);
    same_weights(&model, &best);
    model_finish(&best);
    model_finish(&model);
    CU_ASSERT_EQUAL(run_model_peek(&model, unit_path("nothing"), &options, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    model_finish(&model);
}

static const struct unit_test tests[] = {
    {"a config in memory is the one of its file", config_from_memory},
    {"a checkpoint in memory has the bits of its file, which is read once", checkpoint_from_memory},
    {"a checkpoint that was read is handed over", handed_over},
    {"what is something else is called what it is", refusals},
    {"messages about a text in memory have its label", labels},
    {"kinds are told by content, without waiting", kinds},
    {"where the data are is known beside run.json, unless an override says so", data_paths},
    {"a run's newest checkpoint is opened with its data's paths", newest_of_a_run},
};
UNIT_MAIN("model", tests)
