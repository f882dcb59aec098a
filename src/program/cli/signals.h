/* signals.h: SIGINT, SIGTERM and SIGUSR1 as requests to a run, taken by a thread of their own. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct signals {
    pthread_t thread;
    atomic_bool stop_wanted, save_wanted, done;
    pthread_mutex_t mutex;
    pthread_cond_t stop; /* with the request; of the monotonic clock */
};

/* Blocks the signals (before any other thread is started, so that all inherit it) and starts the thread. A
 * second SIGINT or SIGTERM ends the program at once. Returns 0 or -1. */
int signals_begin(struct signals *signals, struct error *error);
/* What a training is to do, as the callback of nnrun_train returns it; a save is asked for once. */
int32_t signals_wanted(struct signals *signals);
/* Waits until a stop is asked for, for so many seconds at most; true: it is. */
bool signals_wait(struct signals *signals, unsigned seconds);
void signals_end(struct signals *signals);
#endif
