/* answer.h: what is sent back, with the headers that all answers have. */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "serve/http_library.h"

/* Each returns NULL when out of memory. */

/* JSON; takes the text over, of which NULL gives NULL. */
struct MHD_Response *answer_json(const struct http *http, char *text);
/* {"error": "..."} */
struct MHD_Response *answer_error(const struct http *http, const char *reason);
/* Lines ended by NULL. */
struct MHD_Response *answer_lines(const struct http *http, const char *const *lines, const char *type);

/* Sends it and drops it. NULL: ends the connection. */
enum MHD_Result answer_send(const struct http *http, struct MHD_Connection *connection, unsigned status,
                            struct MHD_Response *response);
#endif
