/* sweep_words.h: what a summary says, in words: the same on a terminal, in a pipe and on the page. [any thread] */
#ifndef SWEEP_SWEEP_WORDS_H
#define SWEEP_SWEEP_WORDS_H

#include "sweep/summary.h"

/* A sentence in fresh memory; NULL when out of memory. */
char *sweep_words_verdict(const struct summary *summary, const struct plan *plan);

/* "rate=0.1 units=32", of a sweep without axes its name. */
const char *sweep_words_label(const struct plan *plan, size_t combination);

/* What the combinations are compared by. */
const char *sweep_words_measure(const struct summary *summary);
#endif
