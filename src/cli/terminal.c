/* terminal.c: see terminal.h. */
#include "cli/terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"

enum { LINE = 512, LEAST_BAR = 8, MOST_BAR = 40 };
static const double redraw_every = 0.1; /* seconds */

static int columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void terminal_init(struct terminal *terminal, bool quiet, bool json)
{
    const char *kind = getenv("TERM");

    memset(terminal, 0, sizeof *terminal);
    terminal->quiet = quiet;
    terminal->json = json;
    terminal->bar = !quiet && !json && isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

void terminal_clear(struct terminal *terminal)
{
    if (terminal->drawn)
        fputs("\r\033[K", stderr);
    terminal->drawn = false;
}

static void on_start(void *arg, const struct start_event *event)
{
    struct terminal *terminal = arg;

    if (terminal->json) {
        command_print_json(event_start_json(event));
        return;
    }
    if (terminal->quiet)
        return;
    printf("%s: %zu parameters; %zu samples to train on", event->job->settings.name,
           event->job->net->parameters, event->samples);
    if (event->validation)
        printf(", %zu to validate with", event->validation);
    printf("; %u thread%s, %s\n", event->threads, event->threads == 1 ? "" : "s",
           plugin_level_names[event->job->level]);
    if (!plugin_level_has_fma(event->job->level))
        puts(
            "note: no fused multiply-add at this code level: results differ in their last bits from other levels'");
    printf("run folder: %s", event->run);
    if (event->resumed)
        printf(", going on after step %llu", (unsigned long long)event->step);
    putchar('\n');
    fflush(stdout);
}

/* "1:02:03", "2:03" or "3 s". */
static void format_time(double s, char *text, size_t size)
{
    const long whole = s < 360000 ? lround(s) : 360000;

    if (whole >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else if (whole >= 60)
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    else
        snprintf(text, size, "%ld s", whole);
}

static void draw(struct terminal *terminal, const struct progress_event *event, double now)
{
    const double spent = now - terminal->epoch_began, part = (double)event->done / (double)event->samples;
    const double speed = spent > 0 ? (double)(event->done - terminal->done_at_begin) / spent : 0;
    const double left = (double)(event->epochs - event->epoch) * (double)event->samples +
                        (double)(event->samples - event->done);
    char figures[LINE], time_left[32] = "?", bar[MOST_BAR + 1];
    int room, filled;

    if (speed > 0)
        format_time(left / speed, time_left, sizeof time_left);
    snprintf(figures, sizeof figures, " %3.0f %%  loss %.4f  accuracy %.2f %%  %.0f samples/s  %s left",
             100 * part, event->loss, 100 * event->accuracy, speed, time_left);
    room = columns() - 1 - (int)strlen(figures) - 16;
    room = room > MOST_BAR ? MOST_BAR : room;
    if (room < LEAST_BAR)
        room = 0;
    filled = (int)(part * room);
    for (int i = 0; i < room; i++)
        bar[i] = i < filled ? '=' : i == filled ? '>' : ' ';
    bar[room] = '\0';
    fprintf(stderr, "\r\033[Kepoch %llu/%llu %s%s%s%.*s", (unsigned long long)event->epoch,
            (unsigned long long)event->epochs, room ? "[" : "", bar, room ? "]" : "",
            columns() > 20 ? columns() - 18 - room : 0, figures);
    fflush(stderr);
    terminal->drawn = true;
    terminal->last = now;
}

static void on_progress(void *arg, const struct progress_event *event)
{
    struct terminal *terminal = arg;
    double now;

    if (!terminal->bar)
        return;
    now = clock_seconds();
    if (terminal->epoch != event->epoch) {
        terminal->epoch = event->epoch;
        terminal->epoch_began = now;
        terminal->done_at_begin = event->done;
    }
    if (now - terminal->last >= redraw_every)
        draw(terminal, event, now);
}

static void on_epoch(void *arg, const struct epoch_event *event)
{
    struct terminal *terminal = arg;

    terminal_clear(terminal);
    if (terminal->json) {
        command_print_json(event_epoch_json(event));
        return;
    }
    if (terminal->quiet)
        return;
    printf("epoch %3llu/%llu  loss %.4f  train %6.2f %%", (unsigned long long)event->epoch,
           (unsigned long long)event->epochs, event->loss, 100 * event->train_accuracy);
    if (!isnan(event->validation_accuracy))
        printf("  validation %6.2f %%%s", 100 * event->validation_accuracy, event->best ? " *" : "  ");
    printf("  rate %.3g  %.0f samples/s  %.2f s\n", event->rate, event->samples_per_s, event->seconds);
    fflush(stdout);
}

static void on_test(void *arg, const struct test_event *event, uint64_t step)
{
    struct terminal *terminal = arg;

    if (terminal->json) {
        command_print_json(event_test_json(event, step));
        return;
    }
    if (terminal->quiet)
        return;
    printf("test: %.2f %% right (%llu of %llu), loss %.4f, with the %s weights (epoch %llu)\n",
           100 * event->result.accuracy, (unsigned long long)event->result.right,
           (unsigned long long)event->result.count, event->result.loss, event->checkpoint,
           (unsigned long long)event->epoch);
}

static void on_warning(void *arg, const char *text)
{
    struct terminal *terminal = arg;

    terminal_clear(terminal);
    fprintf(stderr, "nnrun: warning: %s\n", text);
}

struct trainer_listener terminal_listener(struct terminal *terminal)
{
    return (struct trainer_listener){terminal, on_start, on_progress, on_epoch, on_test, on_warning};
}
