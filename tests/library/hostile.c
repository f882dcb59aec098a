/* hostile.c: a program that has set its process up in a way of its own, and finds it so after every call of libnnrun.
 *
 *   host WAY CONFIG CHECKPOINT IDX-FILE OUT
 *
 * leaves in the folder OUT what it was answered, which is the same for every WAY:
 *   plain      nothing is special
 *   allocator  jansson has another allocator, whose blocks only its own free can free
 *   locale     numbers have a decimal comma
 *   upward     results are rounded up, x87 computes in single precision
 *   flushing   results are rounded to zero, denormals are flushed, x87 rounds down
 *   traps      floating-point faults end the process
 *   signals    many are blocked, ignored or handled
 * Exit status: 1 and a line if anything changed; 77: the way cannot be gone, as the system has no such locale. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>
#include <nnrun/nnrun.h>

#include "host_state.h"

/* Calls, and compares what the host had before with what it has after. */
#define CALL(call) (host_state_begin(#call), call, host_state_end())

/* ---- ways to be a host ---------------------------------------------------------------------------------- */

enum { TAG = 0x5afe, ROOM = 64 };

static long blocks; /* that are in use */

static void *tagged_malloc(size_t size)
{
    size_t *block = malloc(size + ROOM);

    if (!block)
        return NULL;
    block[0] = TAG;
    blocks++;
    return (char *)block + ROOM;
}

static void tagged_free(void *memory)
{
    size_t *block = memory ? (size_t *)(void *)((char *)memory - ROOM) : NULL;

    if (!block)
        return;
    if (block[0] != TAG) {
        fprintf(stderr, "host: memory of another allocator is freed as jansson's\n");
        abort();
    }
    block[0] = 0;
    blocks--;
    free(block);
}

static void on_signal(int number)
{
    (void)number;
}

static void set_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigset_t blocked;

    sigfillset(&blocked);
    sigdelset(&blocked, SIGTERM);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
}

/* MXCSR: 0x40 denormals are zero, 0x1f80 no traps, 0x2000 down, 0x4000 up, 0x6000 to zero, 0x8000 flush. x87: 0x3f no
 * traps, 0x300 its full precision, 0x400 down. */
static const struct {
    const char *name;
    struct host_modes modes;
} modes[] = {
    {"upward", {0x1f80 | 0x4000, 0x3f}},
    {"flushing", {0x1f80 | 0x6000 | 0x8000 | 0x40, 0x33f | 0x400}},
    {"traps", {0x1f80 & ~0x0680, 0x33f & ~0x0d}},
};

static void *nothing(void *arg)
{
    return arg;
}

static int become(const char *way)
{
    pthread_t thread;

    umask(027);
    /* With the first one sanitizers start one of their own. */
    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return -1;
    if (strcmp(way, "allocator") == 0)
        json_set_alloc_funcs(tagged_malloc, tagged_free);
    if (strcmp(way, "signals") == 0)
        set_signals();
    if (strcmp(way, "locale") == 0 &&
        (!setlocale(LC_ALL, "de_DE.UTF-8") || strcmp(localeconv()->decimal_point, ",") != 0))
        return -1;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(way, modes[i].name) == 0)
            host_modes_set(modes[i].modes);
    return 0;
}

/* ---- what it asks --------------------------------------------------------------------------------------- */

struct tour {
    const char *config, *checkpoint, *idx, *out;
    nnrun_error error;
    nnrun_model *model;
    nnrun_context *context;
    nnrun_pictures *pictures;
    size_t count; /* of pictures */
    uint8_t *samples;
    float *values, *outputs;
    FILE *answers;
    char path[4096];
};

static void must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "host: %s\n", what);
    exit(1);
}

static const char *below(struct tour *tour, const char *name)
{
    must(snprintf(tour->path, sizeof tour->path, "%s/%s", tour->out, name) < (int)sizeof tour->path, name);
    return tour->path;
}

static void succeed(struct tour *tour, const char *what)
{
    must(tour->error.code == 0, tour->error.text ? tour->error.text : what);
}

/* While they are open, so is the file. */
static void open_and_close_pictures(struct tour *tour)
{
    nnrun_pictures *pictures = nnrun_pictures_open(tour->idx, &tour->error);

    succeed(tour, "nnrun_pictures_open");
    nnrun_pictures_close(pictures);
    CALL(pictures = nnrun_pictures_open_bytes("P2 1 1 1 1", 10, NULL, &tour->error));
    succeed(tour, "nnrun_pictures_open_bytes");
    nnrun_pictures_close(pictures);
    CALL(tour->count = (size_t)nnrun_bytes_are_table("1,2", 3, &tour->error));
    must(tour->count == 1, "bytes are no table");
}

