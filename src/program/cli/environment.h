/* environment.h: what the environment and --plugin-path say about layer plugins and their code. */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include "cli/options.h"

/* Sets options->level of $NNRUN_ISA, and options->folders of --plugin-path and then $NNRUN_PLUGIN_PATH. The
 * variables are ignored when privileged. Returns 0, or -1 after setting error (ERROR_ARGUMENT). */
int environment_read(struct options *options, struct error *error);
#endif
