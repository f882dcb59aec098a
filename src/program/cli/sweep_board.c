/* sweep_board.c: see sweep_board.h. */
#include "cli/sweep_board.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/column.h"
#include "cli/say.h"
#include "cli/sweep_json.h"

enum { ROWS = 24, BAR = 10 };
static const double redraw_every = 0.2; /* seconds */

const char *sweep_board_name(const struct sweep *sweep, size_t i, char text[SWEEP_RUN_TEXT])
{
    const struct plan_run *run = &sweep->plan->runs[i];
    const char *label = sweep->plan->combinations[run->combination].label;

    snprintf(text, SWEEP_RUN_TEXT, "%s%sseed=%d", label, *label ? " " : "", (int)run->seed);
    text_make_printable(text);
    return text;
}

void sweep_board_init(struct sweep *sweep)
{
    screen_init(&sweep->out, STDOUT_FILENO);
    screen_init(&sweep->screen, STDERR_FILENO);
    sweep->draws = sweep->screen.escapes && !sweep->options->quiet && !sweep->options->json;
    sweep->began = clock_seconds();
}

/* ---- the table ----------------------------------------------------------------------------------------------- */

/* Rows of the terminal that the table may take: it must not scroll. */
static int rows_of(const struct sweep *sweep)
{
    struct winsize size;
    const int rows = ioctl(sweep->screen.fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : ROWS;

    return rows > 3 ? rows - 2 : 1;
}

static void put(struct sweep *sweep, struct line *line)
{
    line_fit(line, screen_room(&sweep->screen));
    line_print(line, stderr);
    fputs("\033[K\n", stderr);
    sweep->drawn++;
}

static uint64_t epochs_of(const struct sweep *sweep, size_t i)
{
    return (uint64_t)sweep->plan->combinations[sweep->plan->runs[i].combination].epochs;
}

/* How much of the run is done, from 0 to 1. */
static double part_of(const struct sweep *sweep, size_t i)
{
    const double part = (double)sweep->runs[i].epoch / (double)epochs_of(sweep, i);

    return part < 1 ? part : 1;
}

static int digits(uint64_t number)
{
    return number < 10 ? 1 : 1 + digits(number / 10);
}

static void put_job(struct sweep *sweep, const struct sweep_job *job)
{
    const struct sweep_run *run = &sweep->runs[job->run];
    const uint64_t epochs = epochs_of(sweep, job->run);
    const int full = (int)(BAR * part_of(sweep, job->run));
    struct line line = {.count = 0};
    char name[SWEEP_RUN_TEXT];

    sweep_board_name(sweep, job->run, name);
    line_add(&line, 0, "%s", name)->columns = column_width(name);
    line_add(&line, 3, "[%.*s%*s]", full, "==========", BAR - full, "");
    line_add(&line, 1, "epoch %*llu/%llu", digits(epochs), (unsigned long long)run->epoch,
             (unsigned long long)epochs);
    if (isfinite(run->validation))
        line_add(&line, 2, "validation %.2f %%", 100 * run->validation);
    line_add(&line, 4, "%u thread%s", job->threads, text_plural(job->threads));
    line_add(&line, 5, "%.0f s", clock_seconds() - run->began);
    put(sweep, &line);
}

/* By the time that runs, and parts of runs under way, took so far; below 0: not known. */
static double seconds_left(const struct sweep *sweep)
{
    const size_t ended = sweep->done + sweep->failed;
    double done = (double)ended, left = (double)(sweep->share - sweep->before - ended);

    for (unsigned i = 0; i < sweep->job_count; i++)
        if (sweep->jobs[i].child.process > 0) {
            const double part = part_of(sweep, sweep->jobs[i].run);
            done += part;
            left -= part;
        }
    return done > 0 ? (clock_seconds() - sweep->began) / done * left : -1;
}

static void put_sum(struct sweep *sweep)
{
    const double left = seconds_left(sweep);
    struct line line = {.count = 0};

    line_add(&line, 0, "%zu of %zu runs done", sweep->before + sweep->done, sweep->share);
    if (sweep->failed > 0)
        line_add(&line, 1, "%zu failed", sweep->failed);
    if (sweep->stopping)
        line_add(&line, 2, "saving");
    else if (left >= 0)
        line_add(&line, 2, "about %.0f s left", left);
    put(sweep, &line);
}

void sweep_board_clear(struct sweep *sweep)
{
    if (sweep->drawn > 0)
        fprintf(stderr, "\033[%dA\r\033[J", sweep->drawn);
    sweep->drawn = 0;
}

void sweep_board_show(struct sweep *sweep)
{
    const double now = clock_seconds();
    const int rows = rows_of(sweep);

    if (!sweep->draws || now - sweep->last_drawn < redraw_every)
        return;
    sweep->last_drawn = now;
    sweep_board_clear(sweep);
    for (unsigned i = 0; i < sweep->job_count && sweep->drawn + 1 < rows; i++)
        if (sweep->jobs[i].child.process > 0)
            put_job(sweep, &sweep->jobs[i]);
    put_sum(sweep);
    fflush(stderr);
}

/* ---- lines --------------------------------------------------------------------------------------------------- */

static void say_failed(const struct sweep *sweep, size_t i)
{
    const struct sweep_run *run = &sweep->runs[i];
    char name[SWEEP_RUN_TEXT];

    say(stderr, "nnrun: %s (%s/%s) failed: %s\n", sweep_board_name(sweep, i, name),
        sweep_folder_path(sweep->folder), sweep->plan->runs[i].name,
        run->message ? run->message : "it ended without a message");
}

static void say_done(const struct sweep *sweep, size_t i)
{
    const struct sweep_run *run = &sweep->runs[i];
    const size_t ended = sweep->before + sweep->done + sweep->failed;
    char name[SWEEP_RUN_TEXT], validation[48] = "";

    if (isfinite(run->validation))
        snprintf(validation, sizeof validation, ": validation %.2f %%", 100 * run->validation);
    if (run->state == SWEEP_BEFORE)
        screen_say(&sweep->out, "[%zu/%zu] %s: done by another process", ended, sweep->share,
                   sweep_board_name(sweep, i, name));
    else
        screen_say(&sweep->out, "[%zu/%zu] %s%s after epoch %llu, %s%.1f s", ended, sweep->share,
                   sweep_board_name(sweep, i, name), validation, (unsigned long long)run->epoch,
                   run->resumed ? "resumed, " : "", clock_seconds() - run->began);
    fflush(stdout);
}

void sweep_board_ended(struct sweep *sweep, size_t i)
{
    sweep_board_clear(sweep);
    if (sweep->runs[i].state == SWEEP_FAILED)
        say_failed(sweep, i);
    if (sweep->options->json)
        sweep_json_run(sweep, i);
    else if (!sweep->options->quiet &&
             (sweep->runs[i].state == SWEEP_DONE || sweep->runs[i].state == SWEEP_BEFORE))
        say_done(sweep, i);
}
