/* command_test.c: nnrun test: a checkpoint on the test samples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/memory.h"
#include "cli/command.h"
#include "train/evaluate.h"
#include "train/run_info.h"
#include "train/train_state.h"

static double ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

struct class_figures {
    uint64_t samples, said, right;
};

static struct class_figures figures_of(const struct evaluation *result, size_t class)
{
    struct class_figures figures = {0};

    for (size_t k = 0; k < result->classes; k++) {
        figures.samples += result->confusion[class * result->classes + k];
        figures.said += result->confusion[k * result->classes + class];
    }
    figures.right = result->confusion[class * result->classes + class];
    return figures;
}

static void print_classes(const struct evaluation *result)
{
    puts("\nclass  samples  right  recall %  precision %");
    for (size_t c = 0; c < result->classes; c++) {
        const struct class_figures figures = figures_of(result, c);
        printf("%5zu  %7llu  %5llu  %8.2f  %11.2f\n", c, (unsigned long long)figures.samples,
               (unsigned long long)figures.right, 100 * ratio(figures.right, figures.samples),
               100 * ratio(figures.right, figures.said));
    }
}

static void print_confusion(const struct evaluation *result)
{
    uint64_t most = 0;
    int width = 1;

    for (size_t i = 0; i < result->classes * result->classes; i++)
        most = result->confusion[i] > most ? result->confusion[i] : most;
    for (; most >= 10 || width < 3; most /= 10)
        width++;
    puts("\nconfusion (rows: label, columns: said)");
    printf("     ");
    for (size_t c = 0; c < result->classes; c++)
        printf(" %*zu", width, c);
    putchar('\n');
    for (size_t r = 0; r < result->classes; r++) {
        printf("%5zu", r);
        for (size_t c = 0; c < result->classes; c++) {
            const uint64_t count = result->confusion[r * result->classes + c];
            if (count)
                printf(" %*llu", width, (unsigned long long)count);
            else
                printf(" %*s", width, ".");
        }
        putchar('\n');
    }
}

static char *result_json(const char *path, const struct train_state *state, const struct evaluation *result)
{
    json_t *classes = json_array(), *confusion = json_array(), *object;
    char *text;

    for (size_t r = 0; r < result->classes && result->confusion; r++) {
        const struct class_figures figures = figures_of(result, r);
        json_t *row = json_array();
        for (size_t c = 0; c < result->classes; c++)
            json_array_append_new(row, json_integer((json_int_t)result->confusion[r * result->classes + c]));
        json_array_append_new(confusion, row);
        json_array_append_new(classes, json_pack("{s:I, s:I, s:f, s:f}", "class", (json_int_t)r, "samples",
                                                 (json_int_t)figures.samples, "recall",
                                                 ratio(figures.right, figures.samples), "precision",
                                                 ratio(figures.right, figures.said)));
    }
    object = json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:f, s:f, s:o, s:o}", "event", "test", "epoch",
                       (json_int_t)state->epoch, "step", (json_int_t)state->step, "checkpoint", path, "count",
                       (json_int_t)result->count, "right", (json_int_t)result->right, "accuracy",
                       result->accuracy, "loss", result->loss, "classes", classes, "confusion", confusion);
    text = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(object);
    return text;
}

static void print_result(const struct options *options, const char *path, const struct train_state *state,
                         const struct evaluation *result)
{
    if (options->json) {
        command_print_json(result_json(path, state, result));
        return;
    }
    printf("%s: %.2f %% right (%llu of %llu), loss %.4f\n", path, 100 * result->accuracy,
           (unsigned long long)result->right, (unsigned long long)result->count, result->loss);
    if (options->quiet || !result->confusion)
        return;
    print_classes(result);
    print_confusion(result);
}

/* Of a network with one label a sample; 0: its only output is no class. */
static size_t classes(const struct job *job)
{
    const size_t values = job->net->nodes[job->net->last].values;

    return values > 1 ? values : 0;
}

static int test_with(const struct options *options, struct job *job, struct train_state *state,
                     struct samples *samples, struct pool *pool, struct error *error)
{
    const struct stepper_spec spec = {.net = job->net,
                                      .pool = pool,
                                      .level = job->level,
                                      .batch = evaluate_batch((size_t)job->settings.data.window),
                                      .scaling = job->scaling,
                                      .weights = state->weights,
                                      .states = state->states};
    struct evaluation result = {.classes = samples_label_width(samples) == 1 ? classes(job) : 0};
    struct stepper *stepper = stepper_create(&spec, error);
    int failed = -1;

    if (!stepper)
        return -1;
    if (result.classes)
        result.confusion = memory_array(result.classes * result.classes, sizeof *result.confusion);
    if (result.classes && !result.confusion)
        error_memory(error);
    else
        failed = evaluate(stepper, samples, 0, samples_count(samples), spec.batch, &result, error);
    if (!failed)
        print_result(options, options->subject, state, &result);
    free(result.confusion);
    stepper_destroy(stepper);
    return failed;
}

static int test(const struct options *options, struct job *job, const struct safetensors *file,
                struct error *error)
{
    struct train_state state = {0};
    struct samples *samples = NULL;
    struct pool *pool = NULL;
    int failed = -1;

    if (train_state_load(&state, job, file, options->subject, false, error) == 0 &&
        job_need_data(job, true, error) == 0 && (samples = job_samples(job, true, error)) &&
        (pool = pool_create(job_threads(job), error)))
        failed = test_with(options, job, &state, samples, pool, error);
    pool_destroy(pool);
    samples_close(samples);
    train_state_finish(&state);
    return failed;
}

/* run.json beside the checkpoint knows where the data were. */
static int read_paths(const char *checkpoint, struct job_paths *paths, struct error *error)
{
    const char *slash = strrchr(checkpoint, '/');
    char *folder = slash ? memory_string_part(checkpoint, (size_t)(slash - checkpoint)) : memory_string(".");
    int result;

    if (!folder)
        return error_memory(error);
    result = run_info_paths(*folder ? folder : "/", paths, error);
    free(folder);
    return result;
}

int command_test(const struct options *options)
{
    const struct job_options job_options = options_job(options, true);
    struct safetensors *file = NULL;
    struct job_paths paths = {0};
    struct job job = {0};
    struct stat status;
    struct error error;
    int result = STATUS_OK;

    error_init(&error);
    if (options_need_subject(options, "one CHECKPOINT", &error) != 0)
        return command_failed(options, &error);
    if (stat(options->subject, &status) == 0 && S_ISDIR(status.st_mode)) {
        error_set(&error, STATUS_DATA,
                  "%s: is a folder; name a checkpoint in it, such as %s/best.safetensors", options->subject,
                  options->subject);
        return command_failed(options, &error);
    }
    file = safetensors_read(options->subject, &error);
    if (!file || read_paths(options->subject, &paths, &error) != 0 ||
        job_open_checkpoint(&job, file, options->subject, &paths, &job_options, &error) != 0 ||
        test(options, &job, file, &error) != 0)
        result = command_failed(options, &error);
    job_finish(&job);
    run_info_free_paths(&paths);
    safetensors_free(file);
    return result;
}
