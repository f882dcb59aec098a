/* split.h: samples kept back for validation, drawn by class. */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/idx_file.h"

/* Draws `back` of the samples of a label file by (seed, class, place in the class): of each class as many as its part
 * of all, rounded so that the sum is right; of classes that are equally near to one more, the lower gets it. Where
 * samples have several labels, all count as one class. Writes the numbers of the others, ascending, and behind them
 * those drawn, ascending, into index[samples of the file]. Reads the file twice, and leaves it at its first sample.
 * Returns 0 or -1. */
int split_by_class(struct idx_file *labels, size_t back, uint64_t seed, uint32_t *index, struct error *error);
#endif
