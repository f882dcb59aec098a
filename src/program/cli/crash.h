/* crash.h: a plugin that crashes, or ends the process, is named in one message. */
#ifndef CLI_CRASH_H
#define CLI_CRASH_H

#include "base/error.h"
#include "base/thread_signals.h"
#include "check/gradcheck.h"
#include "api/public_watch.h"
#include "cli/crash_library.h"

/* Shared by this process and its child. */
struct crash {
    nnrun_watch watch;                 /* to be told of all calls of plugins */
    bool json;                         /* an error event, too */
    bool has_line;                     /* a progress line may stand on the terminal */
    atomic_flag told;                  /* one thread does */
    struct thread_handler_stack stack; /* of the thread that began */
    struct crash_library libconfig;
    bool is_child;               /* which leaves it to its parent to tell: */
    const char *layer;           /* the one that the child checks; NULL: its calls have the name */
    char about[GRADCHECK_LABEL]; /* the case under way, "" for none */
    _Atomic(const char *) how;   /* a plugin ended the child, in words; NULL: no function did that */
    atomic_bool finished;        /* the child came to its end */
};

/* From here on, until crash_end, a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT), exit() or quick_exit() in a
 * call that the watch knows ends in a message and status 1, as does a crash or exit() in libconfig, which is lack of
 * memory (crash_library.h); elsewhere they do what they always do. For `main`, once
 * in a process. Threads that a stack of theirs may overflow need a thread_handler_stack. NULL after setting error. */
struct crash *crash_begin(bool json, bool has_line, struct error *error);
void crash_end(struct crash *crash); /* NULL: nothing */

/* From here on SIGINT and SIGTERM, unless ignored, first name the case under way and then do what they always do;
 * with false, that alone. */
void crash_tell_interrupts(bool on);

/* In a child: signals do what they always do, exit() leaves a note for the parent. */
void crash_leave_signals(struct crash *crash);
#endif
