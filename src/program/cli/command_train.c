/* command_train.c: nnrun train and nnrun resume. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/advice.h"
#include "cli/command.h"
#include "cli/shell.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/screen.h"
#include "report/report.h"
#include "run/run_info.h"
#include "run/run_model.h"
#include "model/settings_tables.h"
#include "train/trainer.h"

/* The command that goes on with the run, without a line's end. */
static void print_resume(FILE *to, const struct options *options, const char *run)
{
    char word[SHELL_WORD];

    fprintf(to, "nnrun resume %s", shell_word(run, word));
    for (size_t i = 0; i < options->plugin_folder_count; i++)
        fprintf(to, " --plugin-path %s", shell_word(options->plugin_folders[i], word));
}

/* What to do next, or why there is nothing to do. */
static void say_end(const struct options *options, const struct trainer_result *result)
{
    if (options->json) {
        command_print_json(event_done_json(result->run, result->step, result->end == TRAINER_INTERRUPTED));
        return;
    }
    if (result->end == TRAINER_INTERRUPTED) {
        fprintf(stderr,
                "nnrun: interrupted after step %llu, saved; go on with: ", (unsigned long long)result->step);
        print_resume(stderr, options, result->run);
        fputc('\n', stderr);
    } else if (result->end == TRAINER_WAS_FINISHED && !options->quiet) {
        printf("%s is finished (step %llu); more epochs: ", result->run, (unsigned long long)result->step);
        print_resume(stdout, options, result->run);
        puts(" train.epochs=N");
    }
}

/* A run that failed while it trained. What made a loss no number does it again, unless it learns slower. */
static void say_failed(const struct options *options, const struct trainer_result *result, double rate)
{
    if (!result->saved) {
        fprintf(stderr, "nnrun: nothing was saved in %s\n", result->run);
        return;
    }
    fprintf(stderr, "nnrun: what was saved is in %s; go on with: ", result->run);
    print_resume(stderr, options, result->run);
    if (result->diverged)
        fprintf(stderr, " train.optimizer.rate=%g", rate / 10);
    fputc('\n', stderr);
}

static void warn_no_report(const struct error_entry *why)
{
    char *line = advice_line(why);

    fprintf(stderr, "nnrun: warning: there is no report: %s\n", line ? line : why->text);
    free(line);
}

/* The training has ended well, whatever becomes of its report. */
static void write_report(const struct options *options, const struct trainer_result *result)
{
    struct model_options model_options = options_model(options, true);
    const char *const runs[] = {result->run};
    const struct report_spec spec = {
        .runs = runs, .count = 1, .options = &model_options, .test = &result->test, .words = advice_text};
    struct report_result written;
    struct screen out;
    struct error error = {0};

    screen_init(&out, STDOUT_FILENO);
    model_options.override_count = 0; /* what is to be kept of them is in the checkpoint */
    if (report_write(&spec, &written, &error) != 0)
        warn_no_report(error_entry(&error, 0));
    else if (!options->json && !options->quiet)
        screen_say(&out, "report: %s", written.path);
    report_finish(&written);
    error_clear(&error);
}

static int train(const struct options *options, struct trainer_spec *spec, struct error *error)
{
    struct trainer_requests requests = {0};
    struct trainer_result result = {0};
    struct terminal terminal;
    struct signals signals;
    int failed, status = STATUS_OK;

    if (signals_begin(&signals, &requests, error) != 0)
        return command_failed(options, error);
    terminal_init(&terminal, options->quiet, options->json);
    spec->listener = terminal_listener(&terminal);
    spec->requests = &requests;
    spec->mistakes = spec->model->settings.output.report ? REPORT_MISTAKES : 0;
    failed = trainer_run(spec, &result, error);
    terminal_clear(&terminal);
    signals_end(&signals);
    spec->requests = NULL; /* they end here */
    if (failed) {
        status = command_failed(options, error);
        if (result.run && status == STATUS_FAILED)
            say_failed(options, &result, spec->model->settings.train.optimizer.rate);
    } else {
        if (result.end == TRAINER_FINISHED && spec->model->settings.output.report)
            write_report(options, &result);
        say_end(options, &result);
    }
    evaluation_finish(&result.test);
    free(result.run);
    return !failed && result.end == TRAINER_INTERRUPTED ? STATUS_INTERRUPTED : status;
}

