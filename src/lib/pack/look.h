/* look.h: what in samples should make their user think: equal ones, constant ones, classes with few. */
#ifndef PACK_LOOK_H
#define PACK_LOOK_H

#include "pack/class_order.h"
#include "pack/pack_split.h"

/* What is looked at. */
struct look {
    struct spool *spool;
    const struct class_order *order;
    bool classes; /* each sample has one */
    struct remarks *remarks;
};

/* Drops all but one of equal samples before they are split: what is for the test stays first, then validation, then
 * the first one. */
int look_drop_equal(const struct look *look, struct error *error);
/* Drops samples whose values are all equal. */
int look_drop_constant(const struct look *look, struct error *error);

/* After the split, remarks of what is still so. */
int look_at_samples(const struct look *look, const struct split *split, struct error *error);
/* by_class[PACK_PARTS][order->count] */
int look_at_classes(const struct look *look, const size_t *const by_class[PACK_PARTS], struct error *error);
/* Of several labels each: by_label[order->count] of the training samples. */
int look_at_labels(const struct look *look, const size_t *by_label, size_t samples, struct error *error);
#endif
