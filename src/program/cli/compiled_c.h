/* compiled_c.h: an exported C file, compiled by cc and asked, to hold its answers against the network's. */
#ifndef CLI_COMPILED_C_H
#define CLI_COMPILED_C_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A program of that file, which runs until it is closed. */
struct compiled_c;

struct compiled_c_of {
    const char *path; /* of the file */
    const char *name; /* of the network */
    size_t inputs, outputs;
    bool bytes; /* it has a function for them, which is asked, too: samples are whole numbers from 0 to 255 */
};

/* NULL after setting error; or, without one, there is no cc. What it takes to compile is removed again, also before a signal
 * ends this process meanwhile. Called while there are no other threads. */
struct compiled_c *compiled_c_open(const struct compiled_c_of *of, struct error *error);
void compiled_c_close(struct compiled_c *compiled); /* NULL: nothing */

/* struct export_answerer's. Fails, too, if the file's functions return a wrong place, or do not agree. */
int compiled_c_answer(void *compiled, const float *x, float *y, struct error *error);
#endif