int command_train(const struct options *options)
{
    const struct model_options model_options = options_model(options, false);
    const struct model_source source = {.path = options->subject, .kind = MODEL_CONFIG};
    struct error error = {0};
    struct model model = {0};
    int status;

    if (options_need_subject(options, "one CONFIG", &error) != 0)
        return command_failed(options, &error);
    if (model_open(&model, &source, &model_options, &error) != 0) {
        status = command_failed(options, &error);
    } else {
        struct trainer_spec spec = {
            .model = &model, .config_path = options->subject, .output = options->output};
        status = train(options, &spec, &error);
    }
    model_finish(&model);
    return status;
}

/* Why a key may not change in a resumed run. */
static const char *refusal(const char *key)
{
    static const struct {
        const char *key, *why;
    } known[] = {
        {"train.seed", "the random numbers so far came from the old one"},
        {"train.batch", "the steps so far had the old one"},
        {"train.groups", "sums would be rounded another way"},
        {"output.directory", "a run stays in its folder"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(key, known[i].key) == 0)
            return known[i].why;
    return "it would be another network or other data; train.*, output.* and the data's paths can";
}

static int check_overrides(const struct options *options, struct error *error)
{
    struct config_forbidden key;

    for (size_t i = 0; i < options->override_count; i++) {
        const int forbidden = config_forbids(options->overrides[i], &settings_schema, SETTING_RESUME, &key);
        if (forbidden < 0)
            return error_memory(error);
        if (forbidden)
            return error_set(error, ERROR_ARGUMENT, "%s: %s%s%scannot change in a resumed run: %s",
                             options->overrides[i], key.left_out ? "leaves out " : "",
                             key.within ? key.path : "",
                             key.left_out ? ", which "
                             : key.within ? " "
                                          : "",
                             refusal(key.path));
    }
    return 0;
}

/* What the run was told of its output holds, where no override gives another. */
static int take_output(struct model *model, const char *run, struct error *error)
{
    struct output_settings *output = &model->settings.output, told = *output;

    if (run_info_output(run, &told, error) != 0)
        return -1;
    if (!config_gives(model->config, "output.keep"))
        output->keep = told.keep;
    if (!config_gives(model->config, "output.report"))
        output->report = told.report;
    return 0;
}

static int resume(const struct options *options, struct run_folder *run, struct error *error)
{
    const struct model_options model_options = options_model(options, false);
    struct model model = {0};
    char *warnings = NULL;
    const int failed = run_model_open_run(&model, run, &model_options, &warnings, error);
    int status;

    for (char *line = warnings; line && *line; line += strcspn(line, "\n"), line += *line == '\n')
        fprintf(stderr, "nnrun: warning: passed over %.*s\n", (int)strcspn(line, "\n"), line);
    if (failed || take_output(&model, run_folder_path(run), error) != 0) {
        status = command_failed(options, error);
    } else {
        struct trainer_spec spec = {.model = &model, .run = run, .any_arithmetic = options->any_arithmetic};
        status = train(options, &spec, error);
    }
    model_finish(&model);
    free(warnings);
    return status;
}

int command_resume(const struct options *options)
{
    struct run_folder *run;
    struct error error = {0};
    int status;

    if (options_need_subject(options, "one RUN, a run folder", &error) != 0 ||
        check_overrides(options, &error) != 0)
        return command_failed(options, &error);
    run = run_folder_open(options->subject, &error);
    if (!run)
        return command_failed(options, &error);
    status = resume(options, run, &error);
    run_folder_close(run);
    return status;
}
