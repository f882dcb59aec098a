/* clients.h: the connections there are, and how long each has been at what it does: a client that sends or
 * reads as slowly as it can would hold its connection for ever. [any thread] */
#ifndef SERVE_CLIENTS_H
#define SERVE_CLIENTS_H

#include <pthread.h>
#include <stdbool.h>

enum client_does {
    CLIENT_SENDS, /* a request, or nothing */
    CLIENT_WAITS, /* for an answer that is being made */
    CLIENT_READS  /* the answer */
};

struct client {
    int socket;
    enum client_does does;
    double since;
    struct client *next, *before;
};

struct clients {
    pthread_mutex_t mutex;
    struct client *first;
};

void clients_init(struct clients *clients);
void clients_finish(struct clients *clients);

/* A new one, which sends; NULL when out of memory. The socket stays open until it is removed. */
struct client *clients_add(struct clients *clients, int socket);
void clients_remove(struct clients *clients, struct client *client); /* frees it */

void clients_set(struct clients *clients, struct client *client, enum client_does does);

/* Ends the connections of those that have sent or read for longer than so many seconds. */
void clients_cut(struct clients *clients, double seconds);

/* True if one waits for an answer or reads it. */
bool clients_any_served(struct clients *clients);
#endif
