/* thread_pool.c: workers wait for a job by spinning, then sleeping; parts are handed out by a counter. */
#include "base/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread_signals.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* A thread that waits first spins, then lets others run if there are any, then sleeps. Waking a sleeping
 * thread costs tens of microseconds, more on a virtual machine, and a step has two hand-overs: a millisecond
 * outlasts a thread that is behind by a slice. */
enum { SPINS = 1000, YIELDS = 64 };  /* spins between yields */
static const double patience = 1e-3; /* seconds */

struct worker {
    struct thread_pool *pool;
    pthread_t thread;
    unsigned number;
};

struct thread_pool {
    unsigned threads, started;
    bool float_holds;       /* what is set can be read back; not so in valgrind, which flushes no denormals */
    unsigned most_awake;    /* workers: beside the caller no more run than there are processors */
    struct worker *workers; /* [threads - 1] */
    /* the job; written while none is under way */
    void (*part)(void *arg, unsigned i, unsigned thread);
    void *arg;
    unsigned parts;
    atomic_uint job; /* counts jobs */
    atomic_int
        left; /* parts to hand out, from the last down; below 1: none. Who takes one may read the job */
    atomic_uint finished; /* parts */
    atomic_bool stop, float_changed, underflowed;
    /* under the mutex */
    pthread_mutex_t mutex;
    pthread_cond_t wake, done;
    unsigned awake, calls; /* workers not asleep; sleeping ones that were called */
    bool waiting;          /* the caller, asleep */
};

/* Of a thread's arithmetic: what is set, and the sticky flags of what happened since it was set. `tiny` are those of a
 * number below 2^-126 that became 0. Of MXCSR they are UE, of a result, and DE, of an operand; while denormals are zero
 * DE is never raised, so that an operand shows where it was computed. Of FPSR they are UFC and IDC, which tell of both.
 * A result that rounding brings to 2^-126 is none on x86, and 0 with UFC on ARM: its range is a 2^25th of those below,
 * which would show. */
#if defined(__x86_64__)
typedef unsigned int float_state; /* MXCSR */
static const float_state wanted = 0x9fc0, sticky = 0x3f, tiny = 0x12;

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
typedef unsigned long float_state; /* FPCR, and FPSR in the upper half */
static const float_state wanted = 1ul << 24, sticky = 0xfffffffful << 32, tiny = 0x88ul << 32; /* FPCR.FZ */

static float_state float_get(void)
{
    float_state control, status;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    return status << 32 | (control & 0xfffffffful);
}
static void float_put(float_state state)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(state & 0xfffffffful));
    __asm__ volatile("msr fpsr, %0" : : "r"(state >> 32));
}
static void pause_briefly(void)
{
    __asm__ volatile("yield");
}
#else
typedef int float_state;
static const float_state wanted = 0, sticky = 0, tiny = 0;

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

/* After a part. What it changed is set again, and what it raised is cleared. */
static void look_at_float(struct thread_pool *pool)
{
    const float_state state = float_get();
    const bool changed = (state & ~sticky) != wanted, underflowed = (state & tiny) != 0;

    if (changed && pool->float_holds)
        atomic_store_explicit(&pool->float_changed, true, memory_order_relaxed);
    if (underflowed)
        atomic_store_explicit(&pool->underflowed, true, memory_order_relaxed);
    if (changed || underflowed)
        float_put(wanted);
}

