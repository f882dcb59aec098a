/* command_train.c: nnrun train and nnrun resume. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/library_error.h"
#include "cli/rank_refusal.h"
#include "cli/say.h"
#include "cli/shell.h"
#include "cli/signals.h"
#include "cli/terminal.h"

enum { PAGE_MISTAKES = 50 }; /* that the page about a run shows, at most */

/* The command that continues the run, without a line's end. */
static void print_resume(FILE *to, const struct options *options, const char *run)
{
    char word[SHELL_WORD];

    say(to, "nnrun resume %s", shell_word(run, word));
    for (size_t i = 0; i < options->plugin_folder_count; i++)
        say(to, " --plugin-path %s", shell_word(options->plugin_folders[i], word));
}

/* A training that is looked at on a terminal and stopped by signals. */
struct session {
    struct terminal terminal;
    struct signals *signals;
    char *done;       /* the line of JSON that ends it */
    bool output_gone; /* nobody reads what is said */
};

enum { MOST_EPOCHS = 1000000 }; /* of train.epochs and train.patience */

/* The command that continues a finished run: with both limits raised if both are reached. It is never broken, so that
 * it can be pasted. */
static void print_more(const struct options *options, const nnrun_training *training)
{
    const uint64_t since = training->epoch - training->best_epoch;
    const uint64_t more = training->epoch + training->epochs, longer = since + (uint64_t)training->patience;

    fputs("  ", stdout);
    print_resume(stdout, options, training->run);
    if (training->ended_by == NNRUN_ENDED_BY_EPOCHS)
        printf(" train.epochs=%llu", (unsigned long long)(more < MOST_EPOCHS ? more : MOST_EPOCHS));
    if (training->patience > 0 && training->best_epoch > 0 && since >= (uint64_t)training->patience)
        printf(" train.patience=%llu", (unsigned long long)(longer < MOST_EPOCHS ? longer : MOST_EPOCHS));
    putchar('\n');
}

/* Says why a run is finished, and how to continue it. */
static void say_finished(const struct options *options, const struct screen *screen,
                         const nnrun_training *training)
{
    const unsigned long long epoch = training->epoch;
    const bool was = training->end == NNRUN_WAS_FINISHED;
    const char *run = was ? training->run : "";
    char step[64] = "";

    if (was)
        snprintf(step, sizeof step, " is finished (step %llu): ", (unsigned long long)training->step);
    if (training->ended_by == NNRUN_ENDED_BY_PATIENCE)
        screen_say(
            screen,
            "%s%sstopped early after epoch %llu, as epoch %llu is the best and train.patience is %d; to "
            "continue:",
            run, step, epoch, (unsigned long long)training->best_epoch, (int)training->patience);
    else
        screen_say(screen, "%s%s%s %llu epoch%s done; for more:", run, step, epoch == 1 ? "the" : "all",
                   epoch, epoch == 1 ? " is" : "s are");
    print_more(options, training);
}

/* What ended the run and what to do next. Takes over the last event. Returns 0 or -1. */
static int say_end(const struct options *options, const struct session *session,
                   const nnrun_training *training)
{
    if (options->json)
        return command_print_json(session->done);
    free(session->done);
    if (training->end == NNRUN_INTERRUPTED) {
        fprintf(stderr, "nnrun: interrupted after step %llu %s%s, saved; to continue: ",
                (unsigned long long)training->step, session->output_gone ? "" : "by ",
                session->output_gone ? "because nobody reads its output" : signals_name(session->signals));
        print_resume(stderr, options, training->run);
        fputc('\n', stderr);
        return 0;
    }
    if (!options->quiet)
        say_finished(options, &session->terminal.out, training);
    return 0;
}

/* A run that failed while it trained. What made a loss no number does it again, unless it learns slower; at the
 * first step nothing was learned yet. */
static void say_failed(const struct options *options, const nnrun_training *training)
{
    if (!training->saved) {
        say(stderr, "nnrun: nothing was saved in %s\n", training->run);
        return;
    }
    if (training->test) { /* after the last epoch: there is nothing to go on with */
        say(stderr, "nnrun: what was saved is in %s\n", training->run);
        return;
    }
    say(stderr, "nnrun: what was saved is in %s; to continue: ", training->run);
    print_resume(stderr, options, training->run);
    if (training->diverged && training->step > 0)
        fprintf(stderr, " train.optimizer.rate=%g", training->rate / 10);
    fputc('\n', stderr);
}

