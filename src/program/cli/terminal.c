/* terminal.c: see terminal.h. */
#include "cli/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/say.h"
#include "cli/trend.h"
#include "cli/test_tables.h"

enum { NARROW = 60, WIDE = 120 };

void terminal_init(struct terminal *terminal, bool quiet, bool json)
{
    memset(terminal, 0, sizeof *terminal);
    terminal->quiet = quiet;
    terminal->json = json;
    screen_init(&terminal->out, STDOUT_FILENO);
    bar_init(&terminal->bar, !quiet && !json);
}

void terminal_clear(struct terminal *terminal)
{
    bar_clear(&terminal->bar);
}

/* The event as a line, with --json. */
static bool print_json(struct terminal *terminal, const nnrun_event *event)
{
    if (terminal->json && command_print_json(event->json ? memory_string(event->json) : NULL) != 0)
        terminal->failed = true;
    return terminal->json;
}

static void on_start(struct terminal *terminal, const nnrun_event *event)
{
    const nnrun_info *info = event->info;
    char validation[64] = "", after[64] = "";

    if (print_json(terminal, event) || terminal->quiet)
        return;
    if (event->validation)
        snprintf(validation, sizeof validation, ", %llu to validate with",
                 (unsigned long long)event->validation);
    if (event->resumed)
        snprintf(after, sizeof after, ", resumed after step %llu", (unsigned long long)event->step);
    screen_say(&terminal->out, "%s: %zu parameters; %llu sample%s to train on%s; %u thread%s, %s", info->name,
               info->parameters, (unsigned long long)event->samples, text_plural(event->samples), validation,
               event->threads, text_plural(event->threads), info->level);
    if (!info->fused)
        screen_say(&terminal->out, "note: no fused multiply-add at this code level: results differ in their "
                                   "last bits from other levels'");
    screen_say(&terminal->out, "run folder: %s%s", event->run, after);
    screen_say(&terminal->out,
               "each epoch: loss and accuracy while training, %slearning rate at its end, speed, time",
               event->validation ? "accuracy on the validation samples (* best so far), " : "");
    fflush(stdout);
}

static int digits(uint64_t number)
{
    return number < 10 ? 1 : 1 + digits(number / 10);
}

static void on_step(struct terminal *terminal, const nnrun_event *event)
{
    const double part = (double)event->done / (double)event->samples;
    const double left = (double)(event->epochs - event->epoch) * (double)event->samples +
                        (double)(event->samples - event->done);
    struct line figures = {.count = 0};
    char label[64];

    snprintf(label, sizeof label, "epoch %*llu/%llu", digits(event->epochs), (unsigned long long)event->epoch,
             (unsigned long long)event->epochs);
    if (!bar_due(&terminal->bar, label, event->done, event->samples))
        return;
    if (bar_pace(&terminal->bar, event->done) > 0)
        terminal->pace = bar_pace(&terminal->bar, event->done);
    line_add(&figures, 3, "loss %.4f", event->loss);
    line_add(&figures, 4, "accuracy %.2f %%", 100 * event->accuracy);
    if (terminal->pace > 0)
        line_add(&figures, 5, "%.0f samples/s", 1 / terminal->pace);
    bar_draw(&terminal->bar, label, part, &figures, terminal->pace > 0 ? left * terminal->pace : -1);
}

