/* axis.h: what a sweep varies: KEY= and a list of values or ranges, as grid or as draws. [any thread]
 *
 *   KEY=A,B,C       these values; commas in quotes or brackets belong to a value
 *   KEY=A..B        whole numbers: each from A to B
 *   KEY=A..B/N      N numbers from A to B, evenly spaced
 *   KEY=A..B/logN   N numbers from A to B, each the same multiple of the one before it
 *
 * Where both ends are written as whole numbers, so is what lies between; other numbers between the ends have four
 * digits. A draw takes one value of a list, any number of A..B, and with A..B/log any number by its logarithm. */
#ifndef SWEEP_AXIS_H
#define SWEEP_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { AXIS_MOST_VALUES = 10000 };

struct axis_item {
    char *text; /* as it was given */
    bool range, whole, logarithmic;
    double low, high;
    size_t count; /* of numbers in the range; 0: not given */
};

struct axis {
    char *key;
    struct axis_item *items;
    size_t count;
};

/* Takes KEY=VALUES apart. Returns 0, or -1 after setting error (ERROR_ARGUMENT); finish it in either case. */
int axis_parse(struct axis *axis, const char *text, struct error *error);
void axis_finish(struct axis *axis);

/* Whether there is more than one value: what has one is an override as any other. */
bool axis_varies(const struct axis *axis);

/* The values of the grid: fresh texts in a fresh array, also after a failure. Returns 0 or -1. */
int axis_values(const struct axis *axis, char ***values, size_t *count, struct error *error);

/* The value of draw `index`, which depends on nothing else but the key and its values: fresh memory, NULL after
 * setting error. */
char *axis_draw(const struct axis *axis, uint64_t index, struct error *error);
#endif
