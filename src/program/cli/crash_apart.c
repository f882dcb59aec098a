/* crash_apart.c: see crash_apart.h. */
#include "cli/crash_apart.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/crash_text.h"
#include "cli/exit_status.h"

/* The child ends with this process, and has no handler: its signal tells the parent. */
static int run_child(struct crash *crash, pid_t parent, int (*work)(void *arg), void *arg)
{
    int status;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(STATUS_FAILED);
    crash_leave_signals(crash);
    status = work(arg);
    atomic_store(&crash->finished, true);
    return status;
}

static bool is_crash(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE ||
           number == SIGABRT || number == SIGKILL;
}

/* What ended the child before it was finished. */
static int set_crash_error(const struct crash *crash, int status, struct error *error)
{
    const char *how = atomic_load(&crash->how);
    char text[CRASH_TEXT], ended[64];
    struct plugin_call call;

    if (!how) {
        snprintf(ended, sizeof ended, "ended the process with status %d, as _exit() does",
                 WIFEXITED(status) ? WEXITSTATUS(status) : 0);
        how = WIFSIGNALED(status) ? crash_signal_text(WTERMSIG(status)) : ended;
    }
    if (!plugin_watch_find_any(&crash->watch.calls, &call))
        return error_set(error, ERROR_FAILED, "%s%s: the check %s outside of the plugin",
                         *crash->about ? "case " : "", crash->about, how);
    if (crash->layer)
        call.layer = crash->layer;
    return error_set(error, ERROR_FAILED, "%s", crash_text(&call, crash->about, how, text));
}

/* Returns 0, or -1 after setting error. */
static int wait_for(pid_t child, int *status, struct error *error)
{
    int failed = 0;

    while (!failed && waitpid(child, status, 0) < 0)
        if (errno != EINTR)
            failed = error_set(error, ERROR_FAILED, "cannot wait for a process: %s", strerror(errno));
    crash_tell_interrupts(false);
    return failed;
}

int crash_apart(struct crash *crash, const char *layer, int (*work)(void *arg), void *arg,
                struct error *error)
{
    const pid_t parent = getpid();
    pid_t child;
    int status;

    fflush(NULL); /* else the child prints it, too */
    child = fork();
    if (child < 0)
        return error_set(error, ERROR_FAILED, "cannot start a process: %s", strerror(errno));
    if (child == 0)
        return run_child(crash, parent, work, arg);
    crash->layer = layer;
    crash_tell_interrupts(true);
    if (wait_for(child, &status, error) != 0)
        return -1;
    if (WIFSIGNALED(status) && !is_crash(WTERMSIG(status))) /* Ctrl-C: as without a child */
        raise(WTERMSIG(status));
    if (atomic_load(&crash->finished) && WIFEXITED(status))
        return WEXITSTATUS(status);
    return set_crash_error(crash, status, error);
}
