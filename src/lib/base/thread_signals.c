/* thread_signals.c: see thread_signals.h. */
#include "base/thread_signals.h"

#include <signal.h>

void thread_leave_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGFPE);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* fails only for a wrong first argument */
}