static int32_t on_event(void *arg, const nnrun_event *event)
{
    struct session *session = arg;

    if (event->kind == NNRUN_EVENT_DONE)
        session->done = session->terminal.json && event->json ? memory_string(event->json) : NULL;
    else if (event->rank == 0)
        terminal_event(&session->terminal, event);
    if (event->kind != NNRUN_EVENT_STEP && command_output_gone())
        session->output_gone = true;
    return signals_wanted(session->signals) | (session->output_gone ? NNRUN_STOP : NNRUN_GO_ON);
}

static int finish(const struct options *options, const struct session *session,
                  const nnrun_training *training)
{
    if (training->rank > 0) /* the first one says it all */
        return training->end == NNRUN_INTERRUPTED ? STATUS_INTERRUPTED : STATUS_OK;
    if (training->end != NNRUN_INTERRUPTED && training->report && options->command->write_page)
        options->command->write_page(options, training);
    if (say_end(options, session, training) != 0 || session->terminal.failed || session->output_gone)
        return STATUS_FAILED;
    return training->end == NNRUN_INTERRUPTED ? STATUS_INTERRUPTED : STATUS_OK;
}

/* The status of a failure that another process tells of. */
static int quietly(struct error *error)
{
    const int status = (int)exit_status(error);

    error_clear(error);
    return status;
}

/* What mpirun starts is not joined unless the command says how. */
static void warn_of_others(const struct options *options)
{
    const unsigned count = options->comm ? 0 : environment_processes();

    if (count > 0)
        fprintf(stderr,
                "nnrun: warning: %u processes were started, and each trains by itself; to train one run "
                "together: --comm mpi\n",
                count);
}

/* The model of a config or, if it is NULL, the run that the subject names. */
static int train(const struct options *options, const nnrun_model *model, struct signals *signals,
                 struct error *error)
{
    const nnrun_options open = options_open(options, NNRUN_ANY);
    struct session session = {.signals = signals};
    nnrun_train_options train_options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    nnrun_error failure = NNRUN_ERROR_INIT;
    int failed, status;

    warn_of_others(options);
    terminal_init(&session.terminal, options->quiet, options->json);
    train_options.folder = options->output;
    train_options.mistakes = PAGE_MISTAKES;
    train_options.any_arithmetic = options->any_arithmetic;
    train_options.comm = options->comm;
    train_options.on_event = on_event;
    train_options.arg = &session;
    failed = model ? nnrun_train(model, &train_options, &training, &failure)
                   : nnrun_resume(options->subject, &open, &train_options, &training, &failure);
    terminal_clear(&session.terminal);
    if (failed) {
        library_error(error, &failure);
        status = training.told ? quietly(error) : command_failed(options, error);
        if (training.run && status == STATUS_FAILED)
            say_failed(options, &training);
    } else {
        status = finish(options, &session, &training);
    }
    nnrun_training_clear(&training);
    return status;
}

int command_train(const struct options *options)
{
    const nnrun_options open = options_open(options, NNRUN_CONFIG);
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_model *model = NULL;
    struct error error = {0};
    struct signals signals;
    int status;

    if (options_need_subject(options, "one CONFIG", &error) != 0 || signals_begin(&signals, &error) != 0)
        return rank_refusal(options, &error);
    model = nnrun_open(options->subject, &open, &failure);
    if (model) {
        status = train(options, model, &signals, &error);
    } else {
        library_error(&error, &failure);
        status = rank_refusal(options, &error);
    }
    nnrun_close(model);
    signals_end(&signals);
    return status;
}

int command_resume(const struct options *options)
{
    struct error error = {0};
    struct signals signals;
    int status;

    if (options_need_subject(options, "one RUN, a run folder", &error) != 0 ||
        signals_begin(&signals, &error) != 0)
        return rank_refusal(options, &error);
    status = train(options, NULL, &signals, &error);
    signals_end(&signals);
    return status;
}
