/* pool.c: workers wait for a job by spinning briefly, then sleeping; parts are handed out by a counter. */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { SPINS = 4000 }; /* some 50 us: longer than a hand-over between steps, shorter than a time slice */

struct worker {
    struct pool *pool;
    pthread_t thread;
    unsigned number;
};

struct pool {
    unsigned threads, started, spins;
    struct worker *workers; /* [threads - 1] */
    pthread_mutex_t mutex;
    pthread_cond_t wake, done;
    /* the job */
    void (*part)(void *arg, unsigned i, unsigned thread);
    void *arg;
    unsigned parts;
    atomic_uint job;     /* counts jobs; a worker runs each once */
    atomic_uint next;    /* the next part to hand out */
    atomic_uint running; /* workers that have not left the job */
    atomic_bool stop, float_changed;
};

#if defined(__x86_64__)
typedef unsigned int float_state;
static const float_state wanted = 0x9fc0, sticky = 0x3f;

static float_state float_get(void)
{
    return _mm_getcsr();
}
static void float_put(float_state state)
{
    _mm_setcsr(state);
}
static void pause_briefly(void)
{
    _mm_pause();
}
#elif defined(__aarch64__)
typedef unsigned long float_state;
static const float_state wanted = 1ul << 24, sticky = 0; /* FPCR.FZ */

static float_state float_get(void)
{
    float_state state;
    __asm__ volatile("mrs %0, fpcr" : "=r"(state));
    return state;
}
static void float_put(float_state state)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(state));
}
static void pause_briefly(void)
{
    __asm__ volatile("yield");
}
#else
typedef int float_state;
static const float_state wanted = 0, sticky = 0;

static float_state float_get(void)
{
    return 0;
}
static void float_put(float_state state)
{
    (void)state;
}
static void pause_briefly(void)
{
}
#endif

static void run_parts(struct pool *pool, unsigned thread)
{
    unsigned i;

    while ((i = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed)) < pool->parts) {
        pool->part(pool->arg, i, thread);
        if ((float_get() & ~sticky) != wanted) {
            atomic_store_explicit(&pool->float_changed, true, memory_order_relaxed);
            float_put(wanted);
        }
    }
}

/* Waits until *word differs from `old`: first spinning, then asleep on `condition`. */
static void wait_change(struct pool *pool, atomic_uint *word, unsigned old, pthread_cond_t *condition)
{
    for (unsigned i = 0; i < pool->spins; i++) {
        if (atomic_load_explicit(word, memory_order_acquire) != old)
            return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->mutex);
    while (atomic_load_explicit(word, memory_order_acquire) == old)
        pthread_cond_wait(condition, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct pool *pool = worker->pool;
    unsigned seen = 0;

    float_put(wanted);
    for (;;) {
        wait_change(pool, &pool->job, seen, &pool->wake);
        seen++;
        if (atomic_load(&pool->stop))
            return NULL;
        run_parts(pool, worker->number);
        if (atomic_fetch_sub_explicit(&pool->running, 1, memory_order_acq_rel) == 1) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

static void publish(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add_explicit(&pool->job, 1, memory_order_release);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
}

void pool_run(struct pool *pool, unsigned parts, void (*part)(void *arg, unsigned i, unsigned thread),
              void *arg)
{
    const float_state callers = float_get();
    unsigned running;

    pool->part = part;
    pool->arg = arg;
    pool->parts = parts;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    float_put(wanted);
    if (pool->started == 0 || parts < 2) {
        run_parts(pool, 0);
    } else {
        atomic_store_explicit(&pool->running, pool->started, memory_order_relaxed);
        publish(pool);
        run_parts(pool, 0);
        while ((running = atomic_load_explicit(&pool->running, memory_order_acquire)) != 0)
            wait_change(pool, &pool->running, running, &pool->done);
    }
    float_put(callers);
}

struct pool *pool_create(unsigned threads, struct error *error)
{
    struct pool *pool = memory_array(1, sizeof *pool);

    if (!pool) {
        error_memory(error);
        return NULL;
    }
    pool->threads = threads;
    pool->spins = threads <= pool_processors() ? SPINS : 0;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->workers = memory_array(threads, sizeof *pool->workers);
    if (!pool->workers) {
        error_memory(error);
        pool_destroy(pool);
        return NULL;
    }
    for (unsigned i = 0; i + 1 < threads; i++) {
        struct worker *worker = &pool->workers[i];
        int failed;
        worker->pool = pool;
        worker->number = i + 1;
        failed = pthread_create(&worker->thread, NULL, work, worker);
        if (failed) {
            error_set(error, STATUS_FAILED, "cannot start thread %u of %u: %s", i + 2, threads,
                      strerror(failed));
            pool_destroy(pool);
            return NULL;
        }
        pool->started++;
    }
    return pool;
}

void pool_destroy(struct pool *pool)
{
    if (!pool)
        return;
    atomic_store(&pool->stop, true);
    publish(pool);
    for (unsigned i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->workers);
    free(pool);
}

unsigned pool_threads(const struct pool *pool)
{
    return pool->threads;
}

bool pool_float_changed(struct pool *pool)
{
    return atomic_exchange(&pool->float_changed, false);
}

unsigned pool_processors(void)
{
    cpu_set_t set;
    int count;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}
