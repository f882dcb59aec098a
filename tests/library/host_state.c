/* host_state.c: see host_state.h. */
#include "host_state.h"

#include <dirent.h>
#include <fenv.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIGNALS = 64, MXCSR_FLAGS = 0x3f };

struct state {
    struct host_modes modes;
    sigset_t mask;
    struct sigaction actions[SIGNALS + 1];
    mode_t mask_of_files;
    int descriptors, threads, environment;
    char folder[PATH_MAX], locale[256];
};

static const char *called;
static struct state before;
static int changes;

struct host_modes host_modes(void)
{
    struct host_modes modes = {0};
#ifdef __x86_64__
    unsigned short control;
    __asm__ volatile("stmxcsr %0" : "=m"(modes.mxcsr));
    __asm__ volatile("fnstcw %0" : "=m"(control));
    modes.mxcsr &= ~(unsigned)MXCSR_FLAGS;
    modes.x87 = control;
#else
    modes.mxcsr = (unsigned)fegetround();
#endif
    return modes;
}

void host_modes_set(struct host_modes modes)
{
#ifdef __x86_64__
    const unsigned short control = (unsigned short)modes.x87;
    __asm__ volatile("ldmxcsr %0" : : "m"(modes.mxcsr));
    __asm__ volatile("fldcw %0" : : "m"(control));
#else
    fesetround((int)modes.mxcsr);
#endif
}

/* Entries of a folder of /proc/self, the one that lists it among them. */
static int count(const char *folder)
{
    DIR *all = opendir(folder);
    int n = 0;

    while (all && readdir(all))
        n++;
    if (all)
        closedir(all);
    return n;
}

extern char **environ;

static int environment(void)
{
    int sum = 0;

    for (char **text = environ; *text; text++)
        for (const char *c = *text; *c; c++)
            sum = (sum * 31 + *c) & 0xffffff;
    return sum;
}

static void take(struct state *state)
{
    memset(state, 0, sizeof *state);
    state->modes = host_modes();
    sigprocmask(SIG_SETMASK, NULL, &state->mask);
    for (int i = 1; i <= SIGNALS; i++)
        sigaction(i, NULL, &state->actions[i]);
    state->mask_of_files = umask(0);
    umask(state->mask_of_files);
    state->descriptors = count("/proc/self/fd");
    state->threads = count("/proc/self/task");
    state->environment = environment();
    if (!getcwd(state->folder, sizeof state->folder))
        state->folder[0] = '\0';
    snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
}

static void compare(int same, const char *what)
{
    if (same)
        return;
    fprintf(stderr, "%s: changes the host's %s\n", called, what);
    changes++;
}

/* sigset_t may have bytes that nothing sets. */
static int same_mask(const sigset_t *a, const sigset_t *b)
{
    for (int i = 1; i <= SIGNALS; i++)
        if (sigismember(a, i) != sigismember(b, i))
            return 0;
    return 1;
}

static int same_action(const struct sigaction *a, const struct sigaction *b)
{
    return a->sa_handler == b->sa_handler && a->sa_flags == b->sa_flags &&
           same_mask(&a->sa_mask, &b->sa_mask);
}

static void compare_thread(const struct state *now)
{
    compare(now->modes.mxcsr == before.modes.mxcsr, "rounding, flushing or traps");
    compare(now->modes.x87 == before.modes.x87, "x87 control word");
    compare(same_mask(&now->mask, &before.mask), "signal mask");
}

void host_state_begin(const char *name)
{
    called = name;
    take(&before);
}

void host_state_thread(void)
{
    static struct state now;

    take(&now);
    compare_thread(&now);
}

void host_state_end(void)
{
    static struct state now;

    take(&now);
    compare_thread(&now);
    for (int i = 1; i <= SIGNALS; i++)
        compare(same_action(&now.actions[i], &before.actions[i]), "disposition of a signal");
    compare(now.mask_of_files == before.mask_of_files, "umask");
    compare(now.descriptors == before.descriptors, "open descriptors");
    compare(now.threads == before.threads, "number of threads");
    compare(now.environment == before.environment, "environment");
    compare(strcmp(now.folder, before.folder) == 0, "working directory");
    compare(strcmp(now.locale, before.locale) == 0, "locale");
}

int host_state_changes(void)
{
    return changes;
}