/* What of the epoch fits the screen, with the trend of the run. */
static void print_fitting(const struct terminal *terminal, const nnrun_event *event)
{
    const struct screen *screen = &terminal->out;
    const bool validated = !isnan(event->validation_accuracy), marked = event->best && screen->colour;
    const int room = screen_room(screen), trend = room < NARROW ? 10 : room < WIDE ? 16 : 32;
    struct line line = {.count = 0};

    line_add(&line, 0, "epoch %*llu/%llu", digits(event->epochs), (unsigned long long)event->epoch,
             (unsigned long long)event->epochs);
    line_add(&line, 3, "loss %.4f", event->loss);
    line_add(&line, 5, "train %6.2f %%", 100 * event->accuracy);
    if (validated)
        line_add(&line, 1, "%s %s%6.2f %%%s%s", room < NARROW ? "val" : "validation",
                 marked ? SCREEN_BEST : "", 100 * event->validation_accuracy, event->best ? " *" : "  ",
                 marked ? SCREEN_PLAIN : "")
            ->columns -= marked ? (int)strlen(SCREEN_BEST SCREEN_PLAIN) : 0;
    trend_add(&line, 2, screen,
              event->history + (validated ? NNRUN_HISTORY_VALIDATION_ACCURACY : NNRUN_HISTORY_LOSS),
              NNRUN_HISTORY_COLUMNS, (size_t)event->epoch, !validated, trend);
    line_add(&line, 7, "rate %-8.3g", event->rate);
    line_add(&line, 6, "%6.0f samples/s", event->samples_per_s);
    line_add(&line, 4, "%.2f s", event->seconds);
    line_fit(&line, room);
    line_print(&line, stdout);
    putchar('\n');
}

static void on_epoch(struct terminal *terminal, const nnrun_event *event)
{
    terminal_clear(terminal);
    if (print_json(terminal, event) || terminal->quiet)
        return;
    if (terminal->out.on) {
        print_fitting(terminal, event);
    } else {
        printf("epoch %3llu/%llu  loss %.4f  train %6.2f %%", (unsigned long long)event->epoch,
               (unsigned long long)event->epochs, event->loss, 100 * event->accuracy);
        if (!isnan(event->validation_accuracy))
            printf("  validation %6.2f %%%s", 100 * event->validation_accuracy, event->best ? " *" : "  ");
        printf("  rate %.3g  %.0f samples/s  %.2f s\n", event->rate, event->samples_per_s, event->seconds);
    }
    fflush(stdout);
}

static void on_test(struct terminal *terminal, const nnrun_event *event)
{
    const nnrun_evaluation *result = event->evaluation;
    char loss[TEST_TABLES_LOSS];

    terminal_clear(terminal);
    if (print_json(terminal, event) || terminal->quiet)
        return;
    screen_say(&terminal->out,
               "test: %.2f %% right (%llu of %llu), loss %s, with the %s weights (epoch %llu)",
               100 * result->accuracy, (unsigned long long)result->right, (unsigned long long)result->count,
               test_tables_loss(loss, result->loss), event->weights, (unsigned long long)event->epoch);
}

static void on_weights(struct terminal *terminal, const nnrun_event *event)
{
    if (print_json(terminal, event) || terminal->quiet)
        return;
    for (const char *line = event->text, *end; (end = strchr(line, '\n')); line = end + 1)
        say(stdout, "%.*s\n", (int)(end - line), line);
    fflush(stdout);
}

void terminal_event(struct terminal *terminal, const nnrun_event *event)
{
    switch (event->kind) {
    case NNRUN_EVENT_START:
        on_start(terminal, event);
        break;
    case NNRUN_EVENT_STEP:
        on_step(terminal, event);
        break;
    case NNRUN_EVENT_EVALUATING:
        bar_step(&terminal->bar, event->testing ? "testing" : "validating", event->done, event->samples);
        break;
    case NNRUN_EVENT_EPOCH:
        on_epoch(terminal, event);
        break;
    case NNRUN_EVENT_TEST:
        on_test(terminal, event);
        break;
    case NNRUN_EVENT_WARNING:
        terminal_clear(terminal);
        fflush(stdout);
        say(stderr, "nnrun: warning: %s\n", event->text);
        print_json(terminal, event);
        break;
    case NNRUN_EVENT_WEIGHTS:
        on_weights(terminal, event);
        break;
    case NNRUN_EVENT_UNDERFLOW:
        terminal_clear(terminal);
        print_json(terminal, event);
        break;
    default:
        break;
    }
}
