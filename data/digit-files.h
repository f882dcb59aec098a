/* digit-files.h: drawn digits as files: MNIST's four gzip IDX files, and a sheet of samples as PNG. */
#ifndef DATA_DIGIT_FILES_H
#define DATA_DIGIT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { DIGIT_MOST = 100000000 }; /* samples in a set */

/* Writes `train` and `test` digits as MNIST's files into `folder`, made if it is not there; files of those
 * names are replaced, if `replace`, when all four are whole. Until then, and after a failure or a SIGHUP,
 * SIGINT or SIGTERM, which ends the process when it has cleaned up, the folder is as it was. Returns 0 or -1.
 */
int digit_files_write(const char *folder, uint64_t seed, uint32_t train, uint32_t test, bool replace,
                      struct error *error);

/* Writes a PNG of 10 rows of 20 samples, a row a digit, the first ones of the training set. Returns 0 or -1.
 */
int digit_sheet_write(const char *path, uint64_t seed, struct error *error);
#endif
