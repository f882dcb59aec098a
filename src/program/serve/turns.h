/* turns.h: whose question is next. Clients share by cost: next is one of the client that has had the least of
 * those that have any. Of a client's own questions the cheapest is next, but every fourth time the one that
 * has waited longest, so that none waits for ever. One thread at a time. */
#ifndef SERVE_TURNS_H
#define SERVE_TURNS_H

#include "serve/question.h"

enum { TURNS_OLDEST = 4 }; /* every so many times the oldest */

/* A client's, zeroed to begin with; it lasts as long as a question of it waits. */
struct share {
    struct question *first, *last; /* in the order in which they came */
    size_t waiting;
    unsigned times;     /* that it had a turn */
    uint64_t had;       /* cost of what it had, or the start of its time, as struct turns counts it */
    struct share *next; /* of those that have questions waiting, in the order in which they came */
};

struct turns {
    size_t most, most_of_client; /* that may wait */
    size_t waiting;
    struct share *first, *last;
    uint64_t now; /* what the client that was last had before: those that come begin here */
};

enum turns_add { TURNS_ADDED, TURNS_FULL, TURNS_CLIENT_FULL };
enum turns_add turns_add(struct turns *turns, struct share *share, struct question *question);

/* The next one, which stays; then the same, which goes. NULL: there is none. */
struct question *turns_see(const struct turns *turns);
struct question *turns_take(struct turns *turns);
#endif
