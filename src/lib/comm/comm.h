/* comm.h: a communicator: a plugin (nnrun/comm.h) that joins the processes of a training. One thread, that which opened
 * it. */
#ifndef COMM_COMM_H
#define COMM_COMM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/plugin.h"
#include "nnrun/comm.h"

struct comm;

/* Loads comm_NAME.so and joins the other ranks. NULL after setting error: ERROR_ARGUMENT, there is none of that name;
 * ERROR_CONFIG, it is refused; ERROR_FAILED, it found no other ranks. */
struct comm *comm_open(struct registry *registry, const char *name, struct error *error);

/* Leaves: together with all others or, if a call has failed or `broken`, without them, which ends them. NULL: nothing. */
void comm_close(struct comm *comm, bool broken);

uint32_t comm_rank(const struct comm *comm);
uint32_t comm_size(const struct comm *comm);

/* As in nnrun/comm.h, but of any size; messages of 0 bytes are left out. Return 0, or -1 after setting error
 * (ERROR_FAILED); once one has failed, all do. */
int comm_exchange(struct comm *comm, const struct nnrun_comm_message *messages, size_t count,
                  struct error *error);
int comm_gather(struct comm *comm, void *memory, const struct nnrun_comm_part *parts, struct error *error);
int comm_broadcast(struct comm *comm, uint32_t from, void *memory, size_t bytes, struct error *error);
int comm_agree(struct comm *comm, uint64_t *bits, struct error *error);
#endif
