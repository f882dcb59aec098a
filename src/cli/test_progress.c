/* test_progress.c: see test_progress.h. */
#include "cli/test_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static const double redraw_every = 0.1; /* seconds, the first one too: what is soon done shows nothing */

void test_progress_init(struct test_progress *progress, bool quiet)
{
    const char *kind = getenv("TERM");

    *progress =
        (struct test_progress){.shown = !quiet && isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0,
                               .last = clock_seconds()};
}

void test_progress_draw(void *arg, uint64_t done, uint64_t all)
{
    struct test_progress *progress = arg;
    const double now = progress->shown ? clock_seconds() : 0;

    if (!progress->shown || now - progress->last < redraw_every)
        return;
    fprintf(stderr, "\r\033[Ktest %3.0f %%  %llu of %llu", 100 * (double)done / (double)all,
            (unsigned long long)done, (unsigned long long)all);
    fflush(stderr);
    progress->drawn = true;
    progress->last = now;
}

void test_progress_clear(struct test_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
