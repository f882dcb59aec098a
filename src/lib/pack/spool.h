/* spool.h: samples on their way from a source to the files: their bytes lie in a temporary file without a name, in the
 * folder where the files will be; memory holds 16 bytes of each. */
#ifndef PACK_SPOOL_H
#define PACK_SPOOL_H

#include "pack/source.h"

enum { SPOOL_PLACE = 96, SPOOL_DROPPED = PACK_PARTS };

struct spool_sample {
    uint64_t hash;  /* of its values: equal ones have equal hashes */
    uint32_t class; /* provisional, of one label a sample */
    uint8_t part;   /* enum pack_part, or SPOOL_DROPPED */
    bool constant;  /* all its values are equal, and there are two or more */
};

struct spool {
    const char *folder; /* for messages; the caller's */
    int fd;
    size_t value_bytes, values, labels,
        record; /* of a sample: all values, several labels, all that is kept */
    enum pack_kind kind;
    struct spool_sample *samples;
    size_t count, room;
    size_t most;     /* samples that the machine's memory holds; 0: not known */
    uint8_t *buffer; /* records that are not yet written */
    size_t used;
};

/* For samples of that form. Close it in either case. Returns 0 or -1. */
int spool_open(struct spool *spool, const char *folder, const struct pack_form *form, struct error *error);
/* As a sink takes it. Floats are kept as IDX has them, big-endian. */
int spool_add(struct spool *spool, enum pack_part part, const void *values, const uint32_t *labels,
              const char *place, struct error *error);
/* After the last one: from here on they can be read. */
int spool_flush(struct spool *spool, struct error *error);
void spool_close(struct spool *spool);

/* `size` bytes of sample i from byte `from`: its values as IDX has them, or the bytes of several labels. [any thread] */
int spool_values(const struct spool *spool, size_t i, size_t from, size_t size, uint8_t *to,
                 struct error *error);
int spool_labels(const struct spool *spool, size_t i, size_t from, size_t size, uint8_t *to,
                 struct error *error);
/* Where it came from; long names lack their beginning. */
int spool_place(const struct spool *spool, size_t i, char place[SPOOL_PLACE], struct error *error);
#endif
