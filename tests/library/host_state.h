/* host_state.h: what of a process a library must leave as it found it. */
#ifndef CLIENT_HOST_STATE_H
#define CLIENT_HOST_STATE_H

/* Remembers it all. `name` is what is called next. */
void host_state_begin(const char *name);

/* Compares with what was remembered: a line on standard error for each difference, which host_state_changes counts. */
void host_state_end(void);
int host_state_changes(void);

/* The calling thread's alone, in a callback: floating-point modes and signal mask. */
void host_state_thread(void);

/* Floating-point modes: on x86 MXCSR without its flags (rounding, flushing, masked traps) and x87's control word. */
struct host_modes {
    unsigned mxcsr, x87;
};
struct host_modes host_modes(void);
void host_modes_set(struct host_modes modes);
#endif
