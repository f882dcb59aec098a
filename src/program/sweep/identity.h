/* identity.h: what a training depends on, as a hash: every setting that belongs to the bits, the layers, the bytes of the
 * data, and nnrun's version; not how the config writes them, nor threads and folders. One thread at a time. */
#ifndef SWEEP_IDENTITY_H
#define SWEEP_IDENTITY_H

#include <stdbool.h>

#include "base/sha256.h"
#include "model/model.h"

/* Sums of files, each read once however many models need it. Zeroed: none yet, and nobody stops the reading. */
struct identity_files {
    struct identity_file {
        char *path;
        char sum[SHA256_TEXT];
    } * files;
    size_t count;
    bool (*stop)(void *arg); /* asked while files are read; may be NULL */
    void *arg;
};
void identity_files_finish(struct identity_files *files);

enum { IDENTITY_NAME = 13 };

/* Of all but the seed, for identity_name. Returns 0; 1: it was to stop; or -1 after setting error: a file cannot be read. */
int identity_of(const struct model *model, struct identity_files *files, struct sha256 *sum,
                struct error *error);

/* The name of the run with that seed: 12 hex digits. */
void identity_name(const struct sha256 *sum, int32_t seed, char name[IDENTITY_NAME]);
#endif
