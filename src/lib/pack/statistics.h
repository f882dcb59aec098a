/* statistics.h: mean and deviation of samples, in a fixed order. */
#ifndef PACK_STATISTICS_H
#define PACK_STATISTICS_H

#include "pack/spool.h"

struct statistics {
    size_t channels; /* of pictures theirs; of rows each value is one */
    double *mean;    /* [channels]; of bytes on the scale of 0 to 1 */
    double *deviation;
};

/* Of `count` samples of the spool, at least one. Finish it in either case. Returns 0 or -1. */
int statistics_make(struct statistics *statistics, const struct spool *spool, const struct pack_form *form,
                    const uint32_t *samples, size_t count, struct error *error);
void statistics_finish(struct statistics *statistics);
#endif
