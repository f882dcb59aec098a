/* window_reader.c: see window_reader.h. */
#include "data/window_reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread_signals.h"

struct window_reader {
    struct window_source source;
    size_t most;
    struct window place[WINDOW_READER_PLACES]; /* window n lives in place[n % WINDOW_READER_PLACES] */

    struct samples_walk walk; /* constant while the thread runs */
    size_t first_number;
    bool running;
    pthread_t thread;
    atomic_bool stop; /* also set with the mutex held, so that no wait misses it */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    size_t ready;    /* windows below it are read */
    size_t released; /* windows below it may be overwritten */
    bool failed;     /* window `ready` could not be read: */
    struct error error;
};

/* Waits for a free place. False: stop. */
static bool wait_for_place(struct window_reader *r, size_t number)
{
    bool stop;

    pthread_mutex_lock(&r->mutex);
    while (number >= r->released + WINDOW_READER_PLACES && !atomic_load(&r->stop))
        pthread_cond_wait(&r->changed, &r->mutex);
    stop = atomic_load(&r->stop);
    pthread_mutex_unlock(&r->mutex);
    return !stop;
}

static void *read_windows(void *arg)
{
    struct window_reader *r = arg;
    bool failed = false;

    thread_leave_signals();
    for (size_t n = r->first_number; n * r->most < r->walk.count && !failed && wait_for_place(r, n); n++) {
        struct window *window = &r->place[n % WINDOW_READER_PLACES];
        const size_t left = r->walk.count - n * r->most, count = left < r->most ? left : r->most;

        failed =
            window_read(window, &r->source, r->walk.first + n * r->most, count, &r->stop, &r->error) != 0;
        if (!failed)
            window_order(window, &r->walk, n, count);
        pthread_mutex_lock(&r->mutex);
        if (failed)
            r->failed = true;
        else
            r->ready = n + 1;
        pthread_cond_signal(&r->changed);
        pthread_mutex_unlock(&r->mutex);
    }
    return NULL;
}

struct window_reader *window_reader_create(const struct window_source *source, size_t most,
                                           struct error *error)
{
    struct window_reader *r = calloc(1, sizeof *r);

    if (!r) {
        error_memory(error);
        return NULL;
    }
    r->source = *source;
    r->most = most;
    for (size_t i = 0; i < WINDOW_READER_PLACES; i++)
        if (window_init(&r->place[i], source, most, error))
            goto failed;
    if (pthread_mutex_init(&r->mutex, NULL) != 0) {
        error_memory(error);
        goto failed;
    }
    if (pthread_cond_init(&r->changed, NULL) != 0) {
        pthread_mutex_destroy(&r->mutex);
        error_memory(error);
        goto failed;
    }
    return r;

failed:
    for (size_t i = 0; i < WINDOW_READER_PLACES; i++)
        window_finish(&r->place[i]);
    free(r);
    return NULL;
}

void window_reader_destroy(struct window_reader *r)
{
    if (!r)
        return;
    window_reader_stop(r);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->mutex);
    for (size_t i = 0; i < WINDOW_READER_PLACES; i++)
        window_finish(&r->place[i]);
    error_clear(&r->error);
    free(r);
}

int window_reader_start(struct window_reader *r, const struct samples_walk *walk, size_t number,
                        struct error *error)
{
    int result;

    window_reader_stop(r);
    r->walk = *walk;
    r->first_number = r->ready = r->released = number;
    r->failed = false;
    error_clear(&r->error);
    atomic_store(&r->stop, false);

    result = pthread_create(&r->thread, NULL, read_windows, r);
    if (result != 0)
        return error_set(error, ERROR_FAILED, "cannot start the thread that reads samples: %s",
                         strerror(result));
    r->running = true;
    return 0;
}

void window_reader_stop(struct window_reader *r)
{
    if (!r->running)
        return;
    pthread_mutex_lock(&r->mutex);
    atomic_store(&r->stop, true);
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->mutex);
    pthread_join(r->thread, NULL);
    r->running = false;
}

const struct window *window_reader_get(struct window_reader *r, size_t number, struct error *error)
{
    bool there;

    pthread_mutex_lock(&r->mutex);
    while (r->ready <= number && !r->failed)
        pthread_cond_wait(&r->changed, &r->mutex);
    there = r->ready > number;
    pthread_mutex_unlock(&r->mutex);
    if (there)
        return &r->place[number % WINDOW_READER_PLACES];
    error_clear(error);
    error_append(error, &r->error); /* the thread has ended */
    return NULL;
}

void window_reader_release(struct window_reader *r, size_t number)
{
    pthread_mutex_lock(&r->mutex);
    if (number > r->released)
        r->released = number;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}
