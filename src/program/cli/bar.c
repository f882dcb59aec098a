/* bar.c: see bar.h. */
#include "cli/bar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { LEAST_BAR = 8, MOST_BAR = 40 };
static const double redraw_every = 0.1; /* seconds */

void bar_init(struct bar *bar, bool wanted)
{
    memset(bar, 0, sizeof *bar);
    screen_init(&bar->screen, STDERR_FILENO);
    bar->on = wanted && bar->screen.escapes;
    bar->last = clock_seconds();
}

bool bar_due(struct bar *bar, const char *label, uint64_t done, uint64_t all)
{
    double now;

    if (!bar->on)
        return false;
    now = clock_seconds();
    if (strncmp(bar->label, label, sizeof bar->label - 1) != 0 || bar->all != all ||
        done < bar->done_at_begin) {
        snprintf(bar->label, sizeof bar->label, "%s", label);
        bar->all = all;
        bar->began = now;
        bar->done_at_begin = done;
    }
    if (now - bar->last < redraw_every)
        return false;
    bar->last = now;
    return true;
}

double bar_pace(const struct bar *bar, uint64_t done)
{
    return done > bar->done_at_begin ? (bar->last - bar->began) / (double)(done - bar->done_at_begin) : 0;
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

static void print_bar(double part, int width)
{
    const int filled = (int)(part * width);

    fputs(" [", stderr);
    for (int i = 0; i < width; i++)
        fputc(i < filled ? '=' : i == filled ? '>' : ' ', stderr);
    fputc(']', stderr);
}

void bar_draw(struct bar *bar, const char *label, double part, const struct line *figures, double left)
{
    const int room = screen_room(&bar->screen);
    struct line line = {.count = 0};
    char time[32];
    int need, used; /* columns: of what stays if there is to be a bar; of what stays */
    bool fits;

    line_add(&line, 0, "%s", label);
    line_add(&line, 1, "%3.0f %%", 100 * part);
    for (size_t i = 0; figures && i < figures->count && line.count < LINE_PARTS - 1; i++)
        line.parts[line.count++] = figures->parts[i];
    if (left >= 0) {
        format_time(left, time, sizeof time);
        line_add(&line, 2, "%s left", time);
    }
    need = 3 + LEAST_BAR - 2;
    for (size_t i = 0; i < line.count; i++)
        need += line.parts[i].rank <= 2 ? 2 + line.parts[i].columns : 0;
    fits = need <= room;
    used = line_fit(&line, fits ? room - 3 - LEAST_BAR : room);
    fprintf(stderr, "\r\033[K%s", line.count ? line.parts[0].text : "");
    if (fits)
        print_bar(part, room - 3 - used < MOST_BAR ? room - 3 - used : MOST_BAR);
    for (size_t i = 1; i < line.count; i++)
        fprintf(stderr, "  %s", line.parts[i].text);
    fflush(stderr);
    bar->drawn = true;
}

void bar_step(struct bar *bar, const char *label, uint64_t done, uint64_t all)
{
    double pace;

    if (!bar_due(bar, label, done, all))
        return;
    pace = bar_pace(bar, done);
    bar_draw(bar, label, all ? (double)done / (double)all : 0, NULL,
             pace > 0 ? pace * (double)(all - done) : -1);
}

void bar_begin(struct bar *bar, const char *label, uint64_t done, uint64_t all)
{
    if (bar->on)
        bar_draw(bar, label, all ? (double)done / (double)all : 0, NULL, -1);
}

void bar_clear(struct bar *bar)
{
    if (bar->drawn)
        fputs("\r\033[K", stderr);
    bar->drawn = false;
}
