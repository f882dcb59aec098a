/* sweep_child.h: this program once more, as a child that is read by lines: a crash in it is no crash of ours. If we end,
 * nobody reads it any more, so that it saves and ends, too. One thread at a time. */
#ifndef CLI_SWEEP_CHILD_H
#define CLI_SWEEP_CHILD_H

#include <sys/types.h>

#include "base/error.h"

struct sweep_child {
    pid_t process; /* 0: none */
    int output;    /* what it writes, errors as well; -1: it has ended that */
    char *text;    /* of a line that is not whole yet */
    size_t used, room;
};

/* Starts it with these words, NULL behind them; the first is its name. It has the descriptor `kept`, too, for as long as it
 * lives. Returns 0 or -1. */
int sweep_child_start(struct sweep_child *child, char *const *words, int kept, struct error *error);

/* Takes what it has written, without waiting, and calls use(arg, line) for each line of it. Returns 1, 0: it writes no
 * more, or -1 after setting error. */
int sweep_child_read(struct sweep_child *child, void (*use)(void *arg, const char *line), void *arg,
                     struct error *error);

/* Waits for its end, as waitpid tells it, and frees what it has. */
int sweep_child_end(struct sweep_child *child);
#endif
