/* learn.c: a C11 client that trains, stops and resumes through libnnrun.
 *
 *   learn CONFIG RUN STEP      trains into the folder RUN until STEP steps are done, checks the events
 *   learn resume RUN           resumes it to its end
 *   learn test CHECKPOINT      prints what nnrun test --json prints of it
 *
 * Exit status 1 and a line if anything is not as nnrun.h says. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>

#include "json.h"

enum { MISTAKES = 50 }; /* that nnrun test --json lists */

/* Ends the process unless it holds. */
static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "learn: %s\n", what);
        exit(1);
    }
}

static void must_be_ok(int code, const nnrun_error *error)
{
    must(code == 0, error->text ? error->text : "failed without a text");
}

/* ---- the events --------------------------------------------------------------------------------------- */

struct seen {
    uint64_t stop_at; /* a step; 0: none */
    int stop_late;    /* once the last epoch is done, and in the test at the end */
    uint64_t step;
    int starts, epochs, tests, dones, resumed, interrupted;
};

static void see_epoch(struct seen *seen, const nnrun_event *event)
{
    const double *row = event->history + (event->epoch - 1) * NNRUN_HISTORY_COLUMNS;

    seen->epochs++;
    must(event->json && strncmp(event->json, "{\"event\":\"epoch\"", 16) == 0,
         "an epoch has no line of JSON");
    must((uint64_t)row[NNRUN_HISTORY_EPOCH] == event->epoch &&
             (uint64_t)row[NNRUN_HISTORY_STEP] == event->step,
         "the last row of history is not the epoch's");
    must(memcmp(&row[NNRUN_HISTORY_LOSS], &event->loss, sizeof event->loss) == 0,
         "an epoch's loss is not that of its row");
    must(event->epoch <= event->epochs && isfinite(event->validation_loss), "an epoch has no validation");
}

static int32_t on_event(void *arg, const nnrun_event *event)
{
    struct seen *seen = arg;

    must(event->kind == NNRUN_EVENT_START || seen->starts == 1, "START is not the first event");
    must(seen->dones == 0, "something comes after DONE");
    if (event->kind == NNRUN_EVENT_START) {
        seen->starts++;
        seen->resumed = event->resumed;
        seen->step = event->step;
        must(event->run && event->info && event->samples && event->validation && event->threads,
             "START lacks something");
    } else if (event->kind == NNRUN_EVENT_STEP) {
        must(event->step == ++seen->step, "a step has no event");
        must(event->done > 0 && event->done <= event->samples, "a step is not within its epoch");
        if (seen->step == seen->stop_at)
            return NNRUN_STOP;
    } else if (event->kind == NNRUN_EVENT_EPOCH) {
        see_epoch(seen, event);
        if (seen->stop_late && event->epoch == event->epochs)
            return NNRUN_STOP;
    } else if (event->kind == NNRUN_EVENT_EVALUATING) {
        if (seen->stop_late && event->testing)
            return NNRUN_STOP;
    } else if (event->kind == NNRUN_EVENT_TEST) {
        seen->tests++;
        must(event->evaluation && strcmp(event->weights, "best") == 0,
             "the test is not one of the best weights");
    } else if (event->kind == NNRUN_EVENT_DONE) {
        seen->dones++;
        seen->interrupted = event->interrupted;
    }
    return NNRUN_GO_ON;
}

/* ---- training ----------------------------------------------------------------------------------------- */

static void train(const char *config, const char *run, uint64_t step)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_train_options options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    struct seen seen = {.stop_at = step};
    nnrun_model *model = nnrun_open(config, NULL, &error);

    must_be_ok(error.code, &error);
    options.folder = run;
    options.on_event = on_event;
    options.arg = &seen;
    must_be_ok(nnrun_train(model, &options, &training, &error), &error);
    must(training.end == NNRUN_INTERRUPTED && training.saved && training.step == step,
         "it was not stopped at that step");
    must(training.ended_by == NNRUN_ENDED_BY_STOP && training.epochs > training.epoch,
         "it was not stopped within its epochs");
    must(strcmp(training.run, run) == 0 && !training.test, "the run is another, or has been tested");
    must(seen.dones == 1 && seen.interrupted && seen.tests == 0 && !seen.resumed, "DONE is wrong");
    must(nnrun_describe(model)->step == 0, "the model has changed");
    nnrun_training_clear(&training);
    nnrun_close(model);
}

static void resume(const char *run)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_train_options options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    struct seen seen = {.stop_late = 1};

    options.on_event = on_event;
    options.arg = &seen;
    must_be_ok(nnrun_resume(run, NULL, &options, &training, &error), &error);
    must(training.end == NNRUN_FINISHED && training.test && training.test->count > 0, "it did not finish");
    must(seen.dones == 1 && !seen.interrupted && seen.tests == 1 && seen.resumed && seen.epochs > 0,
         "DONE is wrong");
    nnrun_training_clear(&training);
    must_be_ok(nnrun_resume(run, NULL, NULL, &training, &error), &error);
    must(training.end == NNRUN_WAS_FINISHED, "a finished run is resumed");
    must(training.ended_by == NNRUN_ENDED_BY_EPOCHS && training.epoch == training.epochs &&
             training.best_epoch > 0,
         "it does not say that its epochs are done");
    nnrun_training_clear(&training);
}

