/* sample-files.h: drawn samples as four gzip IDX files. */
#ifndef DATA_SAMPLE_FILES_H
#define DATA_SAMPLE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"

enum {
    SAMPLE_FILES_MOST = 100000000, /* samples in a set */
    SAMPLE_FILES_SETS = 2,         /* training, test */
    SAMPLE_FILES_KINDS = 2,        /* samples, labels */
    SAMPLE_FILES_BYTES = 1024      /* of a sample, at most */
};

/* A kind of samples, each of rows x columns values, and how one is drawn. */
struct sample_files {
    const char *names[SAMPLE_FILES_SETS][SAMPLE_FILES_KINDS];
    uint8_t type; /* of IDX */
    uint32_t rows, columns;
    size_t bytes; /* of a sample */
    enum random_purpose purpose;
    const char *name; /* of the random key; NULL: none */
    /* Writes the bytes of a sample and returns its label. Both follow from the arguments alone. */
    uint8_t (*draw)(struct random_key key, uint32_t set, uint32_t sample, uint8_t *bytes);
};

/* Writes `train` and `test` samples into `folder`, made if it is not there; files of those names are
 * replaced, if `replace`, when all four are whole. Until then, and after a failure or a SIGHUP, SIGINT or
 * SIGTERM, which ends the process when it has cleaned up, the folder is as it was. Returns 0 or -1. */
int sample_files_write(const struct sample_files *files, const char *folder, uint64_t seed, uint32_t train,
                       uint32_t test, bool replace, struct error *error);
#endif
