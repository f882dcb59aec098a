/* environment.h: what the environment and --plugin-path say about layer plugins, their code, and other processes. */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include "cli/options.h"

/* Sets options->level of $NNRUN_ISA, and options->folders of --plugin-path and then $NNRUN_PLUGIN_PATH. The
 * variables are ignored when privileged. Returns 0, or -1 after setting error (ERROR_ARGUMENT). */
int environment_read(struct options *options, struct error *error);

/* How many processes mpirun has started, by the variables of Open MPI and MPICH, if this is the first of them; 0: one, or it
 * is not known. */
unsigned environment_processes(void);
#endif
