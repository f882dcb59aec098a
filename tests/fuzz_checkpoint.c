/* fuzz_checkpoint.c: any bytes as a checkpoint, as predict, test, report and resume read it: settings, network,
 * weights and the state of training. What opens is asked a sample, saved, opened again and, if it is small, resumed for
 * an instant on data of our own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "fuzz.h"
#include "fuzz_header.h"
#include "model/model.h"
#include "predict/predictor.h"
#include "run/run_folder.h"
#include "run/run_model.h"
#include "train/train_state.h"
#include "train/trainer.h"

enum { MOST_INPUT = 65536, MOST_ARENA = 1 << 24, MOST_FLOPS = 1000000, MOST_BATCH = 64, MOST_WINDOW = 4096 };
#define RUN "run"

/* ---- reading ------------------------------------------------------------------------------------------- */

static void need_data_error(struct error *error)
{
    if (error->code != ERROR_DATA && error->code != ERROR_CONFIG)
        fuzz_fail("code %d: %s", (int)error->code, error_text(error));
    fuzz_check_error(error);
}

/* Returns 0 or -1. */
static int open_state(const void *bytes, size_t size, bool evaluate_only, struct model *model,
                      struct train_state *state)
{
    const struct model_source source = {
        .bytes = bytes, .size = size, .label = "it", .kind = MODEL_CHECKPOINT};
    struct model_options options = fuzz_model_options();
    struct error error = {0};

    *state = (struct train_state){0};
    options.evaluate_only = evaluate_only;
    if (model_open(model, &source, &options, &error) == 0 &&
        train_state_load(state, model, model->file, !evaluate_only, &error) == 0)
        return 0;
    need_data_error(&error);
    return -1;
}

static void close_state(struct model *model, struct train_state *state)
{
    train_state_finish(state);
    model_finish(model);
}

/* What a step takes is small. */
static bool is_small(const struct model *model)
{
    double flops = 0;

    for (size_t i = 0; i < model->net->node_count; i++)
        flops += model->net->nodes[i].forward_flops + model->net->nodes[i].dx_flops +
                 model->net->nodes[i].dw_flops;
    return flops <= MOST_FLOPS && model->net->arena_bytes <= MOST_ARENA &&
           model->net->derived_bytes <= MOST_ARENA && model->net->one_weight_bytes <= MOST_ARENA &&
           model->net->one_bytes <= MOST_ARENA && model->net->input_values <= MOST_INPUT;
}

static void ask(const struct model *model, const struct train_state *state)
{
    const struct net_node *last = &model->net->nodes[model->net->last];
    struct error error = {0};
    struct predictor *predictor = predictor_create(model, state, &error);
    struct predictor_context *context = predictor ? predictor_context_create(predictor, true, &error) : NULL;
    uint8_t *sample = calloc(model->net->input_values + 1, 1);
    float *outputs = calloc(last->values + 1, sizeof *outputs);

    if (!context || !sample || !outputs)
        fuzz_fail("it cannot be asked: %s", error_text(&error));
    predictor_predict(context, &(struct predictor_samples){.bytes = sample}, 1, outputs);
    free(outputs);
    free(sample);
    predictor_context_destroy(context);
    predictor_destroy(predictor);
}

/* ---- saving -------------------------------------------------------------------------------------------- */

static char *save(const struct model *model, const struct train_state *state, size_t *size)
{
    const char *path = fuzz_path("saved");
    struct error error = {0};
    char *bytes;

    if (train_state_write(state, model, path, &error) != 0 ||
        !(bytes = file_load(path, 1 << 24, size, &error)))
        fuzz_fail("it cannot be saved: %s", error_text(&error));
    return bytes;
}

/* What was opened and saved is the same when that is done again. */
static void save_twice(const struct model *model, const struct train_state *state)
{
    struct train_state again_state;
    struct model again;
    size_t size, again_size;
    char *saved = save(model, state, &size), *again_saved;

    if (open_state(saved, size, false, &again, &again_state) != 0)
        fuzz_fail("what is saved of it does not open");
    again_saved = save(&again, &again_state, &again_size);
    if (size != again_size || memcmp(saved, again_saved, size) != 0)
        fuzz_fail("opened and saved again it is something else");
    close_state(&again, &again_state);
    free(again_saved);
    free(saved);
}

