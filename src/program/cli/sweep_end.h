/* sweep_end.h: what is written and said when the runs of a sweep have ended. One thread at a time. */
#ifndef CLI_SWEEP_END_H
#define CLI_SWEEP_END_H

#include "cli/sweep_state.h"

/* Reads what the runs of all tasks came to, writes sweep.csv and sweep.html, and says which combinations are better.
 * Returns 0; 1: asked to stop while another process had the folder, nothing was written; or -1. */
int sweep_end(struct sweep *sweep, struct error *error);
#endif
