/* signals.c: see signals.h. */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void handled(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
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
            atomic_store(&signals->requests->save, 1);
        } else if (!atomic_exchange(&signals->requests->stop, 1)) {
            sem_post(&signals->stop);
        } else {
            signal(number, SIG_DFL);
            sigemptyset(&set);
            sigaddset(&set, number);
            pthread_sigmask(SIG_UNBLOCK, &set, NULL);
            kill(getpid(), number);
        }
    }
}

int signals_begin(struct signals *signals, struct trainer_requests *requests, struct error *error)
{
    sigset_t set;
    int failed;

    signals->requests = requests;
    atomic_store(&signals->done, false);
    sem_init(&signals->stop, 0, 0);
    handled(&set);
    failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (!failed)
        failed = pthread_create(&signals->thread, NULL, wait_for_signals, signals);
    if (failed)
        return error_set(error, STATUS_FAILED, "cannot wait for signals: %s", strerror(failed));
    return 0;
}

bool signals_wait(struct signals *signals, unsigned seconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    while (!atomic_load(&signals->requests->stop))
        if (sem_timedwait(&signals->stop, &until) != 0 && errno != EINTR)
            return false;
    return true;
}

void signals_end(struct signals *signals)
{
    atomic_store(&signals->done, true);
    pthread_kill(signals->thread, SIGUSR1);
    pthread_join(signals->thread, NULL);
    sem_destroy(&signals->stop);
}
