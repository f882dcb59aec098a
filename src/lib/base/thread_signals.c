/* thread_signals.c: see thread_signals.h. */
#include "base/thread_signals.h"

void thread_hold_signals(sigset_t *before)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGFPE);
    pthread_sigmask(SIG_BLOCK, &all, before); /* fails only for a wrong first argument */
}

void thread_release_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void thread_leave_signals(void)
{
    thread_hold_signals(NULL);
}

void thread_handler_stack_begin(struct thread_handler_stack *stack)
{
    stack->set = sigaltstack(NULL, &stack->before) == 0 && (stack->before.ss_flags & SS_DISABLE) &&
                 sigaltstack(&(stack_t){.ss_sp = stack->memory, .ss_size = sizeof stack->memory}, NULL) == 0;
}

void thread_handler_stack_end(struct thread_handler_stack *stack)
{
    if (stack->set)
        sigaltstack(&stack->before, NULL); /* fails only from within a handler on that stack */
}
