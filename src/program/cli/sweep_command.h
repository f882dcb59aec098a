/* sweep_command.h: the command by which a run of a sweep is trained or resumed. */
#ifndef CLI_SWEEP_COMMAND_H
#define CLI_SWEEP_COMMAND_H

#include "cli/sweep_state.h"

/* Its words in a fresh array, NULL behind them; NULL after setting error. */
char **sweep_command(const struct sweep *sweep, const struct sweep_job *job, struct error *error);
void sweep_command_free(char **words); /* NULL: nothing */
#endif
