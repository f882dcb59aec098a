/* comm_check.h: reading a communicator's descriptor. Pure functions. */
#ifndef COMM_COMM_CHECK_H
#define COMM_COMM_CHECK_H

#include "net/plugin_kind.h"
#include "nnrun/comm.h"

extern const struct plugin_kind plugin_kind_comm;

/* Copies the descriptor into a zeroed full-size one and checks that nothing is missing. `path` is comm_NAME.so's.
 * Returns 0 or -1 (ERROR_CONFIG). */
int comm_copy(const void *symbol, const char *path, struct nnrun_comm *table, struct error *error);
#endif