/* ---- warnings ----------------------------------------------------------------------------------------- */

struct warned {
    int warnings;
    char json[1024];
};

static int32_t on_warning(void *arg, const nnrun_event *event)
{
    struct warned *warned = arg;

    if (event->kind != NNRUN_EVENT_WARNING)
        return NNRUN_STOP;
    warned->warnings++;
    must(event->name && strcmp(event->name, "mean_std") == 0, "the warning is another");
    must(strstr(event->text, "a mean of 2 cannot be right") && event->step == 0, "its text is another");
    snprintf(warned->json, sizeof warned->json, "%s\n", event->json);
    return NNRUN_STOP;
}

/* The library says nothing itself: the callback has each warning, and the log its line. */
static void warn(const char *config, const char *run)
{
    const char *const overrides[] = {"data.mean=2"};
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_train_options train_options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_error error = NNRUN_ERROR_INIT;
    struct warned warned = {0};
    char path[1024], line[1024] = "";
    nnrun_model *model;
    FILE *file;

    options.overrides = overrides;
    options.override_count = 1;
    model = nnrun_open(config, &options, &error);
    must_be_ok(error.code, &error);
    train_options.folder = run;
    train_options.on_event = on_warning;
    train_options.arg = &warned;
    must_be_ok(nnrun_train(model, &train_options, NULL, &error), &error);
    nnrun_close(model);
    must(warned.warnings == 1, "there is not one warning");
    snprintf(path, sizeof path, "%s/log.jsonl", run);
    file = fopen(path, "r");
    must(file && fgets(line, sizeof line, file) && fgets(line, sizeof line, file), "there is no log");
    must(strcmp(line, warned.json) == 0, "the log has another line");
    fclose(file);
}

/* ---- the test ----------------------------------------------------------------------------------------- */

static void print_classes(const nnrun_evaluation *evaluation)
{
    const size_t n = evaluation->classes;

    for (size_t i = 0; i < n; i++) {
        const nnrun_class_figures *figures = nnrun_evaluation_class(evaluation, i);
        printf("%s{\"class\":%zu,\"samples\":%llu", i ? "," : ",\"classes\":[", i,
               (unsigned long long)figures->samples);
        json_real(",\"recall\":", figures->recall);
        json_real(",\"precision\":", figures->precision);
        putchar('}');
    }
    for (size_t i = 0; i < n * n; i++)
        printf("%s%llu",
               i == 0  ? "],\"confusion\":[["
               : i % n ? ","
                       : "],[",
               (unsigned long long)evaluation->confusion[i]);
}

static void test(const char *path)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_test_options options = NNRUN_TEST_OPTIONS_INIT;
    nnrun_model *model = nnrun_open(path, NULL, &error);
    nnrun_evaluation *evaluation = NULL;

    must_be_ok(error.code, &error);
    options.mistakes = MISTAKES;
    evaluation = nnrun_test(model, &options, &error);
    must_be_ok(error.code, &error);
    printf(
        "{\"event\":\"test\",\"epoch\":%llu,\"step\":%llu,\"checkpoint\":\"%s\",\"count\":%llu,\"right\":%llu",
        (unsigned long long)nnrun_describe(model)->epoch, (unsigned long long)nnrun_describe(model)->step,
        path, (unsigned long long)evaluation->count, (unsigned long long)evaluation->right);
    json_real(",\"accuracy\":", evaluation->accuracy);
    json_real(",\"accuracy_low\":", evaluation->low);
    json_real(",\"accuracy_high\":", evaluation->high);
    json_real(",\"loss\":", evaluation->loss);
    print_classes(evaluation);
    printf("]],\"mistakes\":[");
    for (size_t i = 0; i < evaluation->mistakes; i++) {
        const nnrun_mistake *mistake = nnrun_evaluation_mistake(evaluation, i);
        printf("%s{\"sample\":%llu,\"label\":%u,\"said\":%u", i ? "," : "",
               (unsigned long long)mistake->sample, mistake->label, mistake->said);
        json_real(",\"confidence\":", (double)mistake->confidence);
        putchar('}');
    }
    must(!nnrun_evaluation_mistake(evaluation, evaluation->mistakes), "there is one mistake more");
    printf("]");
    json_real(",\"balanced_accuracy\":", nnrun_evaluation_balanced_accuracy(evaluation));
    must(nnrun_evaluation_areas(evaluation) == 0, "ten classes have an area");
    printf("}\n");
    nnrun_evaluation_free(evaluation);
    nnrun_close(model);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "warn") != 0)
        train(argv[1], argv[2], strtoull(argv[3], NULL, 10));
    else if (argc == 3 && strcmp(argv[1], "resume") == 0)
        resume(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "test") == 0)
        test(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "warn") == 0)
        warn(argv[2], argv[3]);
    else
        return 2;
    return 0;
}
