/* arithmetic.h: by which rules the bits of a run come about: how a level rounds sums, and a number, counted up
 * whenever nnrun's formulas change such that old configs train to other bits. Kept in checkpoints as text,
 * "fma 2"; text without a number is of number 1. */
#ifndef TRAIN_ARITHMETIC_H
#define TRAIN_ARITHMETIC_H

#include "base/error.h"

/* Of this nnrun at a level of code. [any thread] */
const char *arithmetic_text(unsigned level);

/* Whether a run of arithmetic `was`, which `file` has, goes on at a level with the bits it would have had.
 * Returns 0, or -1 after saying what is different. [any thread] */
int arithmetic_check(const char *was, unsigned level, const char *file, struct error *error);
#endif
