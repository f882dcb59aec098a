/* sweep_jobs.c: see sweep_jobs.h. */
#include "cli/sweep_jobs.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/sweep_command.h"

enum { WAIT = 100 };                 /* milliseconds between two looks at signals */
static const double try_again = 0.5; /* seconds: whether another process has given a run back */

/* ---- what a child says ------------------------------------------------------------------------------------- */

static void take_event(struct sweep_run *run, const json_t *event)
{
    const char *name = json_string_value(json_object_get(event, "event"));
    const json_t *accuracy = json_object_get(event, "validation_accuracy");
    const char *message = json_string_value(json_object_get(event, "message"));

    if (name && strcmp(name, "epoch") == 0) {
        run->epoch = (uint64_t)json_integer_value(json_object_get(event, "epoch"));
        run->validation = json_is_number(accuracy) ? json_number_value(accuracy) : (double)NAN;
    } else if (name && strcmp(name, "error") == 0 && message) {
        free(run->message);
        run->message = memory_string(message);
    }
}

/* An event; or a message, of which the first is kept in case that no event repeats it. */
static void take_line(void *arg, const char *line)
{
    static const char us[] = "nnrun: ", warning[] = "nnrun: warning: ";
    struct sweep_run *run = arg;
    json_error_t reason;
    bool memory;

    if (*line == '{') {
        json_t *event = json_parse(line, strlen(line), 0, &memory, &reason);
        take_event(run, event);
        json_decref(event);
    } else if (*line && !run->message && strncmp(line, warning, strlen(warning)) != 0) {
        run->message = memory_string(line + (strncmp(line, us, strlen(us)) == 0 ? strlen(us) : 0));
    }
}

/* ---- the beginning and the end of a run -------------------------------------------------------------------- */

/* Of the processors that are free, an equal part for each run that could begin now: with --threads as many as it says. */
static unsigned threads_for(const struct sweep *sweep, size_t waiting)
{
    unsigned busy = 0, free_jobs = 0, left;

    if (sweep->options->sweep.threads > 0)
        return sweep->options->sweep.threads;
    for (unsigned i = 0; i < sweep->job_count; i++) {
        busy += sweep->jobs[i].child.process > 0 ? sweep->jobs[i].threads : 0;
        free_jobs += sweep->jobs[i].child.process == 0;
    }
    left = sweep->processors > busy ? sweep->processors - busy : 1;
    free_jobs = waiting < free_jobs ? (unsigned)waiting : free_jobs;
    return free_jobs > 0 && left / free_jobs > 0 ? left / free_jobs : 1;
}

/* Whether the run is ours to train now: then the job holds it, and *state is how far it is. Returns 1, 0 or -1. */
static int claim(struct sweep *sweep, struct sweep_job *job, size_t i, enum outcome_state *state,
                 struct error *error)
{
    struct sweep_run *run = &sweep->runs[i];
    const struct plan_run *planned = &sweep->plan->runs[i];
    char *path = sweep_folder_file(sweep->folder, planned->name, error);
    int result = path ? sweep_folder_claim(sweep->folder, planned, &job->claim, error) : -1;
    struct outcome outcome = {0};

    run->tried = clock_seconds();
    if (result > 0 && outcome_is_locked(path)) { /* by someone's nnrun resume */
        sweep_folder_give_back(job->claim);
        result = 0;
    }
    if (result > 0) {
        if (outcome_read(&outcome, path, error) != 0) {
            sweep_folder_give_back(job->claim);
            result = -1;
        }
        *state = outcome.owed ? OUTCOME_BEGUN : outcome.state;
        outcome_finish(&outcome);
    }
    free(path);
    return result;
}

static int start(struct sweep *sweep, struct sweep_job *job, size_t i, enum outcome_state state,
                 size_t waiting, struct error *error)
{
    struct sweep_run *run = &sweep->runs[i];
    char **words;
    int result = -1;

    job->run = i;
    job->threads = threads_for(sweep, waiting);
    run->resumed = state == OUTCOME_BEGUN;
    run->validation = (double)NAN;
    run->epoch = 0;
    run->began = clock_seconds();
    words = sweep_command(sweep, job, error);
    if (words)
        result = sweep_child_start(&job->child, words, job->claim, error);
    sweep_command_free(words);
    if (result == 0)
        run->state = SWEEP_RUNNING;
    else
        sweep_folder_give_back(job->claim);
    return result;
}

static void set_end(struct sweep *sweep, size_t i, int status)
{
    struct sweep_run *run = &sweep->runs[i];

    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_OK) {
        run->state = SWEEP_DONE;
        sweep->done++;
        return;
    }
    if ((WIFEXITED(status) && WEXITSTATUS(status) == STATUS_INTERRUPTED) || sweep->stopping) {
        run->state = SWEEP_STOPPED;
        sweep->stopped++;
        return;
    }
    run->state = SWEEP_FAILED;
    sweep->failed++;
    if (WIFSIGNALED(status) && !run->message)
        run->message = memory_format("signal %d ended it: %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
}

