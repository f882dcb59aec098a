/* limits.h: on everything that a client can make grow or last. nnrun(1) states them. A client is an address,
 * however many connections it has. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

enum {
    LIMIT_TARGET_BYTES = 2048,        /* of a request's target: path and query */
    LIMIT_HEADER_BYTES = 32 << 10,    /* of a request line with all headers, roughly */
    LIMIT_BODY_BYTES = 4 << 20,       /* of a body; longer ones are read, up to the next limit, and refused */
    LIMIT_JSON_BYTES = 1 << 19,       /* of one of JSON, which takes up to 80 times that as a tree */
    LIMIT_ROWS = 1024,                /* of a table, */
    LIMIT_LINES = 2 * LIMIT_ROWS + 1, /* ... with a header and empty lines between, */
    LIMIT_NUMBER_BYTES = 64,          /* ... and a number's text with what is around it, */
    LIMIT_TABLE_BYTES = 64 << 20,     /* ... but never more than that of all of it, inflated */
    LIMIT_REFUSED_BYTES = 64 << 20,   /* of a body that is refused; then the connection is ended */
    LIMIT_SMALL_BODY = 64 << 10,      /* of a body that is never refused for want of room */
    LIMIT_SHORT_ANSWER = 8 << 10,     /* of an answer that is never refused for want of room */
    LIMIT_HELD_BYTES = 64 << 20,      /* of all longer bodies, and of long answers, at once; */
    LIMIT_HELD_SHARE = 2,             /* ... a client's part of it: the half */
    LIMIT_PIXELS = 1 << 22,           /* of a picture, or, if that is more, */
    LIMIT_INPUTS = 64,                /* ... so many times those of the network's input, */
    LIMIT_MOST_PIXELS = 1 << 26,      /* ... but never more than that */
    LIMIT_SMALL_WAITING = 192,        /* questions that are small, see question_cost.h, */
    LIMIT_SMALL_WAITING_CLIENT = 128, /* ... of one client; and those that are not: */
    LIMIT_LARGE_WAITING = 96,
    LIMIT_LARGE_WAITING_CLIENT = 64,
    LIMIT_CONNECTIONS = 384, /* fewer if the process may not open so many files; one more ends another, */
    LIMIT_ENDING = 64,       /* ... which is still there for a moment */
    LIMIT_ACCEPTED = 64,     /* at once: each is heard before so many others come that it may be ended */
    LIMIT_OTHER_FILES = 32,  /* that the process has open */
    LIMIT_IDLE_SECONDS = 5,  /* with nothing sent or read */
    LIMIT_SLOW_SECONDS = 10  /* for the headers, for the body, and for reading the answer */
};
#endif
