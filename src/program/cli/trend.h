/* trend.h: the history of a run in a few characters. */
#ifndef CLI_TREND_H
#define CLI_TREND_H

#include "cli/screen.h"

/* Adds a part of `width` columns to the line: the epochs so far, several in a column where there are more, by
 * the best of them. The scale goes from the first epoch's value to the best; what is beyond is cut.
 * Accuracies rise to the best, losses (`falls`) sink to it; a screen with colours shows it in green. `values`
 * of an epoch are `stride` doubles apart. */
void trend_add(struct line *line, int rank, const struct screen *screen, const double *values, size_t stride,
               size_t count, bool falls, int width);
#endif
