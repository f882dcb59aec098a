/* class_order.h: provisional labels, in the order in which they appeared, become classes in the order of their names. */
#ifndef PACK_CLASS_ORDER_H
#define PACK_CLASS_ORDER_H

#include "pack/remark.h"
#include "pack/source.h"

enum { CLASSES_MOST = 256, /* a label is a byte */ CLASS_NAME = 64 /* bytes of a name */ };

struct class_order {
    size_t count;
    char **names; /* [count], sorted */
    uint32_t *of; /* of a provisional label: its class */
};

/* By code points; with options->natural, numbers within names by their value; where all names are whole numbers, by
 * value. With options->numbered the classes are all numbers from options->first_label to the largest. Remarks tell of
 * numbers that do not begin with 0 or have gaps. Finish it in either case. Returns 0 or -1: ERROR_DATA, more than
 * CLASSES_MOST, or a name that cannot be. */
int class_order_make(struct class_order *order, const char *const *names, size_t count,
                     const struct pack_options *options, struct remarks *remarks, struct error *error);
/* As they are: of several labels each. */
int class_order_keep(struct class_order *order, const char *const *names, size_t count, struct error *error);
void class_order_finish(struct class_order *order);

/* Is it what configs take as a name of a class? Returns 0, or -1 after setting error (ERROR_DATA). */
int class_name_check(const char *name, struct error *error);

/* Below 0, 0 or above: where a name stands. */
int class_compare(const char *a, const char *b);
int class_compare_natural(const char *a, const char *b);
#endif
