/* request.h: a request under way: its body as it comes, within the limits of limits.h, and its question. Of
 * the thread that reads requests. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "serve/clients.h"
#include "serve/http_library.h"
#include "serve/strict.h"

enum request_refusal {
    REQUEST_FINE,
    REQUEST_TOO_LONG, /* the body */
    REQUEST_TOO_MANY, /* long bodies and answers at once, of all clients or of this one */
    REQUEST_NO_MEMORY
};

/* Bytes that bodies and answers hold at once, beyond what every connection may. */
struct room {
    size_t held, most; /* a client may hold most / LIMIT_HELD_SHARE */
};

struct request {
    struct question question; /* first: done() finds the request by it */
    const struct http *http;
    struct MHD_Connection *connection;
    struct connection *client_connection;
    struct room *all;
    char *body;
    size_t size, room, held, refused_bytes;
    enum request_refusal refusal;
    struct strict_fault fault; /* of its target, */
    size_t target_bytes;       /* ... of so many as it was sent */
    bool foreign;              /* its target names another host */
    bool begun;                /* its headers are there */
    bool asked;                /* the question has been with the asker, */
    enum asker_took took;      /* ... or was not taken */
};

/* NULL when out of memory. */
struct request *request_create(const struct http *http, struct MHD_Connection *connection, struct room *all);
void request_destroy(struct request *request); /* NULL: nothing */

/* What the headers say of the body's length; 0: nothing. Sets refusal if that is too long. */
unsigned long long request_announced(struct request *request);

/* Adds to the body or, once it is refused, passes over it. Returns -1 if even that is too much. */
int request_take(struct request *request, const char *bytes, size_t size);

/* Holds so many bytes more until it is destroyed; false if there is no room for them. */
bool request_hold(struct request *request, size_t bytes);
#endif
