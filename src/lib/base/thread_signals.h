/* thread_signals.h: signals are the host's: no thread of the library takes one. */
#ifndef BASE_THREAD_SIGNALS_H
#define BASE_THREAD_SIGNALS_H

/* Blocks every signal in the calling thread but those that a thread brings on itself (SIGSEGV, SIGBUS, SIGILL,
 * SIGFPE). The first call of each thread that the library starts; never made by the host's. */
void thread_leave_signals(void);
#endif
