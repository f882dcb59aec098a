/* signals.c: see signals.h. */
#include "cli/signals.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

static void handled(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
}

/* True if it was asked for before. */
static bool request_stop(struct signals *signals)
{
    bool before;

    pthread_mutex_lock(&signals->mutex);
    before = atomic_exchange(&signals->stop_wanted, true);
    pthread_cond_broadcast(&signals->stop);
    pthread_mutex_unlock(&signals->mutex);
    return before;
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
        if (number == SIGUSR1) {
            atomic_store(&signals->save_wanted, true);
        } else if (request_stop(signals)) {
            signal(number, SIG_DFL);
            sigemptyset(&set);
            sigaddset(&set, number);
            pthread_sigmask(SIG_UNBLOCK, &set, NULL);
            kill(getpid(), number);
        }
    }
}

int signals_begin(struct signals *signals, struct error *error)
{
    pthread_condattr_t attributes;
    sigset_t set;
    int failed;

    atomic_store(&signals->stop_wanted, false);
    atomic_store(&signals->save_wanted, false);
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

bool signals_wait(struct signals *signals, unsigned seconds)
{
    struct timespec until;
    bool is;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
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