/* ---- resuming ------------------------------------------------------------------------------------------ */

enum { SAMPLES = 20, SIDE = 4, TENTH = 10 };

/* Twenty pictures of 4 x 4, in MNIST's four files. */
static void put_data(void)
{
    static const char *const names[] = {"data/train-images-idx3-ubyte", "data/train-labels-idx1-ubyte",
                                        "data/t10k-images-idx3-ubyte", "data/t10k-labels-idx1-ubyte"};
    uint8_t images[16 + SAMPLES * SIDE * SIDE] = {0, 0, 8, 3, 0, 0, 0, SAMPLES, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
    uint8_t labels[8 + SAMPLES] = {0, 0, 8, 1, 0, 0, 0, SAMPLES};

    for (size_t i = 0; i < SAMPLES * SIDE * SIDE; i++)
        images[16 + i] = (uint8_t)(i * 37);
    for (size_t i = 0; i < SAMPLES; i++)
        labels[8 + i] = (uint8_t)(i % 2);
    for (size_t i = 0; i < 4; i += 2) {
        fuzz_put(names[i], images, sizeof images);
        fuzz_put(names[i + 1], labels, sizeof labels);
    }
}

static void make_folders(void)
{
    static bool made;

    if (!made && (mkdir(fuzz_path("data"), 0777) != 0 || mkdir(fuzz_path(RUN), 0777) != 0))
        fuzz_fail("no folder");
    if (!made)
        put_data();
    made = true;
    fuzz_clear_folder(RUN);
}

/* To the end of the step under way, of which there is none: all is opened, the folder cut back, the state saved. */
static void resume(const void *bytes, size_t size)
{
    char data[512];
    const char *const overrides[] = {"train.threads=1", "output.keep=1", data};
    struct model_options options = fuzz_model_options();
    struct trainer_requests requests = {.stop = 1};
    struct trainer_result result = {0};
    struct error error = {0};
    struct model model = {0};
    struct run_folder *run;
    char *warnings = NULL;

    make_folders();
    fuzz_put(RUN "/step-000000009.safetensors", bytes, size);
    snprintf(data, sizeof data, "data.directory=\"%s\"", fuzz_path("data"));
    options.overrides = overrides;
    options.override_count = sizeof overrides / sizeof overrides[0];
    run = run_folder_open(fuzz_path(RUN), &error);
    if (!run)
        fuzz_fail("%s", error_text(&error));
    if (run_model_open_run(&model, run, &options, &warnings, &error) == 0) {
        const struct trainer_spec spec = {
            .model = &model, .run = run, .resumed = &model, .any_arithmetic = true, .requests = &requests};

        trainer_run(&spec, &result, &error);
    }
    if (error.code != ERROR_NONE)
        fuzz_check_error(&error);
    evaluation_finish(&result.test);
    free(result.run);
    free(warnings);
    model_finish(&model);
    run_folder_close(run);
}

/* ---- the input ----------------------------------------------------------------------------------------- */

/* As predict reads it, in no more memory than that file may take. */
static void read_to_predict(const void *bytes, size_t size)
{
    struct train_state state;
    struct model model;
    int failed;

    fuzz_memory_begin();
    failed = open_state(bytes, size, true, &model, &state);
    if (fuzz_memory_most() > (64u << 20) + 4 * size)
        fuzz_fail("%zu bytes took %zu of memory", size, fuzz_memory_most());
    if (!failed && is_small(&model))
        ask(&model, &state);
    close_state(&model, &state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct train_state state;
    struct model model;
    uint8_t *copy;
    bool small = false;

    if (size > MOST_INPUT)
        return 0;
    copy = fuzz_copy(data, size);
    read_to_predict(copy, size);
    if (open_state(copy, size, false, &model, &state) == 0) {
        save_twice(&model, &state);
        small = is_small(&model) && model.settings.train.batch <= MOST_BATCH &&
                model.settings.data.window <= MOST_WINDOW;
    }
    close_state(&model, &state);
    if (small)
        resume(copy, size);
    free(copy);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return fuzz_header_change(data, size, most < MOST_INPUT ? most : MOST_INPUT, seed);
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
