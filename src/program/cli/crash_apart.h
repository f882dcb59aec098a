/* crash_apart.h: work in a child process, which a plugin may end without ending this one. */
#ifndef CLI_CRASH_APART_H
#define CLI_CRASH_APART_H

#include "cli/crash.h"

/* Runs work(arg) in a child process and returns what it returned, the status that the child then is to end with:
 * both processes come back here, the parent after the child ended. If a plugin ended the child, sets error and
 * returns -1, in the parent. `layer`: what to call layers that the parent does not know; NULL: it knows them all. */
int crash_apart(struct crash *crash, const char *layer, int (*work)(void *arg), void *arg,
                struct error *error);
#endif
