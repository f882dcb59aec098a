/* areas.h: areas under ROC curves: how probable it is that a sample with a label has a larger output for it than one
 * without. Exact: Mann and Whitney's U of all pairs, of which equal outputs count half (Annals of Mathematical
 * Statistics 18, 1947; Hanley and McNeil, Radiology 143, 1982). */
#ifndef TRAIN_AREAS_H
#define TRAIN_AREAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Outputs that are kept at most, in 64 MB: of more samples there are no areas. */
enum { AREAS_MOST = 1 << 23 };

struct areas {
    size_t count;     /* labels; 0: no areas */
    size_t samples;   /* that were added */
    size_t room;      /* samples */
    uint64_t **pairs; /* [count][room] outputs in an order of whole numbers, the label in the last bit */
    double *area;     /* [count], after areas_compute; NaN: no sample has the label, or all have it */
    double mean;      /* of those that are no NaN; NaN: of none */
};

/* Room for `samples` samples of `labels` labels each; none if these are too many. Returns 0 or -1; areas_finish in
 * either case. */
int areas_init(struct areas *areas, size_t labels, size_t samples, struct error *error);
void areas_finish(struct areas *areas);

/* Bytes that it takes at most, sorting included. [any thread] */
size_t areas_bytes(size_t labels, size_t samples);

/* Adds a sample: its output for a label, which is no NaN, and whether it has that label; then areas_next. */
void areas_add(struct areas *areas, size_t label, float output, bool has);
void areas_next(struct areas *areas);

void areas_compute(struct areas *areas);
#endif
