/* idx_numbers.h: samples and labels of an IDX file of any type, as memory holds them. Errors are ERROR_DATA,
 * "PATH: reason"; they count samples and the values in one from 0, in C order. */
#ifndef DATA_IDX_NUMBERS_H
#define DATA_IDX_NUMBERS_H

#include "data/idx_file.h"

/* Reads the next `count` samples into out[count * sample values], each value rounded once to a float. NaN and
 * what is infinite as a float are errors. Returns 0 or -1. */
int idx_read_floats(struct idx_file *file, size_t count, float *out, struct error *error);

/* Whether labels of the file's type are read: whole numbers. Returns 0 or -1. */
int idx_check_labels(const struct idx_file *file, struct error *error);

/* Reads the labels of the next `count` samples into out[count * sample values]. One that is not 0 to 255 is an
 * error. Returns 0 or -1. */
int idx_read_labels(struct idx_file *file, size_t count, uint8_t *out, struct error *error);
#endif