static void run_parts(struct thread_pool *pool, unsigned thread)
{
    int left;

    while ((left = atomic_fetch_sub_explicit(&pool->left, 1, memory_order_acquire)) > 0) {
        const unsigned parts = pool->parts;
        pool->part(pool->arg, parts - (unsigned)left, thread);
        look_at_float(pool);
        /* the last one; from here on the next job may be under way */
        if (atomic_fetch_add_explicit(&pool->finished, 1, memory_order_acq_rel) + 1 == parts && thread > 0) {
            pthread_mutex_lock(&pool->mutex);
            if (pool->waiting)
                pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

/* Spins until *word is `value`, or (`other`) is not; false if patience does not last so long. */
static bool spin_until(atomic_uint *word, unsigned value, bool other)
{
    double until = 0;

    for (unsigned i = 0;; i++) {
        if ((atomic_load_explicit(word, memory_order_acquire) == value) != other)
            return true;
        pause_briefly();
        if (i < SPINS || i % YIELDS != 0)
            continue;
        until = until > 0 ? until : clock_seconds() + patience;
        if (clock_seconds() > until)
            return false;
        sched_yield();
    }
}

/* Unless a job was begun meanwhile, which counts this worker among those awake. */
static void sleep_until_called(struct thread_pool *pool, unsigned seen)
{
    pthread_mutex_lock(&pool->mutex);
    if (atomic_load_explicit(&pool->job, memory_order_relaxed) == seen) {
        pool->awake--;
        while (pool->calls == 0)
            pthread_cond_wait(&pool->wake, &pool->mutex);
        pool->calls--;
    }
    pthread_mutex_unlock(&pool->mutex);
}

static void *run_worker(void *arg)
{
    struct worker *worker = arg;
    struct thread_pool *pool = worker->pool;
    struct thread_handler_stack stack;
    unsigned seen = 0;

    thread_leave_signals();
    thread_handler_stack_begin(&stack);
    float_put(wanted);
    while (!atomic_load(&pool->stop)) {
        if (!spin_until(&pool->job, seen, true))
            sleep_until_called(pool, seen);
        seen = atomic_load_explicit(&pool->job, memory_order_acquire);
        run_parts(pool, worker->number);
    }
    thread_handler_stack_end(&stack);
    return NULL;
}

/* Begins a job for at most `wanted_awake` workers, calling as many as are missing. */
static void publish_job(struct thread_pool *pool, unsigned wanted_awake)
{
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add_explicit(&pool->job, 1, memory_order_release);
    for (; pool->awake < wanted_awake; pool->awake++, pool->calls++)
        pthread_cond_signal(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
}

static void wait_finished(struct thread_pool *pool)
{
    if (spin_until(&pool->finished, pool->parts, false))
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->waiting = true;
    while (atomic_load_explicit(&pool->finished, memory_order_acquire) != pool->parts)
        pthread_cond_wait(&pool->done, &pool->mutex);
    pool->waiting = false;
    pthread_mutex_unlock(&pool->mutex);
}

void thread_pool_run(struct thread_pool *pool, unsigned parts,
                     void (*part)(void *arg, unsigned i, unsigned thread), void *arg)
{
    const float_state callers = float_get();

    pool->part = part;
    pool->arg = arg;
    pool->parts = parts;
    atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
    atomic_store_explicit(&pool->left, (int)parts, memory_order_release);
    float_put(wanted);
    if (pool->started > 0 && parts > 1)
        publish_job(pool, parts - 1 < pool->most_awake ? parts - 1 : pool->most_awake);
    run_parts(pool, 0);
    if (parts > 0)
        wait_finished(pool);
    float_put(callers);
}

static bool float_holds(void)
{
    const float_state callers = float_get();
    bool holds;

    float_put(wanted);
    holds = (float_get() & ~sticky) == wanted;
    float_put(callers);
    return holds;
}

struct thread_pool *thread_pool_create(unsigned threads, struct error *error)
{
    struct thread_pool *pool = memory_array(1, sizeof *pool);

    if (!pool) {
        error_memory(error);
        return NULL;
    }
    pool->threads = threads;
    pool->float_holds = float_holds();
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->workers = memory_array(threads, sizeof *pool->workers);
    if (!pool->workers) {
        error_memory(error);
        thread_pool_destroy(pool);
        return NULL;
    }
    pool->awake = threads - 1; /* as they begin */
    pool->most_awake = thread_pool_processors() > 2 ? thread_pool_processors() - 1 : 1;
    pool->most_awake = pool->most_awake < threads - 1 ? pool->most_awake : threads - 1;
    for (unsigned i = 0; i + 1 < threads; i++) {
        struct worker *worker = &pool->workers[i];
        int failed;
        worker->pool = pool;
        worker->number = i + 1;
        failed = pthread_create(&worker->thread, NULL, run_worker, worker);
        if (failed) {
            error_set(error, ERROR_FAILED, "cannot start thread %u of %u: %s", i + 2, threads,
                      strerror(failed));
            thread_pool_destroy(pool);
            return NULL;
        }
        pool->started++;
    }
    return pool;
}

void thread_pool_destroy(struct thread_pool *pool)
{
    if (!pool)
        return;
    atomic_store(&pool->stop, true);
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add_explicit(&pool->job, 1, memory_order_release);
    pool->calls = pool->started;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->workers);
    free(pool);
}

unsigned thread_pool_threads(const struct thread_pool *pool)
{
    return pool->threads;
}

bool thread_pool_float_changed(struct thread_pool *pool)
{
    return atomic_exchange(&pool->float_changed, false);
}

bool thread_pool_underflowed(struct thread_pool *pool)
{
    return atomic_exchange(&pool->underflowed, false);
}

unsigned thread_pool_processors(void)
{
    cpu_set_t set;
    int count;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}
