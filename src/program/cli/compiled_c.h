/* compiled_c.h: an exported C file, compiled by cc and asked, to hold its answers against the network's. */
#ifndef CLI_COMPILED_C_H
#define CLI_COMPILED_C_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A program of that file, which runs until it is closed. */
struct compiled_c;

/* `path`: of the file; `name`: of the network. NULL after setting error; or, without one, there is no cc. */
struct compiled_c *compiled_c_open(const char *path, const char *name, size_t inputs, size_t outputs,
                                   struct error *error);
void compiled_c_close(struct compiled_c *compiled); /* NULL: nothing */

/* struct export_answerer's. */
int compiled_c_answer(void *compiled, const float *x, float *y, struct error *error);
#endif
