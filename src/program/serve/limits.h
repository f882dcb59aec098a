/* limits.h: on everything that a client can make grow or last. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

enum {
    LIMIT_BODY_BYTES = 4 << 20,     /* of a body; longer ones are read, up to the next limit, and refused */
    LIMIT_JSON_BYTES = 1 << 19,     /* of one of JSON, which takes up to 80 times that as a tree */
    LIMIT_REFUSED_BYTES = 64 << 20, /* of a body that is refused; then the connection is ended */
    LIMIT_BODIES_BYTES = 64 << 20,  /* of all bodies at once */
    LIMIT_CONNECTIONS = 256,        /* more wait to be accepted */
    LIMIT_IDLE_SECONDS = 5,         /* with nothing sent or read */
    LIMIT_SLOW_SECONDS = 10         /* for the headers, for the body, and for reading the answer */
};
#endif
