/* sweep_board.h: a sweep under way: a line for each run that ended, and on a terminal a table below them of what is being
 * trained. One thread at a time. */
#ifndef CLI_SWEEP_BOARD_H
#define CLI_SWEEP_BOARD_H

#include "cli/sweep_state.h"

void sweep_board_init(struct sweep *sweep);

/* Draws the table anew, a few times a second. */
void sweep_board_show(struct sweep *sweep);
void sweep_board_clear(struct sweep *sweep);

/* Tells how run i ended. */
void sweep_board_ended(struct sweep *sweep, size_t i);

/* "rate=0.1 units=32 seed=3", printable; returns the text. */
enum { SWEEP_RUN_TEXT = 160 };
const char *sweep_board_name(const struct sweep *sweep, size_t i, char text[SWEEP_RUN_TEXT]);
#endif
