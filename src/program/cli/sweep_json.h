/* sweep_json.h: the events of a sweep, for --json. One that there is no memory for is told of on stderr, and sweep->event_lost.
 * One thread at a time. */
#ifndef CLI_SWEEP_JSON_H
#define CLI_SWEEP_JSON_H

#include "cli/sweep_state.h"
#include "sweep/summary.h"

void sweep_json_start(struct sweep *sweep);
void sweep_json_run(struct sweep *sweep, size_t i);
void sweep_json_combination(struct sweep *sweep, const struct summary *summary, size_t row);
void sweep_json_done(struct sweep *sweep, const struct summary *summary);
#endif