static void open_model(struct tour *tour)
{
    nnrun_error *error = &tour->error;

    CALL(tour->model = nnrun_open(tour->checkpoint, NULL, error));
    succeed(tour, "nnrun_open");
    CALL(tour->context = nnrun_context_create(tour->model, NNRUN_KEEP_LAYERS, error));
    succeed(tour, "nnrun_context_create");
    CALL(open_and_close_pictures(tour));
    tour->pictures = nnrun_pictures_open(tour->idx, error);
    succeed(tour, "nnrun_pictures_open");
    tour->count = nnrun_pictures_count(tour->pictures);
}

/* The same samples, digit by digit: of samples there is one each. */
static void take_digits(struct tour *tour)
{
    nnrun_pictures *pictures = nnrun_pictures_open(tour->idx, &tour->error);
    uint8_t *sample = calloc(1, nnrun_describe(tour->model)->inputs);
    size_t count = 0;

    must(pictures && sample, "the samples cannot be opened again");
    CALL(nnrun_pictures_next_digits(pictures, tour->model, NULL, sample, 1, &count, NULL, &tour->error));
    succeed(tour, "nnrun_pictures_next_digits");
    must(count == 1, "one sample has more digits than one");
    must(memcmp(sample, tour->samples, nnrun_describe(tour->model)->inputs) == 0,
         "its digit is not the sample");
    free(sample);
    nnrun_pictures_close(pictures);
}

/* Also as a picture of another size, for which numbers are rounded. */
static void prepare(struct tour *tour)
{
    const nnrun_info *info = nnrun_describe(tour->model);
    uint8_t picture[40 * 30];

    tour->samples = calloc(tour->count + 1, info->inputs);
    tour->values = calloc((tour->count + 1) * info->inputs, sizeof(float));
    tour->outputs = calloc((tour->count + 1) * info->outputs, sizeof(float));
    must(tour->samples && tour->values && tour->outputs, "out of memory");
    for (size_t i = 0; i < tour->count; i++) {
        CALL(nnrun_pictures_next(tour->pictures, tour->model, NULL, tour->samples + i * info->inputs, NULL,
                                 &tour->error));
        succeed(tour, "nnrun_pictures_next");
    }
    take_digits(tour);
    for (size_t i = 0; i < sizeof picture; i++)
        picture[i] = (uint8_t)(i % 30 > 10 && i % 30 < 14 ? i % 240 : 0);
    CALL(nnrun_prepare_pixels(tour->model, picture, 1, 40, 30, NULL,
                              tour->samples + tour->count * info->inputs, NULL, &tour->error));
    succeed(tour, "nnrun_prepare_pixels");
    nnrun_pictures_close(tour->pictures);
    for (size_t i = 0; i < (tour->count + 1) * info->inputs; i++)
        tour->values[i] = (float)tour->samples[i] * 0.5f;
}

static void write_answers(struct tour *tour, const void *bytes, size_t size)
{
    must(fwrite(bytes, 1, size, tour->answers) == size, "cannot write the answers");
}

static void ask(struct tour *tour)
{
    const nnrun_info *info = nnrun_describe(tour->model);
    const size_t all = tour->count + 1, size = all * info->outputs * sizeof(float);
    nnrun_best_class best[3];
    size_t classes;

    write_answers(tour, tour->samples, all * info->inputs);
    CALL(nnrun_predict(tour->context, tour->samples, all, tour->outputs));
    write_answers(tour, tour->outputs, size);
    CALL(nnrun_predict_floats(tour->context, tour->values, all, tour->outputs));
    write_answers(tour, tour->outputs, size);
    CALL(classes = nnrun_best(tour->model, tour->outputs, best, 3));
    for (size_t i = 0; i < classes; i++)
        write_answers(tour, &best[i].value, sizeof best[i].value);
}

/* Numbers that a host may take for 0, and one that its traps may not like to be compared. */
static void order(struct tour *tour)
{
    enum { CLASSES = 10 };
    static const float outputs[CLASSES] = {1e-40f, 3e-40f, 0, 2e-40f, -1e-40f}, none[CLASSES] = {1, NAN};
    nnrun_best_class best[CLASSES];
    size_t classes;

    must(nnrun_describe(tour->model)->classes == CLASSES, "there are other classes than those of digits");
    CALL(classes = nnrun_best(tour->model, none, best, CLASSES));
    must(classes == 0, "NaN is an answer");
    CALL(classes = nnrun_best(tour->model, outputs, best, CLASSES));
    must(classes == CLASSES, "classes are missing");
    for (size_t i = 0; i < classes; i++)
        write_answers(tour, &best[i].index, sizeof best[i].index);
}

