/* clients.h: the connections there are, whose they are, and how long each has been at what it does: a client
 * that sends or reads as slowly as it can would hold its connection for ever. [any thread], but for what says
 * otherwise. */
#ifndef SERVE_CLIENTS_H
#define SERVE_CLIENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "serve/asker.h"

/* All connections of one address; of IPv6, of one network of 2^64 addresses. */
struct client {
    unsigned char address[16];
    size_t connections;
    size_t held; /* bytes of LIMIT_HELD_BYTES; of the thread that reads requests */
    struct share shares[LANES];
    struct client *next;
};

enum connection_does {
    CONNECTION_SENDS, /* a request, or nothing */
    CONNECTION_WAITS, /* for an answer that is being made */
    CONNECTION_READS  /* the answer */
};

struct connection {
    struct client *client;
    int socket;
    enum connection_does does;
    bool ended;
    double since;
    struct connection *next, *before;
};

struct clients {
    pthread_mutex_t mutex;
    struct client *clients;
    struct connection *first;
    size_t live, most; /* connections that are not ended; how many there may be */
};

void clients_init(struct clients *clients, size_t most);
void clients_finish(struct clients *clients);

/* A new connection, which sends; NULL when out of memory. The socket stays open until it is removed. If there
 * are more than may be, one is ended: of the address that has most of them, that which has sent or
 * read for longest. */
struct connection *clients_add(struct clients *clients, int socket, const struct sockaddr *address);
void clients_remove(struct clients *clients, struct connection *connection); /* frees it */

void clients_set(struct clients *clients, struct connection *connection, enum connection_does does);

/* Ends the connections that have sent or read for longer than so many seconds. */
void clients_cut(struct clients *clients, double seconds);

/* True if one waits for an answer or reads it. */
bool clients_any_served(struct clients *clients);
#endif
