/* thread_signals.h: signals are the host's: no thread of the library takes one but those it brings on itself. */
#ifndef BASE_THREAD_SIGNALS_H
#define BASE_THREAD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Blocks every signal in the calling thread but those that a thread brings on itself (SIGSEGV, SIGBUS, SIGILL,
 * SIGFPE). The first call of each thread that the library starts; never made by the host's. */
void thread_leave_signals(void);

/* The same of any thread for a while: what comes meanwhile is taken at the end. */
void thread_hold_signals(sigset_t *before);
void thread_release_signals(const sigset_t *before);

/* A thread whose stack overflows has none left for the host's handler: one that asks for it (SA_ONSTACK) runs
 * here. In a frame of the thread that outlasts all it does. Begin leaves a thread alone that has such a stack. */
struct thread_handler_stack {
    stack_t before;
    bool set;
    _Alignas(16) unsigned char memory[32768];
};
void thread_handler_stack_begin(struct thread_handler_stack *stack);
void thread_handler_stack_end(struct thread_handler_stack *stack);
#endif
