/* asker.h: the threads that ask the network. Questions wait in two lanes, each with turns.h's order: small ones
 * and large ones (question_cost.h). Half of the threads take small ones alone, so that these never wait for
 * large ones; the others take a large one if there is any. So neither kind waits for ever. A thread takes up
 * to 16 small ones at once, which cost the network no more than one. */
#ifndef SERVE_ASKER_H
#define SERVE_ASKER_H

#include "base/error.h"
#include "serve/turns.h"

enum asker_lane { LANE_SMALL, LANE_LARGE, LANES };

enum {
    ASKER_BATCH = 16,                  /* questions that take as long as one */
    ASKER_SAMPLES = NNRUN_MOST_DIGITS, /* of one question, or one per question of a batch */
    ASKER_LEAST_THREADS = 2            /* one of each kind */
};

/* How many threads there are if so many are wanted, and how many of them take large questions. */
unsigned asker_threads(unsigned wanted);
unsigned asker_large_threads(unsigned wanted);

struct asker;

/* The model is kept by the caller. NULL after setting error. [setup] */
struct asker *asker_create(const nnrun_model *model, unsigned threads, struct error *error);

/* Takes the question, weighed, for the client whose shares these are, unless too many wait in its lane, in all
 * or of that client, or the asker is stopping; then it is the caller's still, and done() is not called. [any
 * thread] */
enum asker_took { ASKER_TOOK, ASKER_FULL, ASKER_CLIENT_FULL, ASKER_STOPPING };
enum asker_took asker_add(struct asker *asker, struct share shares[LANES], struct question *question);

size_t asker_waiting(struct asker *asker);         /* [any thread] */
unsigned long asker_answered(struct asker *asker); /* questions, since it was made [any thread] */

/* Takes no more questions and returns when all have been answered or, after so many seconds, given up. */
void asker_stop(struct asker *asker, double seconds);
void asker_destroy(struct asker *asker); /* NULL: nothing; stopped before */
#endif
