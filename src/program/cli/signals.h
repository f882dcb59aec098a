/* signals.h: SIGINT, SIGTERM, SIGHUP and SIGUSR1 as requests to a run, taken by a thread of their own. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

struct signals {
    pthread_t thread;
    atomic_bool stop_wanted, save_wanted, done;
    atomic_int number;     /* of the signal that asked for the stop */
    struct timespec first; /* when a stop was asked for first; of the thread alone */
    pthread_mutex_t mutex;
    pthread_cond_t stop; /* with the request; of the monotonic clock */
};

/* First thing in main, so that no signal comes too early: blocks these signals, and keeps in *before which were.
 * A pipe that nobody reads and a file that may not grow are errors of the write from here on, no signals, and children
 * can be waited for. */
void signals_hold(sigset_t *before);
/* As they were, for a command to which they are no requests: one that came meanwhile does what it always does. */
void signals_release(const sigset_t *before);

/* Blocks the signals (before any other thread is started, so that all inherit it) and starts the thread. SIGINT,
 * SIGTERM and SIGHUP ask for a stop; a SIGINT or SIGTERM more than a second after the first ends the program at
 * once. A SIGHUP that was ignored stays so. Returns 0 or -1. */
int signals_begin(struct signals *signals, struct error *error);
/* What a training is to do, as the callback of nnrun_train returns it; a save is asked for once. */
int32_t signals_wanted(struct signals *signals);
/* "SIGINT": what asked for the stop; "another rank": no signal to this process. */
const char *signals_name(const struct signals *signals);
/* Waits until a stop is asked for, for so many milliseconds at most; true: it is. */
bool signals_wait(struct signals *signals, unsigned milliseconds);
void signals_end(struct signals *signals);
#endif