static void end(struct sweep *sweep, struct sweep_job *job, void (*ended)(struct sweep *sweep, size_t run))
{
    const int status = sweep_child_end(&job->child);

    set_end(sweep, job->run, status);
    sweep_folder_give_back(job->claim);
    ended(sweep, job->run);
}

/* ---- all of them ------------------------------------------------------------------------------------------- */

static struct sweep_job *free_job(struct sweep *sweep)
{
    for (unsigned i = 0; i < sweep->job_count; i++)
        if (sweep->jobs[i].child.process == 0)
            return &sweep->jobs[i];
    return NULL;
}

static size_t count_waiting(const struct sweep *sweep)
{
    size_t count = 0;

    for (size_t i = 0; i < sweep->plan->run_count; i++)
        count += sweep->runs[i].state == SWEEP_WAITING;
    return count;
}

/* Starts what can be started. Returns 0 or -1. */
static int start_some(struct sweep *sweep, void (*ended)(struct sweep *sweep, size_t run),
                      struct error *error)
{
    size_t waiting = count_waiting(sweep);
    struct sweep_job *job;

    for (size_t i = 0; i < sweep->plan->run_count && waiting > 0 && (job = free_job(sweep)) != NULL; i++) {
        struct sweep_run *run = &sweep->runs[i];
        enum outcome_state state = OUTCOME_BEGUN;
        int ours;

        if (run->state != SWEEP_WAITING || (run->tried > 0 && clock_seconds() - run->tried < try_again))
            continue;
        ours = claim(sweep, job, i, &state, error);
        if (ours < 0)
            return -1;
        if (ours && state == OUTCOME_DONE) {
            sweep_folder_give_back(job->claim);
            run->state = SWEEP_BEFORE;
            sweep->before++;
            ended(sweep, i);
        } else if (ours && start(sweep, job, i, state, waiting, error) != 0) {
            return -1;
        }
        waiting -= ours != 0;
    }
    return 0;
}

/* Waits for a while, and takes what the children say. Returns how many there are, or -1. */
static int look(struct sweep *sweep, void (*ended)(struct sweep *sweep, size_t run), struct pollfd *polls,
                struct error *error)
{
    int running = 0;

    for (unsigned i = 0; i < sweep->job_count; i++) /* poll passes over what is -1 */
        polls[i] = (struct pollfd){.fd = sweep->jobs[i].child.process > 0 ? sweep->jobs[i].child.output : -1,
                                   .events = POLLIN};
    if (poll(polls, sweep->job_count, WAIT) < 0 && errno != EINTR)
        return error_set(error, ERROR_FAILED, "cannot wait for processes: %s", strerror(errno));
    for (unsigned i = 0; i < sweep->job_count; i++) {
        struct sweep_job *job = &sweep->jobs[i];
        const int open = polls[i].fd >= 0 && polls[i].revents
                             ? sweep_child_read(&job->child, take_line, &sweep->runs[job->run], error)
                             : 1;
        if (open < 0)
            return -1;
        if (open == 0)
            end(sweep, job, ended);
        running += job->child.process > 0;
    }
    return running;
}

static void tell_children(const struct sweep *sweep, int number)
{
    for (unsigned i = 0; i < sweep->job_count; i++)
        if (sweep->jobs[i].child.process > 0)
            kill(sweep->jobs[i].child.process, number);
}

static void heed_signals(struct sweep *sweep)
{
    const int32_t wanted = signals_wanted(sweep->signals);

    if (command_output_gone())
        sweep->output_gone = true;
    if (wanted & NNRUN_SAVE)
        tell_children(sweep, SIGUSR1);
    if (((wanted & NNRUN_STOP) || sweep->output_gone) && !sweep->stopping) {
        sweep->stopping = true;
        tell_children(sweep, SIGTERM);
    }
}

int sweep_jobs_run(struct sweep *sweep, void (*ended)(struct sweep *sweep, size_t run),
                   void (*shown)(struct sweep *sweep), struct error *error)
{
    struct pollfd *polls = memory_array(sweep->job_count, sizeof *polls);
    int running = 0;

    if (!polls)
        return error_memory(error);
    while (running >= 0) {
        heed_signals(sweep);
        if (!sweep->stopping && start_some(sweep, ended, error) != 0)
            break;
        running = look(sweep, ended, polls, error);
        shown(sweep);
        if (running == 0 && (sweep->stopping || count_waiting(sweep) == 0)) {
            free(polls);
            return 0;
        }
    }
    sweep->stopping = true;
    tell_children(sweep, SIGTERM);
    for (unsigned i = 0; i < sweep->job_count; i++)
        if (sweep->jobs[i].child.process > 0)
            end(sweep, &sweep->jobs[i], ended);
    free(polls);
    return -1;
}
