/* error.h: the one object that carries a failure up to the caller.
 *
 * A function that can fail takes a struct error and returns -1 (or NULL) after setting it. Text is one or
 * more lines without a final newline. [any thread] on distinct objects. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_code {
    ERROR_NONE,
    ERROR_FAILED,   /* while running: the system, memory, a plugin, a diverged loss */
    ERROR_ARGUMENT, /* what the caller asked for cannot be */
    ERROR_CONFIG,   /* decidable from config and plugins alone */
    ERROR_DATA      /* needs a data file's or checkpoint's bytes */
};

enum { ERROR_TEXT = 16384 };

struct error {
    enum error_code code;
    unsigned lines;    /* messages held */
    unsigned left_out; /* messages that did not fit */
    char text[ERROR_TEXT];
};

void error_init(struct error *error);

/* Replaces what is held by one message. Returns -1. Messages longer than a few kB are cut. */
int error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a line; the code becomes the given one if there was no message yet. Returns -1. */
int error_add(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts a prefix in front of every line held: error_prefix(e, "%s: ", path). Returns -1. */
int error_prefix(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "out of memory" with ERROR_FAILED. Returns -1. */
int error_memory(struct error *error);
#endif
