/* crash_library.h: whether a crash is in libconfig, which uses memory without asking whether it got it: lack of
 * it is what makes it crash, as no text reaches it before its grammar was checked. */
#ifndef CLI_CRASH_LIBRARY_H
#define CLI_CRASH_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

/* Where the library's code is; 0 and 0 if it is not a shared object of its own. */
struct crash_library {
    uintptr_t begin, end;
};

void crash_library_find(struct crash_library *library);

/* True if the calling thread is in the library or in what that called, a signal's handler included. */
bool crash_library_runs(const struct crash_library *library);
#endif
