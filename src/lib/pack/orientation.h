/* orientation.h: do pictures of digits stand upright, or are their rows columns, as in EMNIST? Their means are compared with
 * those of drawn digits. One thread at a time. */
#ifndef PACK_ORIENTATION_H
#define PACK_ORIENTATION_H

#include "pack/source.h"

enum { ORIENTATION_SIDE = 14, ORIENTATION_CELLS = ORIENTATION_SIDE * ORIENTATION_SIDE };

struct orientation {
    size_t side; /* of the pictures; 0: they are none that can be compared */
    bool others; /* there are classes that are no digits */
    uint32_t count[10];
    uint64_t sum[10][ORIENTATION_CELLS];
};

void orientation_begin(struct orientation *orientation, const struct pack_form *form);
/* A sample of the class of that name. */
void orientation_add(struct orientation *orientation, const char *name, const void *values);

enum orientation_found { ORIENTATION_UNKNOWN, ORIENTATION_UPRIGHT, ORIENTATION_TRANSPOSED };
enum orientation_found orientation_tell(const struct orientation *orientation);

/* What is known besides. */
struct orientation_case {
    const char *name; /* of the data: "emnist-letters" */
    size_t count;     /* samples */
    bool transpose;   /* it is asked for */
    bool tell_unknown;
};

/* Tells the sink what is noticed, once all samples are there. 0 or -1. */
int orientation_remark(const struct orientation *orientation, const struct orientation_case *data,
                       const struct pack_sink *sink, struct error *error);
#endif