/* One output is the probability of the second class; that of the first is computed, and rounded. */
static void ask_one_output(struct tour *tour)
{
    static const char config[] = "input = [1, 2, 2];"
                                 "network = ( { type = \"dense\"; units = 1; }, { type = \"logistic\"; } );";
    static const float outputs[] = {0.104601f, 0.199201f, 0.435701f, 0.7f};
    nnrun_model *model;
    nnrun_best_class best[2];
    size_t count;

    CALL(model = nnrun_open_bytes(config, sizeof config - 1, "one output", NULL, &tour->error));
    succeed(tour, "nnrun_open_bytes");
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        CALL(count = nnrun_best(model, &outputs[i], best, 2));
        must(count == 2, "one output has not two classes");
        write_answers(tour, &best[0].value, sizeof best[0].value);
        write_answers(tour, &best[1].value, sizeof best[1].value);
    }
    CALL(nnrun_close(model));
}

/* A config whose numbers decide bits. */
static void train(struct tour *tour, const char *run, nnrun_on_event *on_event)
{
    static const char *const overrides[] = {"train.epochs=1", "train.optimizer.rate=0.0432109876"};
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_train_options train_options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    nnrun_model *model;

    options.overrides = overrides;
    options.override_count = 2;
    train_options.folder = run;
    train_options.on_event = on_event;
    CALL(model = nnrun_open(tour->config, &options, &tour->error));
    succeed(tour, "nnrun_open");
    CALL(nnrun_train(model, &train_options, &training, &tour->error));
    succeed(tour, "nnrun_train");
    CALL(nnrun_training_clear(&training));
    train_options.folder = NULL;
    CALL(nnrun_resume(run, NULL, &train_options, &training, &tour->error));
    succeed(tour, "nnrun_resume");
    CALL(nnrun_training_clear(&training));
    CALL(nnrun_close(model));
}

static int32_t on_event(void *arg, const nnrun_event *event)
{
    (void)arg;
    (void)event;
    host_state_thread();
    return NNRUN_GO_ON;
}

static void test(struct tour *tour)
{
    nnrun_evaluation *evaluation;

    CALL(evaluation = nnrun_test(tour->model, NULL, &tour->error));
    succeed(tour, "nnrun_test");
    write_answers(tour, &evaluation->right, sizeof evaluation->right);
    write_answers(tour, &evaluation->loss, sizeof evaluation->loss);
    write_answers(tour, &evaluation->high, sizeof evaluation->high);
    double balanced, area;
    CALL(balanced = nnrun_evaluation_balanced_accuracy(evaluation));
    CALL(area = nnrun_evaluation_area(evaluation, nnrun_evaluation_areas(evaluation)));
    write_answers(tour, &balanced, sizeof balanced);
    write_answers(tour, &area, sizeof area);
    CALL(nnrun_evaluation_free(evaluation));
    CALL(nnrun_save(tour->model, below(tour, "saved.safetensors"), &tour->error));
    succeed(tour, "nnrun_save");
}

/* A call that fails; its text has numbers in it. */
static void fail(struct tour *tour)
{
    static const char *const overrides[] = {"train.optimizer.rate=-0.5", "train.optimizer.momentum=1.5"};
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_model *model;

    options.overrides = overrides;
    options.override_count = 2;
    CALL(model = nnrun_open(tour->config, &options, &tour->error));
    must(!model && tour->error.code == NNRUN_ERROR_CONFIG, "a wrong config is opened");
    write_answers(tour, tour->error.text, strlen(tour->error.text));
    CALL(nnrun_error_clear(&tour->error));
}

static void finish(struct tour *tour)
{
    CALL(nnrun_context_destroy(tour->context));
    CALL(nnrun_close(tour->model));
    free(tour->samples);
    free(tour->values);
    free(tour->outputs);
    must(fclose(tour->answers) == 0, "cannot write the answers");
}

int main(int argc, char **argv)
{
    struct tour tour = {.error = NNRUN_ERROR_INIT};
    char run[4096];

    must(argc == 6, "usage");
    tour.config = argv[2], tour.checkpoint = argv[3], tour.idx = argv[4], tour.out = argv[5];
    must(mkdir(tour.out, 0777) == 0 && (tour.answers = fopen(below(&tour, "answers"), "wb")), tour.path);
    snprintf(run, sizeof run, "%s", below(&tour, "run"));
    if (become(argv[1]) != 0)
        return 77;
    open_model(&tour);
    prepare(&tour);
    ask(&tour);
    order(&tour);
    ask_one_output(&tour);
    test(&tour);
    train(&tour, run, on_event);
    fail(&tour);
    finish(&tour);
    must(blocks == 0, "jansson's memory is left");
    return host_state_changes() ? 1 : 0;
}
