/* folder_slot.h: one picture of a folder, read, decoded and brought to size. [any thread] on distinct slots. */
#ifndef PACK_FOLDER_SLOT_H
#define PACK_FOLDER_SLOT_H

#include <pthread.h>

#include "data/picture_size.h"

/* A file under way. */
struct slot {
    uint8_t *sample; /* room for one; NULL: only its form is wanted */
    enum {
        TAKEN,
        BROKEN,
        OTHER,
        FAILED
    } state;                        /* OTHER: not the form of the first; FAILED: not the file's fault */
    size_t channels, height, width; /* of what it would become */
    struct error error;
};

struct slot_reader {
    const struct pack_options *options;
    struct picture_size size; /* of all, once it is known */
    pthread_mutex_t large;    /* held while a large picture is in memory */
};

void slot_reader_init(struct slot_reader *reader, const struct pack_options *options);
void slot_reader_finish(struct slot_reader *reader);

/* What a file is; its sample, if it has the form of all. Large pictures, which take hundreds of megabytes, come one after the
 * other, from the first byte of the file to the sample. */
void slot_read(struct slot_reader *reader, const char *path, struct slot *slot);
#endif
