/* command_sweep.c: nnrun sweep: many trainings of one config, with several values and seeds. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/thread_pool.h"
#include "cli/command.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "cli/sweep_board.h"
#include "cli/sweep_end.h"
#include "cli/sweep_jobs.h"
#include "cli/sweep_json.h"
#include "sweep/plan.h"

/* For the folder, while another process holds it to write some files. */
enum { LOCK_WAIT = 50 /* milliseconds */, LOCK_WAITS = 40 };

/* ---- the beginning ------------------------------------------------------------------------------------------- */

/* What of the plan is this task's, and what of that was done before. Returns 0 or -1. */
static int look_at_runs(struct sweep *sweep, struct error *error)
{
    const struct sweep_options *words = &sweep->options->sweep;
    const struct plan *plan = sweep->plan;

    for (size_t i = 0; i < plan->run_count; i++) {
        struct sweep_run *run = &sweep->runs[i];
        struct outcome outcome = {0};
        char *path;
        int result;

        if (words->tasks > 0 && i % words->tasks != words->number - 1)
            continue;
        sweep->share++;
        if (plan->combinations[plan->runs[i].combination].refused) {
            run->state = SWEEP_FAILED;
            run->message = memory_string(plan->combinations[plan->runs[i].combination].refused);
            sweep->failed++;
            if (!run->message)
                return error_memory(error);
            continue;
        }
        path = sweep_folder_file(sweep->folder, plan->runs[i].name, error);
        result = path ? outcome_read(&outcome, path, error) : -1;
        run->state = outcome.state == OUTCOME_DONE && !outcome.owed ? SWEEP_BEFORE : SWEEP_WAITING;
        sweep->before += run->state == SWEEP_BEFORE;
        outcome_finish(&outcome);
        free(path);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* As many as there are processors for, unless --jobs says how many. Returns 0 or -1. */
static int make_jobs(struct sweep *sweep, struct error *error)
{
    const struct sweep_options *words = &sweep->options->sweep;
    const size_t left = sweep->share - sweep->before - sweep->failed;
    unsigned jobs;

    sweep->processors = thread_pool_processors();
    jobs = words->jobs > 0 ? words->jobs : sweep->processors / (words->threads > 0 ? words->threads : 1);
    jobs = jobs > 0 ? jobs : 1;
    sweep->job_count = left < jobs ? (unsigned)left : jobs;
    sweep->jobs = memory_array(sweep->job_count, sizeof *sweep->jobs);
    return sweep->jobs ? 0 : error_memory(error);
}

/* Once for each combination, in the task that has its first seed. */
static void say_refused(struct sweep *sweep)
{
    const struct plan *plan = sweep->plan;

    for (size_t i = 0; i < plan->run_count; i++) {
        const struct plan_combination *combination = &plan->combinations[plan->runs[i].combination];
        if (sweep->runs[i].state != SWEEP_FAILED)
            continue;
        if (i % plan->seed_count == 0)
            say(stderr, "nnrun: %s cannot be trained: %s\n", combination->label, combination->refused);
        if (sweep->options->json)
            sweep_json_run(sweep, i);
    }
}

static void say_start(struct sweep *sweep)
{
    const struct plan *plan = sweep->plan;
    char share[64] = "", done[64] = "", jobs[64] = "";

    if (sweep->options->sweep.tasks > 0)
        snprintf(share, sizeof share, ", %zu of them in task %s", sweep->share, sweep->options->sweep.task);
    if (sweep->before > 0)
        snprintf(done, sizeof done, "; %zu %s done", sweep->before, sweep->before == 1 ? "is" : "are");
    if (sweep->job_count > 0)
        snprintf(jobs, sizeof jobs, "; %u at a time", sweep->job_count);
    if (sweep->options->json)
        sweep_json_start(sweep);
    else if (!sweep->options->quiet)
        screen_say(&sweep->out, "%s: %zu combination%s, %zu seed%s: %zu run%s in %s%s%s%s", plan->name,
                   plan->combination_count, text_plural(plan->combination_count), plan->seed_count,
                   text_plural(plan->seed_count), plan->run_count, text_plural(plan->run_count),
                   sweep_folder_path(sweep->folder), share, done, jobs);
    fflush(stdout);
    say_refused(sweep);
}

/* ---- the end ------------------------------------------------------------------------------------------------- */

static int status_of(const struct sweep *sweep)
{
    if (sweep->stopping)
        fprintf(stderr,
                "nnrun: interrupted %s%s: %zu run%s saved, %zu of %zu done; the same command continues\n",
                sweep->output_gone ? "because nobody reads its output" : "by ",
                sweep->output_gone ? "" : signals_name(sweep->signals), sweep->stopped,
                text_plural(sweep->stopped), sweep->before + sweep->done, sweep->share);
    else if (sweep->stopped > 0)
        fprintf(stderr, "nnrun: %zu run%s interrupted; the same command continues\n", sweep->stopped,
                sweep->stopped == 1 ? " was" : "s were");
    if (sweep->failed > 0)
        fprintf(stderr, "nnrun: %zu of %zu runs failed; the same command tries them again\n", sweep->failed,
                sweep->share);
    if (sweep->output_gone || sweep->event_lost)
        return STATUS_FAILED;
    return sweep->stopping || sweep->stopped > 0 ? STATUS_INTERRUPTED
           : sweep->failed > 0                   ? STATUS_FAILED
                                                 : STATUS_OK;
}

/* In the folder of the plan. Returns the exit status, or -1 after setting error. */
static int run_all(struct sweep *sweep, struct error *error)
{
    int ended;

    if (look_at_runs(sweep, error) != 0 || make_jobs(sweep, error) != 0)
        return -1;
    sweep_board_init(sweep);
    say_start(sweep);
    if (sweep_jobs_run(sweep, sweep_board_ended, sweep_board_show, error) != 0) {
        sweep_board_clear(sweep);
        return -1;
    }
    sweep_board_clear(sweep);
    ended = sweep_end(sweep, error);
    if (ended > 0)
        sweep->stopping = true;
    return ended < 0 ? -1 : status_of(sweep);
}

/* Asked to stop, it waits for some seconds more: by then the table of what is done can be written. */
static bool wait_for_folder(void *arg)
{
    struct sweep *sweep = arg;

    if (!signals_wait(sweep->signals, LOCK_WAIT))
        return true;
    poll(NULL, 0, LOCK_WAIT);
    return sweep->waits > 0 && sweep->waits-- > 0;
}

/* Returns 0; 1: asked to stop while another process had the folder; or -1 after setting error. */
static int open_folder(struct sweep *sweep, struct error *error)
{
    char *own = sweep->options->output ? memory_string(sweep->options->output)
                                       : memory_format("%s-sweep", sweep->plan->folder);

    sweep->runs = memory_array(sweep->plan->run_count, sizeof *sweep->runs);
    sweep->patience = (struct sweep_patience){wait_for_folder, sweep};
    sweep->waits = LOCK_WAITS;
    if (own && sweep->runs)
        sweep->folder = sweep_folder_open(own, sweep->plan, &sweep->patience, error);
    else
        error_memory(error);
    if (!sweep->folder && error->code == ERROR_NONE)
        say(stderr,
            "nnrun: interrupted by %s while another process had %s/" SWEEP_LOCK
            " locked; the same command continues\n",
            signals_name(sweep->signals), own);
    free(own);
    return sweep->folder ? 0 : error->code == ERROR_NONE ? 1 : -1;
}

static bool is_stopped(void *arg)
{
    return (signals_wanted(arg) & NNRUN_STOP) != 0;
}

static void warn(const char *text)
{
    say(stderr, "nnrun: warning: %s\n", text);
}

static int sweep_config(const struct options *options, struct signals *signals, struct error *error)
{
    const struct model_options model_options = options_model(options, false);
    const struct plan_spec spec = {.config = options->subject,
                                   .words = options->overrides,
                                   .word_count = options->override_count,
                                   .seeds = options->sweep.seeds,
                                   .draws = options->sweep.draws,
                                   .options = &model_options,
                                   .warn = warn,
                                   .stop = is_stopped,
                                   .arg = signals};
    struct plan plan;
    struct sweep sweep = {.options = options, .plan = &plan, .signals = signals};
    int status = -1, opened = plan_make(&plan, &spec, error);

    if (opened > 0)
        fprintf(stderr, "nnrun: interrupted by %s before the first run\n", signals_name(signals));
    if (opened == 0)
        opened = open_folder(&sweep, error);
    if (opened >= 0)
        status = opened ? STATUS_INTERRUPTED : run_all(&sweep, error);
    if (status < 0)
        status = command_failed(options, error);
    for (size_t i = 0; sweep.runs && i < plan.run_count; i++)
        free(sweep.runs[i].message);
    free(sweep.runs);
    free(sweep.jobs);
    sweep_folder_close(sweep.folder);
    plan_finish(&plan);
    return status;
}

int command_sweep(const struct options *options)
{
    struct error error = {0};
    struct signals signals;
    int status;

    if (options_need_subject(options, "one CONFIG", &error) != 0 || signals_begin(&signals, &error) != 0)
        return command_failed(options, &error);
    status = sweep_config(options, &signals, &error);
    signals_end(&signals);
    return status;
}
