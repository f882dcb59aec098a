/* strict.h: what is refused though libmicrohttpd takes it: requests that two programs could read in two ways,
 * as a server and a proxy before it (request smuggling). [any thread] */
#ifndef SERVE_STRICT_H
#define SERVE_STRICT_H

#include "serve/http_library.h"

struct strict_fault {
    unsigned status;    /* 0: there is none */
    const char *reason; /* constant */
};

/* Of a request's target as it was sent, with its escapes. */
struct strict_fault strict_target(const char *target);

/* The words of its first line, where libmicrohttpd holds them, and of its target the bytes that were sent. */
struct strict_line {
    const char *method, *target, *version;
    size_t target_bytes;
};

/* Of its first line and its headers. */
struct strict_fault strict_headers(const struct http *http, struct MHD_Connection *connection,
                                   const struct strict_line *line);
#endif
