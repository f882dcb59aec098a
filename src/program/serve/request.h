/* request.h: a request under way: its body as it comes, within the limits of limits.h, and its question. Of
 * the thread that reads requests. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "serve/asker.h"
#include "serve/clients.h"
#include "serve/http_library.h"

enum request_refusal {
    REQUEST_FINE,
    REQUEST_TOO_LONG, /* the body */
    REQUEST_TOO_MANY, /* bodies at once */
    REQUEST_NO_MEMORY
};

struct request {
    struct question question; /* first: done() finds the request by it */
    const struct http *http;
    struct MHD_Connection *connection;
    struct client *client;
    size_t *all_bodies; /* bytes held by all requests */
    char *body;
    size_t size, room, refused_bytes;
    enum request_refusal refusal;
    bool asked; /* the question has been with the asker */
};

/* NULL when out of memory. */
struct request *request_create(const struct http *http, struct MHD_Connection *connection,
                               size_t *all_bodies);
void request_destroy(struct request *request); /* NULL: nothing */

/* What the headers say of the body's length; 0: nothing. Sets refusal if that is too long. */
unsigned long long request_announced(struct request *request);

/* Adds to the body or, once it is refused, passes over it. Returns -1 if even that is too much. */
int request_take(struct request *request, const char *bytes, size_t size);
#endif
