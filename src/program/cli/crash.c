/* crash.c: see crash.h. What a handler runs here is async-signal-safe. */
#include "cli/crash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/crash_text.h"
#include "cli/exit_status.h"

#ifdef __has_feature
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif

/* The one variable of the program: a handler is given nothing else to find the watch by. */
static _Atomic(struct crash *) current;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { FATAL = sizeof fatal / sizeof fatal[0] };

/* A sanitizer has handlers of its own, which say more. */
static bool has_sanitizer(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || HAS_FEATURE(address_sanitizer) ||       \
    HAS_FEATURE(thread_sanitizer) || HAS_FEATURE(memory_sanitizer)
    return true;
#else
    return false;
#endif
}

/* If this thread is in a plugin, says what became of it and ends the process. */
static void tell_if_plugin(const char *how)
{
    struct crash *crash = atomic_load(&current);
    char text[CRASH_TEXT], event[CRASH_EVENT];
    struct plugin_call call;

    if (!crash || !plugin_watch_find(&crash->watch.calls, &call))
        return;
    if (crash->is_child) {
        atomic_store(&crash->how, how);
        _exit(STATUS_FAILED);
    }
    while (atomic_flag_test_and_set(&crash->told)) /* another thread does, and ends this one */
        pause();
    if (crash->json)
        crash_write(STDOUT_FILENO, crash_event(&call, how, STATUS_FAILED, event));
    crash_write(STDERR_FILENO, crash_message(&call, how, crash->has_line, text));
    _exit(STATUS_FAILED);
}

/* If this thread is in libconfig, says what that is and ends the process. */
static void tell_if_libconfig(void)
{
    struct crash *crash = atomic_load(&current);

    if (!crash || crash->is_child || !crash_library_runs(&crash->libconfig))
        return;
    if (crash->json)
        crash_write(STDOUT_FILENO,
                    "{\"event\":\"error\",\"message\":\"out of memory in libconfig\",\"status\":1}\n");
    crash_write(STDERR_FILENO, crash->has_line ? "\r\033[K" : "");
    crash_write(STDERR_FILENO, "nnrun: out of memory in libconfig\n");
    _exit(STATUS_FAILED);
}

/* What another process sent is not what this thread was doing. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code > 0 || info->si_pid == getpid()) {
        tell_if_plugin(crash_signal_text(number));
        tell_if_libconfig();
    }
    signal(number, SIG_DFL);
    raise(number); /* taken when this returns */
}

/* Of a check in a child that Ctrl-C ends: what it was at, as a plugin may have no end. */
static void on_interrupt(int number)
{
    const struct crash *crash = atomic_load(&current);
    char text[CRASH_TEXT];
    struct plugin_call call;

    if (crash && *crash->about && plugin_watch_find_any(&crash->watch.calls, &call)) {
        if (crash->layer)
            call.layer = crash->layer;
        crash_write(STDERR_FILENO, crash->has_line ? "\r\033[Knnrun: " : "nnrun: ");
        crash_write(STDERR_FILENO, crash_text(&call, crash->about, "was interrupted", text));
        crash_write(STDERR_FILENO, "\n");
    }
    raise(number); /* taken when this returns */
}

static void on_exit_call(void)
{
    tell_if_plugin("called exit()");
}

static void on_quick_exit(void)
{
    tell_if_plugin("called quick_exit()");
}

static void handle_signals(bool by_us)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    if (by_us) {
        action.sa_sigaction = on_signal;
        action.sa_flags = SA_ONSTACK | SA_SIGINFO;
        sigfillset(&action.sa_mask);
    }
    for (size_t i = 0; i < FATAL && !has_sanitizer(); i++)
        sigaction(fatal[i], &action, NULL); /* fails only for a wrong number */
}

/* exit() runs each handler once, whichever thread calls it: where several are in a plugin that does, each needs one
 * that keeps it here until the first has told. */
static int handle_exits(void)
{
    if (atexit(tell_if_libconfig) != 0)
        return -1;
    for (int i = 0; i < PLUGIN_WATCH_CALLS; i++)
        if (atexit(on_exit_call) != 0 || at_quick_exit(on_quick_exit) != 0)
            return -1;
    return 0;
}

struct crash *crash_begin(bool json, bool has_line, struct error *error)
{
    struct crash *crash =
        mmap(NULL, sizeof *crash, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (crash == MAP_FAILED || handle_exits() != 0) {
        error_memory(error);
        return NULL;
    }
    crash->json = json;
    crash->has_line = has_line;
    crash_library_find(&crash->libconfig);
    thread_handler_stack_begin(&crash->stack);
    atomic_store(&current, crash);
    handle_signals(true);
    return crash;
}

void crash_tell_interrupts(bool on)
{
    static const int numbers[] = {SIGINT, SIGTERM};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action, before;
        if (sigaction(numbers[i], NULL, &before) != 0 || before.sa_handler == SIG_IGN)
            continue;
        action = (struct sigaction){.sa_handler = on ? on_interrupt : SIG_DFL, .sa_flags = (int)SA_RESETHAND};
        sigfillset(&action.sa_mask);
        sigaction(numbers[i], &action, NULL); /* fails only for a wrong number */
    }
}

void crash_leave_signals(struct crash *crash)
{
    handle_signals(false);
    crash_tell_interrupts(false);
    crash->is_child = true;
}

void crash_end(struct crash *crash)
{
    if (!crash)
        return;
    handle_signals(false);
    atomic_store(&current, NULL);
    thread_handler_stack_end(&crash->stack);
    munmap(crash, sizeof *crash);
}
