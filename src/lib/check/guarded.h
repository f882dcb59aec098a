/* guarded.h: a buffer that a layer is given, between guards that show a write outside of it. */
#ifndef CHECK_GUARDED_H
#define CHECK_GUARDED_H

#include "check/failure.h"

struct guarded {
    unsigned char *memory; /* a guard, `bytes`, a guard */
    size_t bytes;
    unsigned char mark;    /* what the guards are filled with */
    unsigned char *before; /* what it held before the call; NULL: the layer may write it */
    struct part part;
    char name[PART_TEXT]; /* the part's text */
};

/* Zeroed, for count elements of `size` bytes. `constant`: the layer may only read it. Returns 0, or -1 if memory
 * ran out; guarded_destroy in either case. */
int guarded_create(struct guarded *buffer, size_t count, size_t size, bool constant, struct part part);
void guarded_destroy(struct guarded *buffer);

float *guarded_floats(const struct guarded *buffer);
void guarded_fill(struct guarded *buffer, unsigned char byte);

/* Before a call: takes note of what the layer may only read. */
void guarded_remember(struct guarded *buffer);

/* After it: what the layer wrote where it must not, a bit each, put right again. */
enum { GUARDED_IN_FRONT = 1, GUARDED_BEHIND = 2, GUARDED_CHANGED = 4 };
unsigned guarded_restore(struct guarded *buffer);
#endif
