/* public_listener.h: what a training tells its listener as the events of the caller's callback. */
#ifndef API_PUBLIC_LISTENER_H
#define API_PUBLIC_LISTENER_H

#include <nnrun/nnrun.h>

#include "api/host.h"
#include "train/trainer.h"

struct public_listener {
    nnrun_on_event *on_event; /* NULL: nobody listens */
    void *arg;
    const struct host *host;          /* the floating-point environment that the callback runs in */
    struct trainer_requests requests; /* what it asked for */
    bool no_memory;                   /* an event could not be told whole */
    uint32_t rank; /* of this process; of others than 0 only steps and evaluations are told */
};

/* Calls the callback, which is there, in the host's floating-point environment. Returns what it wants. */
int32_t public_listener_tell(const struct public_listener *listener, const nnrun_event *event);

/* Its address is kept. */
struct trainer_listener public_listener_make(struct public_listener *listener);

/* Events that no listener of a training hears of. */
void public_listener_warn(struct public_listener *listener, const struct warning_event *event);
void public_listener_done(struct public_listener *listener, const struct trainer_result *result);
#endif
