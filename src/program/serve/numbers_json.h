/* numbers_json.h: a sample of numbers in JSON: {"values": [0.1, -2, ...]}, in the order of the network's input, or, where the
 * columns have names, {"values": {"height": 0.1, ...}} in any order. [any thread] */
#ifndef SERVE_NUMBERS_JSON_H
#define SERVE_NUMBERS_JSON_H

#include <stddef.h>

#include <nnrun/nnrun.h>

#include "base/error.h"

/* Into values[inputs] of the model. Returns 0 or -1: ERROR_DATA, "NAME: reason". */
int numbers_json_read(float *values, const nnrun_model *model, const char *name, const char *text,
                      size_t size, struct error *error);
#endif
