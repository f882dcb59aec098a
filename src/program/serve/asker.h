/* asker.h: the threads that ask the network. Questions wait in a queue, in order; a thread takes up to 16 of
 * them at once, which cost the network no more than one. */
#ifndef SERVE_ASKER_H
#define SERVE_ASKER_H

#include "base/error.h"
#include "serve/question.h"

enum { ASKER_MOST_WAITING = 128 };

struct asker;

/* The model is kept by the caller. NULL after setting error. [setup] */
struct asker *asker_create(const nnrun_model *model, unsigned threads, struct error *error);

/* Takes the question, unless too many wait or the asker is stopping; then it is the caller's still, and
 * done() is not called. [any thread] */
enum asker_took { ASKER_TOOK, ASKER_FULL, ASKER_STOPPING };
enum asker_took asker_add(struct asker *asker, struct question *question);

size_t asker_waiting(struct asker *asker);         /* [any thread] */
unsigned long asker_answered(struct asker *asker); /* questions, since it was made [any thread] */

/* Takes no more questions and returns when all have been answered or, after so many seconds, given up. */
void asker_stop(struct asker *asker, double seconds);
void asker_destroy(struct asker *asker); /* NULL: nothing; stopped before */
#endif
