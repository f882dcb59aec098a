/* digit-files.h: drawn digits as files: MNIST's four gzip IDX files, and a sheet of samples as PNG. */
#ifndef DATA_DIGIT_FILES_H
#define DATA_DIGIT_FILES_H

#include "sample-files.h"

extern const struct sample_files digit_files;

/* Writes a PNG of 10 rows of 20 samples, a row a digit, the first ones of the training set. Returns 0 or -1.
 */
int digit_sheet_write(const char *path, uint64_t seed, struct error *error);
#endif
