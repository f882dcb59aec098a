/* signals.c: see signals.h. */
#include "cli/signals.h"

#include <string.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

/* SIGHUP but where it is ignored, as under nohup. Linux keeps the others for sigwait even then: a shell starts
 * what it runs in the background with SIGINT ignored, and kill -INT is to stop it all the same. */
static void handled(sigset_t *set)
{
    struct sigaction hangup;

    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(set, SIGHUP);
}

void signals_hold(sigset_t *before)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN); /* these fail only for a wrong number */
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, it would leave no status of a child */
    handled(&set);
    pthread_sigmask(SIG_BLOCK, &set, before);
}

void signals_release(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* timeout(1) signals its child and then the child's group, a terminal that closes does, too: what comes within a
 * second is the first once more. */
static bool is_insistent(const struct signals *signals)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    now.tv_sec -= signals->first.tv_sec;
    return now.tv_sec > 1 || (now.tv_sec == 1 && now.tv_nsec >= signals->first.tv_nsec);
}

static void request_stop(struct signals *signals, int number)
{
    atomic_store(&signals->number, number);
    clock_gettime(CLOCK_MONOTONIC, &signals->first);
    pthread_mutex_lock(&signals->mutex);
    atomic_store(&signals->stop_wanted, true);
    pthread_cond_broadcast(&signals->stop);
    pthread_mutex_unlock(&signals->mutex);
}

static void end_at_once(int number)
{
    sigset_t set;

    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), number);
}

static void *wait_for_signals(void *arg)
{
    struct signals *signals = arg;
    sigset_t set;
    int number;

    handled(&set);
    for (;;) {
        if (sigwait(&set, &number) != 0)
            continue;
        if (atomic_load(&signals->done))
            return NULL;
        if (number == SIGUSR1)
            atomic_store(&signals->save_wanted, true);
        else if (!atomic_load(&signals->stop_wanted))
            request_stop(signals, number);
        else if (number != SIGHUP && is_insistent(signals))
            end_at_once(number);
    }
}

int signals_begin(struct signals *signals, struct error *error)
{
    pthread_condattr_t attributes;
    sigset_t set;
    int failed;

    atomic_store(&signals->stop_wanted, false);
    atomic_store(&signals->save_wanted, false);
    atomic_store(&signals->number, 0);
    atomic_store(&signals->done, false);
    pthread_mutex_init(&signals->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&signals->stop, &attributes);
    pthread_condattr_destroy(&attributes);
    handled(&set);
    failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (!failed)
        failed = pthread_create(&signals->thread, NULL, wait_for_signals, signals);
    if (failed)
        return error_set(error, ERROR_FAILED, "cannot wait for signals: %s", strerror(failed));
    return 0;
}

int32_t signals_wanted(struct signals *signals)
{
    return (atomic_load(&signals->stop_wanted) ? NNRUN_STOP : NNRUN_GO_ON) |
           (atomic_exchange(&signals->save_wanted, false) ? NNRUN_SAVE : NNRUN_GO_ON);
}

const char *signals_name(const struct signals *signals)
{
    const int number = atomic_load(&signals->number);

    return number == SIGHUP    ? "SIGHUP"
           : number == SIGTERM ? "SIGTERM"
           : number == SIGINT  ? "SIGINT"
                               : "another rank";
}

bool signals_wait(struct signals *signals, unsigned milliseconds)
{
    struct timespec until;
    bool is;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&signals->mutex);
    while (!(is = atomic_load(&signals->stop_wanted)) &&
           pthread_cond_timedwait(&signals->stop, &signals->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&signals->mutex);
    return is;
}

void signals_end(struct signals *signals)
{
    atomic_store(&signals->done, true);
    pthread_kill(signals->thread, SIGUSR1);
    pthread_join(signals->thread, NULL);
    pthread_cond_destroy(&signals->stop);
    pthread_mutex_destroy(&signals->mutex);
}
