/* server.h: a network that answers over HTTP: the page, POST /predict, GET /model, GET /healthz; nnrun(1) has
 * the interface.
 *
 * One thread reads requests and sends answers (libmicrohttpd); those of the asker make them meanwhile, with
 * the connection suspended. Limits are on everything that a client can make grow (limits.h). */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <nnrun/nnrun.h>

#include "base/error.h"

struct server_options {
    const char *checkpoint; /* its path, for /model */
    const char *address;    /* numeric */
    unsigned port;          /* 0: any free one */
    unsigned threads;       /* that ask the network */
};

struct server;

/* The model is kept by the caller. It serves when this returns. NULL after setting error. */
struct server *server_start(const nnrun_model *model, const struct server_options *options,
                            struct error *error);
const char *server_url(const struct server *server); /* "http://127.0.0.1:8080/" */

/* Ends the connections of clients that are too slow. To be called about once a second. */
void server_look(struct server *server);

/* Accepts no more, answers what it has read, within a second, and frees it. */
void server_stop(struct server *server);
#endif
