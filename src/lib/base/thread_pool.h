/* thread_pool.h: a fixed set of threads that run the parts of a job. Parts may run in any order on any
 * thread: what they compute must not depend on it. */
#ifndef BASE_THREAD_POOL_H
#define BASE_THREAD_POOL_H

#include <stdbool.h>

#include "base/error.h"

struct thread_pool;

/* A pool of `threads` >= 1, the caller's thread included. On each, denormals are flushed and rounding is
 * to nearest (MXCSR 0x9FC0) while it runs parts. NULL after setting error. */
struct thread_pool *thread_pool_create(unsigned threads, struct error *error);
void thread_pool_destroy(struct thread_pool *pool); /* NULL: nothing */

unsigned thread_pool_threads(const struct thread_pool *pool);

/* Runs part(arg, i, thread) once for every i < parts and returns when all are done; thread < threads names
 * the thread, for scratch memory. Everything written before is seen by the parts, everything they write is
 * seen after. One caller at a time; never from within a part. */
void thread_pool_run(struct thread_pool *pool, unsigned parts,
                     void (*part)(void *arg, unsigned i, unsigned thread), void *arg);

/* Processors this process may run on, at least 1. */
unsigned thread_pool_processors(void);

/* True if a part left the arithmetic of its thread changed since the last call; it was set again. Where what is set
 * cannot be read back, as in valgrind, it is never true. */
bool thread_pool_float_changed(struct thread_pool *pool);

/* True if in a part since the last call a number below 2^-126 became 0 because no normal float holds it. Processors
 * differ in when that happens, and some do not do it. Where the processor does not say, it is never true. */
bool thread_pool_underflowed(struct thread_pool *pool);
#endif
