/* host.h: what the library leaves in the caller's thread as it found it. [any thread] */
#ifndef API_HOST_H
#define API_HOST_H

#include <fenv.h>

/* The floating-point environment of the calling thread: rounding, flushing, masked traps, raised flags. */
struct host {
    fenv_t floating;
};

/* Sets the default one, which reading a number and rounding it need, and keeps the host's; and gives the host's
 * back. */
void host_enter(struct host *host);
void host_leave(const struct host *host);
#endif
